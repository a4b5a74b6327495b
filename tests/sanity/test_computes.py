"""What a compute writes, it writes on the records that it was asked for.

Another environment, as that of ``sudo()``, may have a cache of its own: what is written there is
empty for everybody but the superuser.
"""

import ast

from odoo.tests import BaseCase, tagged

from tests.suite import ROOT


@tagged('post_install', '-at_install')
class TestComputes(BaseCase):
    def test_no_compute_assigns_to_records_of_sudo(self):
        checked = 0
        for path in ROOT.glob('crm_*/models/**/*.py'):
            for method in ast.walk(ast.parse(path.read_text())):
                if isinstance(method, ast.FunctionDef) and method.name.startswith('_compute'):
                    checked += 1
                    with self.subTest(file=path.name, method=method.name):
                        self.assertFalse(_get_assigned_in_sudo(method))
        self.assertGreater(checked, 100)

    def test_what_is_assigned_in_sudo_is_found(self):
        for source in (
            'for record in self.sudo():\n        record.total = 1',
            'records = self.sudo()\n    for record in records:\n        record["total"] = 1',
            'found = self.sudo().grouped("key")\n    found[1].total = 1',
            'for record, record_sudo in zip(self, self.sudo()):\n        record_sudo.total = 1',
        ):
            (method,) = ast.parse(f'def _compute_total(self):\n    {source}').body
            with self.subTest(source):
                self.assertTrue(_get_assigned_in_sudo(method))


def _get_assigned_in_sudo(method):
    """Return the assignments of a method to fields of ``self.sudo()``, or of what comes of it."""
    names = set()
    for node in ast.walk(method):
        if isinstance(node, ast.Assign):
            names |= _get_sudo_names(node.targets[0], node.value, names)
        elif isinstance(node, ast.For):
            names |= _get_sudo_names(node.target, node.iter, names)
    return [
        ast.unparse(node)
        for node in ast.walk(method)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute | ast.Subscript) and _is_in_sudo(target.value, names)
    ]


def _get_sudo_names(target, value, names):
    """Return the names that an assignment, or the head of a loop, gives to records of sudo."""
    zipped = isinstance(value, ast.Call) and ast.unparse(value.func) == 'zip'
    if zipped and isinstance(target, ast.Tuple):
        pairs = zip(target.elts, value.args, strict=True)
        return {name for pair in pairs for name in _get_sudo_names(*pair, names)}
    is_name = isinstance(target, ast.Name) and _is_in_sudo(value, names)
    return {target.id} if is_name else set()


def _is_in_sudo(node, names):
    """Say whether an expression is ``self.sudo()``, a known name, or records made of one."""
    while not isinstance(node, ast.Name):
        if ast.unparse(node) == 'self.sudo()':
            return True
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        else:
            return False
    return node.id in names
