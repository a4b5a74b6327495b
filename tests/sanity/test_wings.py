"""A wing calls those that it stands on, and never one that stands on it.

A lower wing leaves a hook that the upper one fills: the name is then the lower wing's own.
"""

import ast
from collections import defaultdict

from odoo.tests import TransactionCase, tagged

from tests.suite import ADDONS, ROOT, models_of_ours

# The wings of each addon from the lowest: each may call itself and those before it.
WINGS = {
    'crm_extended': (
        'shared call interaction lead capture merge duplicate campaign customer cadence home health'
    ),
    'crm_claims': 'team case mail sla claim ticket desk customer',
    'crm_contracts': 'agreement prices billing figures watch service faces',
    'crm_segmentation': 'segment measure membership answers refresh',
}


@tagged('post_install', '-at_install')
class TestWings(TransactionCase):
    def test_every_wing_has_its_place(self):
        for addon, wings in WINGS.items():
            folders = {path.parent.name for path in (ROOT / addon / 'models').glob('*/*.py')}
            self.assertEqual(folders, set(wings.split()), addon)

    def test_the_drawing_of_each_addon_is_true(self):
        for addon, wings in WINGS.items():
            drawing = ' --> '.join(reversed(wings.split()))
            with self.subTest(addon=addon):
                self.assertIn(f'flowchart RL\n    {drawing}\n', _read_design(addon))

    def test_no_wing_calls_one_that_stands_on_it(self):
        known_to_odoo = self._get_names_of_odoo()
        checked = 0
        for addon, wings in WINGS.items():
            order = wings.split()
            trees = {
                path: ast.parse(path.read_text())
                for path in (ROOT / addon / 'models').glob('*/*.py')
            }
            homes = self._get_homes(trees)
            for path, tree in trees.items():
                below = order[: order.index(path.parent.name) + 1]
                for node in ast.walk(tree):
                    home = homes.get(getattr(node, 'attr', None))
                    if home and node.attr not in known_to_odoo:
                        checked += 1
                        with self.subTest(file=path.name, line=node.lineno, calls=node.attr):
                            self.assertTrue(home & set(below), f'is made in {sorted(home)}')
        self.assertGreater(checked, 500)

    def _get_homes(self, trees):
        """Return {name of a method or field: wings that declare it}."""
        homes = defaultdict(set)
        for path, tree in trees.items():
            for name in _get_declared(tree):
                homes[name].add(path.parent.name)
        return homes

    def _get_names_of_odoo(self):
        """Return names that other models have too: whose a call is meant for is not to be seen."""
        ours = models_of_ours(self.env)
        names = {*dir(dict), *dir(list), *dir(str)}
        for model in map(self.env.__getitem__, self.env):
            if model not in ours:
                for base in type(model).__mro__:
                    if not base.__module__.startswith(tuple(f'odoo.addons.{a}.' for a in ADDONS)):
                        names.update(vars(base))
        return names


def _read_design(addon):
    return (ROOT / addon / 'DESIGN.md').read_text(encoding='utf-8')


def _get_declared(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, ast.FunctionDef):
                    yield member.name
                elif isinstance(member, ast.Assign) and 'fields.' in ast.unparse(member.value):
                    yield member.targets[0].id
