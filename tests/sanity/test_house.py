"""How the house is built: models are continued where their subject lives, nothing hides another."""

import ast
import inspect
import re
from collections import defaultdict

from odoo.models import BaseModel
from odoo.tests import BaseCase, TransactionCase, tagged

from tests.suite import ADDONS, ROOT, models_of_ours

# Abstract models without heirs that are services, with who calls them.
SERVICES = {
    'crm.capture.known': 'website forms, business cards and leads',
    'crm.contract.biller': 'contracts, their figures, and the dialogues that bill and close them',
    'crm.contract.digest': 'the weekly mail to who decides on renewals',
    'crm.home': 'the home of each role, and the addons that add cards to it',
    'crm.merge.snapshot': 'a merge and its undoing',
}

# What writes a number as Python and JavaScript do, in whatever language the reader has.
BARE_NUMBER = re.compile(r'%(?:\(\w+\))?(?:\.\d+)?[gfe]\b|\.toFixed\(')
DECIMALS = re.compile(r'\.[1-9]\d*f|[ge]\b')


@tagged('post_install', '-at_install')
class TestHouse(TransactionCase):
    def test_an_abstract_model_has_two_heirs_or_is_a_service(self):
        heirs = defaultdict(set)
        for model in map(self.env.__getitem__, self.env):
            if not model._abstract:
                for base in type(model).__mro__:
                    heirs[getattr(base, '_name', None)].add(model._name)
        found = set()
        for model in models_of_ours(self.env):
            if model._abstract:
                found.add(model._name)
                with self.subTest(model=model._name):
                    if model._name in SERVICES:
                        self.assertFalse(heirs[model._name])
                    else:
                        self.assertGreaterEqual(len(heirs[model._name]), 2)
        self.assertGreaterEqual(found, SERVICES.keys())

    def test_no_method_hides_another_of_the_same_model(self):
        checked = 0
        for model in models_of_ours(self.env):
            for name, owners in self._get_methods_of_ours(model).items():
                for owner in owners[:-1]:
                    checked += 1
                    with self.subTest(model=model._name, method=name, where=owner.__module__):
                        self.assertIn('super(', inspect.getsource(vars(owner)[name]))
        self.assertTrue(checked)

    def test_no_field_hides_a_method_of_every_model(self):
        methods = dict(inspect.getmembers(BaseModel, callable)).keys()
        hidden = {
            model._name: names
            for model in models_of_ours(self.env)
            if (names := methods & model._fields.keys())
        }
        self.assertEqual(hidden, {})

    def _get_methods_of_ours(self, model):
        """Return {method: parts of the model that define it, the first to be called first}."""
        methods = defaultdict(list)
        for base in type(model).__mro__:
            if getattr(base, '_name', None) == model._name and self._is_ours(base):
                for name, member in vars(base).items():
                    if inspect.isfunction(member):
                        methods[name].append(base)
        return methods

    def _is_ours(self, base):
        return base.__module__.startswith(tuple(f'odoo.addons.{name}.' for name in ADDONS))


@tagged('post_install', '-at_install')
class TestCore(BaseCase):
    """What stands in core/ needs no Odoo: it can be read, tested and changed by itself."""

    def test_core_imports_nothing_of_odoo(self):
        modules = list(ROOT.glob('crm_*/core/**/*.py'))
        self.assertTrue(modules)
        for module in modules:
            depth = len(module.relative_to(ROOT).parts) - 2
            with self.subTest(module=module.relative_to(ROOT)):
                for node in ast.walk(ast.parse(module.read_text())):
                    if isinstance(node, ast.Import):
                        for alias in node.names:
                            self.assertNotIn(alias.name.split('.')[0], {'odoo', *ADDONS})
                    elif isinstance(node, ast.ImportFrom):
                        self.assertNotIn(
                            (node.module or '').split('.')[0], {'odoo', *ADDONS}, 'imports'
                        )
                        self.assertLessEqual(node.level, depth, 'leaves core/')


@tagged('post_install', '-at_install')
class TestTerms(BaseCase):
    def test_the_rule_finds_what_it_is_for(self):
        self.assertTrue(_find_hidden_terms('f"{self.env._(\'Hidden\')} {rest}"'))
        self.assertFalse(_find_hidden_terms('f"{told} {self.env.lang}"'))

    def test_no_term_hides_in_a_formatted_text(self):
        """Odoo collects no terms there: they would be said in English to everybody."""
        modules = [
            module
            for module in ROOT.glob('crm_*/**/*.py')
            if 'tests' not in module.relative_to(ROOT).parts
        ]
        self.assertGreater(len(modules), 100)
        hidden = {
            str(module.relative_to(ROOT)): terms
            for module in modules
            if (terms := _find_hidden_terms(module.read_text(encoding='utf-8')))
        }
        self.assertEqual(hidden, {})

    def test_the_rule_finds_numbers_that_speak_one_language(self):
        for code in (
            "self.env._('%(percent)g %%', percent=percent)",
            "self.env._('by %.2f', percent)",
            "f'{hours:g} h'",
            "f'{hours:.1f} h'",
        ):
            with self.subTest(code):
                self.assertTrue(_find_bare_numbers(code))
        for code in ("self.env._('%(percent)s %%', percent=text)", "f'{progress:.0f} %'"):
            with self.subTest(code):
                self.assertFalse(_find_bare_numbers(code))
        self.assertTrue(BARE_NUMBER.search('hours.toFixed(1)'))
        self.assertFalse(BARE_NUMBER.search('formatFloat(hours)'))

    def test_no_text_shows_a_number_with_the_decimal_point_of_python(self):
        """``format_number`` of crm_extended writes it as the reader's language does."""
        modules = [
            module
            for module in ROOT.glob('crm_*/**/*.py')
            if not {'tests', 'core', 'numbers.py'} & set(module.relative_to(ROOT).parts)
        ]
        self.assertGreater(len(modules), 100)
        bare = {
            str(module.relative_to(ROOT)): numbers
            for module in modules
            if (numbers := _find_bare_numbers(module.read_text(encoding='utf-8')))
        }
        self.assertEqual(bare, {})

    def test_no_script_or_page_shows_a_number_with_the_decimal_point_of_javascript(self):
        sources = [
            source
            for kind in (
                'static/src/**/*.js',
                'static/src/**/*.xml',
                'views/**/*.xml',
                'report/*.xml',
            )
            for source in ROOT.glob(f'crm_*/{kind}')
        ]
        self.assertGreater(len(sources), 100)
        bare = {
            str(source.relative_to(ROOT)): numbers
            for source in sources
            if (numbers := BARE_NUMBER.findall(source.read_text(encoding='utf-8')))
        }
        self.assertEqual(bare, {})


def _find_bare_numbers(source):
    """Return the formats of decimals in terms that are translated, and in formatted texts."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, 'attr', None) == '_':
            found += BARE_NUMBER.findall(ast.unparse(node.args[0]) if node.args else '')
        elif isinstance(node, ast.FormattedValue) and node.format_spec:
            found += DECIMALS.findall(ast.unparse(node.format_spec))
    return found


def _find_hidden_terms(source):
    """Return the calls that translate within formatted texts."""
    return [
        ast.unparse(call)
        for text in ast.walk(ast.parse(source))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and getattr(call.func, 'attr', getattr(call.func, 'id', None)) == '_'
    ]
