"""Tests that can fail: each asserts something, and not only of what may be empty."""

import ast

from odoo.tests import BaseCase, tagged

from tests.suite import ADDONS, ROOT

ASSERTING = ('assert', '_assert', 'fail', 'raises', 'start_tour', 'browser_js')
ANY_ERROR = {'Exception', 'BaseException'}
# Methods that answer with elements if their object has some, functions if what they are given has.
KEEPING_METHODS = {'items', 'keys', 'sudo', 'values', 'with_context', 'with_user'}
KEEPING_FUNCTIONS = {
    *('chain', 'combinations', 'dict', 'enumerate', 'list', 'map', 'permutations', 'product'),
    *('reversed', 'set', 'sorted', 'tuple', 'zip'),
}


@tagged('post_install', '-at_install')
class TestTests(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folders = [ROOT / 'tests', *(ROOT / addon / 'tests' for addon in ADDONS)]
        cls.modules = {
            path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding='utf-8'))
            for folder in folders
            for path in sorted(folder.rglob('*.py'))
        }

    def test_the_rule_tells_tests_apart(self):
        for body, asserts in (
            ('self.assertTrue(rows)', True),
            ('for row in (1, 2): self.assertTrue(row)', True),
            ('for row in self.search(): self.assertTrue(row)', False),
            ('for row in [*rows]: self.assertTrue(row)', False),
            ('rows = [1]\n    for row in rows: self.assertTrue(row)', True),
            ('for row in TABLE.items():\n        for cell in row: self.assertTrue(cell)', True),
            ('for row in TABLE:\n        for cell in row.ids: self.assertTrue(cell)', False),
            ('[self.assertTrue(row) for row in rows]', False),
            ('self.rows.unlink()', False),
        ):
            with self.subTest(body):
                module = ast.parse(f'def test(self):\n    {body}')
                self.assertIs(_Reach(module, module.body[0], set()).asserts, asserts)

    def test_each_test_asserts_something_that_is_reached(self):
        helpers = _find_asserting_helpers(self.modules.values())
        checked = 0
        for path, module in self.modules.items():
            for test in _find_functions(module):
                if test.name.startswith('test'):
                    checked += 1
                    with self.subTest(f'{path}:{test.lineno} {test.name}'):
                        self.assertTrue(_Reach(module, test, helpers).asserts)
        self.assertGreater(checked, 1000)

    def test_no_test_is_content_with_any_error(self):
        checked = 0
        for path, module in self.modules.items():
            for node in ast.walk(module):
                if isinstance(node, (ast.Call, ast.ExceptHandler)):
                    checked += 1
                    with self.subTest(f'{path}:{node.lineno}'):
                        self.assertFalse(_takes_any_error(node))
        self.assertGreater(checked, 1000)


class _Reach(ast.NodeVisitor):
    """Whether a test asserts something outside of loops that may have nothing to go through."""

    def __init__(self, module, test, helpers):
        self.asserts = False
        self.helpers = helpers
        self.filled = set()
        before = None
        while before != len(self.filled):
            before = len(self.filled)
            self._learn(module, test)
        for node in test.body:
            self.visit(node)

    def _learn(self, module, test):
        """Note the names that have elements: constants and attributes of the module, own names."""
        for node in ast.walk(module):
            if isinstance(node, ast.Assign) and self._has_elements(node.value):
                is_shared = node in module.body
                self.filled |= {
                    _get_name(target)
                    for target in node.targets
                    if is_shared or isinstance(target, ast.Attribute)
                }
            elif isinstance(node, ast.FunctionDef) and self._always_returns_elements(node):
                self.filled.add(node.name)
        for node in ast.walk(test):
            if isinstance(node, ast.Assign) and self._has_elements(node.value):
                self.filled |= set(map(_get_name, node.targets))
            elif isinstance(node, ast.For) and self._has_elements(node.iter):
                # A table of tables.
                targets = [part for part in ast.walk(node.target) if isinstance(part, ast.Name)]
                self.filled |= set(map(_get_name, targets))

    def visit_For(self, node):
        self.visit(node.iter)
        if self._has_elements(node.iter):
            self.generic_visit(node)

    def _visit_comprehension(self, node):
        if all(self._has_elements(part.iter) for part in node.generators):
            self.generic_visit(node)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension

    def visit_Assert(self, _node):
        self.asserts = True

    def visit_Call(self, node):
        self.asserts |= _is_assertion(node, self.helpers)
        self.generic_visit(node)

    def _has_elements(self, node):
        """Say whether an iterable has elements, as far as that can be read."""
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return any(not isinstance(element, ast.Starred) for element in node.elts)
        if isinstance(node, ast.Dict):
            return bool(node.keys)
        if isinstance(node, ast.Constant):
            return bool(node.value)
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp)):
            return all(not p.ifs and self._has_elements(p.iter) for p in node.generators)
        if isinstance(node, ast.BinOp):
            return isinstance(node.op, ast.BitOr)
        if isinstance(node, (ast.Name, ast.Attribute)):
            return _get_name(node).isupper() or _get_name(node) in self.filled
        if isinstance(node, ast.Call):
            return self._is_answered_with_elements(node)
        return False

    def _is_answered_with_elements(self, call):
        name = _get_name(call.func)
        if name == 'range' or name in self.filled:
            return True
        if name in KEEPING_METHODS and isinstance(call.func, ast.Attribute):
            return self._has_elements(call.func.value)
        given = map(self._has_elements, call.args)
        # Of several that are gone through together, one tells of all.
        is_strict = any(keyword.arg == 'strict' for keyword in call.keywords)
        return name in KEEPING_FUNCTIONS and (any if is_strict else all)(given)

    def _always_returns_elements(self, function):
        returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
        return bool(returned) and all(map(self._has_elements, returned))


def _find_functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _find_asserting_helpers(modules):
    """Return the names of the functions that assert by themselves or by one another."""
    functions = [function for module in modules for function in _find_functions(module)]
    names, before = set(), None
    while before != len(names):
        before = len(names)
        names |= {
            function.name
            for function in functions
            if any(
                isinstance(node, ast.Assert)
                or (isinstance(node, ast.Call) and _is_assertion(node, names))
                for node in ast.walk(function)
            )
        }
    return names


def _is_assertion(call, helpers):
    name = _get_name(call.func)
    return name.startswith(ASSERTING) or name in helpers


def _takes_any_error(node):
    """Say whether an assertion, or a handler that goes on in silence, takes whatever happens."""
    if isinstance(node, ast.Call):
        is_raising = _get_name(node.func).startswith('assertRaises')
        return is_raising and _get_name(node.args[0]) in ANY_ERROR
    is_silent = all(isinstance(statement, ast.Pass) for statement in node.body)
    return node.type is None or (is_silent and _get_name(node.type) in ANY_ERROR)


def _get_name(node):
    """Return the last name of `a.b.c`."""
    return getattr(node, 'attr', None) or getattr(node, 'id', '')
