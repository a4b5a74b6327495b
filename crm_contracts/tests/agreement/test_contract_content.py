"""What nothing is agreed in is neither offered nor confirmed; what one begins with suits most."""

from ast import literal_eval

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import ContractCase


@tagged('post_install', '-at_install')
class TestContractContent(ContractCase):
    def test_empty_contract_is_neither_offered_nor_confirmed(self):
        empty = self.create_contract(fixed_amount=0.0).with_user(self.salesman)
        for start in (empty.action_confirm, empty.action_mark_offered):
            with self.assertRaisesRegex(UserError, 'Nothing is agreed'), self.cr.savepoint():
                start()
        self.assertEqual(empty.state, 'draft')
        self.assertFalse(empty.term_ids)

    def test_anything_that_is_agreed_makes_a_contract(self):
        policy = self.env['service.sla.policy'].create({'name': 'Gold', 'resolution_hours': 8})
        for agreed in (
            {'fixed_amount': 100.0},
            {'line_ids': [Command.create({'name': 'Care'})]},
            {'rate_ids': [Command.create({'price_unit': 50.0})]},
            {'bill_time': True},
            {'bill_costs': True},
            {'prepaid_quantity': 10.0},
            {'advance_ids': [Command.create({'name': 'Retainer', 'amount': 100.0})]},
            {'sla_policy_ids': policy.ids},
        ):
            with self.subTest(agreed=next(iter(agreed))):
                contract = self.create_contract(**{'fixed_amount': 0.0, **agreed})
                contract.with_user(self.salesman).action_confirm()
                self.assertEqual(contract.state, 'open')

    def test_one_empty_contract_keeps_none_of_the_others_from_being_told(self):
        filled, empty = self.create_contract(), self.create_contract(fixed_amount=0.0, name='Void')
        with self.assertRaisesRegex(UserError, 'Void'), self.cr.savepoint():
            (filled | empty).action_confirm()
        self.assertEqual(set((filled | empty).mapped('state')), {'draft'})

    def test_form_of_the_menu_proposes_a_year_and_its_notice(self):
        action = self.env.ref('crm_contracts.crm_contract_action')
        contracts = self.env['crm.contract'].with_user(self.salesman)
        form = Form(contracts.with_context(**literal_eval(action.context)))
        form.date_start = '2026-03-01'
        self.assertEqual(str(form.date_end), '2027-02-28')
        self.assertEqual((form.term_months, form.notice_days), (12, 30))
        # a script says itself how long
        self.assertFalse(self.create_contract(date_end=False).date_end)
