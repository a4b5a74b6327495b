from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-04-20')
class TestContractDue(BillingCase):
    """The door of who invoices: what is due, how long it has been, and why it is held back."""

    def look(self, user=None):
        forecast = self.env['crm.contract.forecast'].with_user(user or self.accountant)
        action = forecast.action_view_due()
        lines = self.env[action['res_model']].with_user(user or self.accountant)
        return lines.search(action['domain'], order='date_due')

    def test_what_is_due_stands_by_its_age(self):
        contract = self.create_contract(date_end='2026-04-30')
        lines = self.look().filtered(lambda line: line.contract_id == contract)
        self.assertEqual(
            [(str(line.date_due), line.age, line.amount) for line in lines],
            [
                ('2026-01-01', 'older', 100.0),
                ('2026-02-01', 'days_90', 100.0),
                ('2026-03-01', 'days_60', 100.0),
                ('2026-04-01', 'days_30', 100.0),
            ],
        )

    def test_what_is_held_back_says_why(self):
        currency = self.env['res.currency'].create({'name': 'QQQ', 'symbol': 'Q'})
        contract = self.create_contract(currency_id=currency.id)
        lines = self.look().filtered(lambda line: line.contract_id == contract)
        self.assertTrue(lines)
        self.assertTrue(all('no rate' in line.held for line in lines))

    def test_what_was_credited_is_open_again(self):
        contract = self.create_contract(self.monthly(), self.milestone(), date_end='2026-04-30')
        move = contract._bill('2026-03-20')
        move.action_post()
        self.credit(move)
        lines = self.look().filtered(lambda line: line.contract_id == contract)
        self.assertEqual(
            [(str(line.date_due), line.is_again) for line in lines],
            [
                ('2026-01-01', True),
                ('2026-02-01', True),
                ('2026-03-01', True),
                ('2026-03-15', True),
                ('2026-04-01', False),
            ],
        )

    def test_who_invoices_bills_without_a_sales_role(self):
        contract = self.create_contract(date_end='2026-04-30')
        lines = self.look().filtered(lambda line: line.contract_id == contract)
        action = lines.action_bill()
        dialog = (
            self.env[action['res_model']]
            .with_user(self.accountant)
            .with_context(**action['context'])
            .create({})
        )
        dialog.action_bill()
        self.assertEqual(contract.amount_invoiced, 400.0)
        with self.assertRaises(AccessError):
            contract.with_user(self.accountant).name = 'Mine'

    def test_who_neither_sells_nor_invoices_does_not(self):
        contract = self.create_contract(manager_id=self.colleague.id)
        with self.assertRaises(AccessError):
            contract.with_user(self.salesman)._bill()
        self.assertNotIn(contract, self.look(self.salesman).contract_id)
