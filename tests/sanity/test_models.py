"""Rules that every model of the suite keeps, whoever wrote it."""

import ast
import inspect
import textwrap

from odoo import models
from odoo.tests import TransactionCase, tagged

from tests.suite import ADDONS, models_of_ours


@tagged('post_install', '-at_install')
class TestModels(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.models = models_of_ours(cls.env)
        cls.stored = [model for model in cls.models if not model._abstract]
        cls.lasting = [model for model in cls.stored if not model._transient]

    def test_the_suite_declares_models(self):
        self.assertIn('crm.call', [model._name for model in self.models])
        self.assertEqual({model._original_module for model in self.models}, set(ADDONS))

    def test_every_model_has_access_rows_for_groups_only(self):
        checked = 0
        access = self.env['ir.model.access'].search([])
        for model in self.stored:
            rows = access.filtered(lambda row, model=model: row.model_id.model == model._name)
            checked += 1
            with self.subTest(model=model._name):
                self.assertTrue(rows, 'no access row')
                self.assertTrue(all(row.group_id for row in rows), 'a row without a group')
        self.assertTrue(checked)

    def test_every_model_has_a_description(self):
        checked = 0
        for model in self.models:
            checked += 1
            with self.subTest(model=model._name):
                self.assertTrue(model._description)
                self.assertNotEqual(model._description, model._name)
        self.assertTrue(checked)

    def test_every_lasting_model_has_a_search_view(self):
        checked = 0
        searchable = self.env['ir.ui.view'].search([('type', '=', 'search')]).mapped('model')
        for model in self.lasting:
            checked += 1
            with self.subTest(model=model._name):
                self.assertIn(model._name, searchable)
        self.assertTrue(checked)

    def test_every_model_bound_to_a_company_has_a_company_rule(self):
        checked = 0
        rules = self.env['ir.rule'].search([('global', '=', True)])
        guarded = {
            rule.model_id.model for rule in rules if 'company_id' in (rule.domain_force or '')
        }
        for model in self.lasting:
            if 'company_id' in model._fields and model._fields['company_id'].store:
                checked += 1
                with self.subTest(model=model._name):
                    self.assertIn(model._name, guarded)
        self.assertTrue(checked)

    def test_only_actions_and_overrides_can_be_called_over_rpc(self):
        checked = 0
        for model in self.models_we_touch():
            for name, owner in self._public_methods_of_ours(model):
                checked += 1
                with self.subTest(model=model._name, method=name, addon=owner):
                    self.assertTrue(
                        name.startswith('action_') or self._overrides_core(model, name),
                        'a public method that is no action and overrides nothing',
                    )
        self.assertTrue(checked)

    def test_every_action_answers(self):
        """XML-RPC carries no empty answer: it would look like a failure to who calls."""
        checked = 0
        for model in self.models_we_touch():
            for name, owner in self._public_methods_of_ours(model):
                if name.startswith('action_'):
                    checked += 1
                    with self.subTest(model=model._name, method=name, addon=owner):
                        self.assertTrue(self._has_answer(getattr(type(model), name)))
        self.assertTrue(checked)

    def _has_answer(self, method):
        source = textwrap.dedent(inspect.getsource(method))
        returned = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Return)]
        return any(node.value and ast.unparse(node.value) != 'None' for node in returned)

    def models_we_touch(self):
        ours = tuple(f'odoo.addons.{name}.' for name in ADDONS)
        return [
            model
            for model in map(self.env.__getitem__, self.env)
            if any(base.__module__.startswith(ours) for base in type(model).__mro__)
        ]

    def _public_methods_of_ours(self, model):
        for base in type(model).__mro__:
            addon = self._addon_of(base)
            if addon not in ADDONS:
                continue
            for name, member in vars(base).items():
                is_private = name.startswith('_') or getattr(member, '_api_private', False)
                if inspect.isfunction(member) and not is_private:
                    yield name, addon

    def _overrides_core(self, model, name):
        return any(
            name in vars(base) and self._addon_of(base) not in ADDONS
            for base in (*type(model).__mro__, models.BaseModel)
        )

    def _addon_of(self, base):
        parts = base.__module__.split('.')
        return parts[2] if parts[:2] == ['odoo', 'addons'] else None
