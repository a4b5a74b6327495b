"""A dialog belongs to who opened it: nobody else reads what it shows or fills in what it does."""

import ast

from odoo.exceptions import AccessError
from odoo.fields import Command, Date, Domain
from odoo.tests import TransactionCase, new_test_user, tagged

from tests.suite import ADDONS, ROLES, ROOT, models_of_ours, records_of_ours

# Dialogs of Odoo's that ours show previews in, or choices of ours.
EXTENDED = {
    'crm.lead2opportunity.partner',
    'crm.lead2opportunity.partner.mass',
    'crm.merge.opportunity',
}


@tagged('post_install', '-at_install')
class TestDialogs(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = ','.join(['base.group_user', *ROLES.values()])
        cls.owner = new_test_user(cls.env, login='dialog owner', groups=groups)
        cls.other = new_test_user(cls.env, login='dialog reader', groups=groups)
        ours = {model._name for model in models_of_ours(cls.env)}
        cls.dialogs = [
            model
            for model in map(cls.env.__getitem__, cls.env)
            if model._transient
            and not model._abstract
            and (model._name in ours or cls._has_fields_of_ours(model))
        ]

    @classmethod
    def _has_fields_of_ours(cls, model):
        return any(
            set(field._modules or ()) & set(ADDONS) and field.store
            for field in model._fields.values()
        )

    def test_the_dialogs_are_found(self):
        names = {model._name for model in self.dialogs}
        self.assertGreaterEqual(names, EXTENDED | {'crm.contract.revising', 'service.case.merge'})

    def test_every_dialog_has_an_owner(self):
        self.assertTrue(self.dialogs)
        for model in self.dialogs:
            for operation in ('read', 'write', 'create', 'unlink'):
                with self.subTest(model=model._name, operation=operation):
                    domain = self._compute_domain(model, operation)
                    self.assertTrue(self._names_owner(domain), f'no owner in {domain}')

    def _names_owner(self, domain):
        return any(
            self._names_owner(condition.value)
            if isinstance(condition.value, Domain)
            else condition.field_expr.endswith('create_uid')
            and list(condition.value) == self.other.ids
            for condition in domain.iter_conditions()
        )

    def _compute_domain(self, model, operation):
        return self.env['ir.rule'].with_user(self.other)._compute_domain(model._name, operation)

    def test_prices_of_a_colleagues_dialog_are_neither_read_nor_written(self):
        contract = self.env['crm.contract'].create(
            {
                'name': 'Support',
                'partner_id': self.env['res.partner'].create({'name': 'Customer'}).id,
                'date_start': Date.today(),
                'manager_id': self.owner.id,
                'line_ids': [Command.create({'name': 'Support', 'price_unit': 100.0})],
            }
        )
        contract.action_confirm()
        dialog = (
            self.env['crm.contract.revising']
            .with_user(self.owner)
            .create(
                {
                    'contract_ids': contract.ids,
                    'date': Date.today(),
                    'revision_type': 'percentage',
                    'revision_percentage': 5,
                }
            )
        )
        self.assertEqual(dialog.price_ids.price_new, 105.0)
        dialog.price_ids.price_new = 106.0
        self.env.flush_all()
        self.env.invalidate_all()
        for records in (dialog, dialog.line_ids, dialog.price_ids):
            self.assertFalse(records.with_user(self.other).search([('id', 'in', records.ids)]))
            with self.assertRaises(AccessError):
                records.with_user(self.other).read()
        with self.assertRaises(AccessError):
            dialog.price_ids.with_user(self.other).price_new = 777.0
        with self.assertRaises(AccessError):
            dialog.price_ids.with_user(self.other).create(
                {
                    'wizard_id': dialog.id,
                    'contract_id': contract.id,
                    'kind': 'line',
                    'name': 'Stranger',
                }
            )
        dialog.action_apply()
        self.assertEqual(contract.line_ids.price_unit, 106.0)


@tagged('post_install', '-at_install')
class TestNames(TransactionCase):
    """A dialog without a name is called "Odoo" by the web client."""

    def test_every_dialog_that_a_method_opens_has_a_name(self):
        checked = 0
        for path, node in self._find_dictionaries():
            names = [getattr(key, 'value', None) for key in node.keys]
            keys = dict(zip(names, node.values, strict=True))
            if getattr(keys.get('target'), 'value', None) == 'new':
                checked += 1
                with self.subTest(f'{path.relative_to(ROOT)}:{node.lineno}'):
                    # one that is spread into it has the name of its action
                    self.assertTrue('name' in keys or None in keys)
        self.assertTrue(checked)

    def test_every_window_action_has_a_name(self):
        actions = records_of_ours(self.env, 'ir.actions.act_window')
        self.assertTrue(actions)
        self.assertNotIn('', [action.name.strip() for action in actions])

    def _find_dictionaries(self):
        for addon in ADDONS:
            for path in (ROOT / addon).rglob('*.py'):
                if 'tests' not in path.parts:
                    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
                        if isinstance(node, ast.Dict):
                            yield path, node
