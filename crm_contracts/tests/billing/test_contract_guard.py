from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
class TestContractGuard(BillingCase):
    """Nobody but our own billing says what an invoice line or an analytic item was billed by."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.create_contract()
        cls.move = cls.contract._bill('2026-01-01').with_user(cls.accountant)
        cls.row = cls.contract.billing_ids
        cls.other = cls.create_contract(name='Other')
        cls.other_move = cls.other._bill('2026-01-01').with_user(cls.accountant)

    def _invoice(self, **context):
        return (
            self.env['account.move']
            .with_user(self.accountant)
            .with_context(**context)
            .create(
                {
                    'move_type': 'out_invoice',
                    'partner_id': self.partner_a.id,
                    'invoice_line_ids': [Command.create({'name': 'Gift', 'price_unit': 0.0})],
                }
            )
        )

    def test_accountant_cannot_put_a_line_on_the_ledger(self):
        line = self.other_move.invoice_line_ids
        free = self._invoice().invoice_line_ids
        for refused in (
            lambda: line.write({'crm_contract_billing_id': self.row.id}),
            lambda: line.write({'crm_contract_billing_id': False}),
            lambda: free.write({'crm_contract_billing_id': self.row.id}),
            lambda: free.copy({'crm_contract_billing_id': self.row.id}),
            lambda: self.other_move.write(
                {
                    'invoice_line_ids': [
                        Command.update(line.id, {'crm_contract_billing_id': self.row.id})
                    ]
                }
            ),
            lambda: self._invoice(crm_contract_billing='CARRY_ON').invoice_line_ids.write(
                {'crm_contract_billing_id': self.row.id}
            ),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                refused()
        gift = self._invoice(default_crm_contract_billing_id=self.row.id)
        self.assertFalse(gift.invoice_line_ids.crm_contract_billing_id)
        self.assertEqual(self.row.move_line_ids, self.move.invoice_line_ids)

    def test_copies_of_an_invoice_charge_nothing_of_the_contract(self):
        for copy in (
            self.move.copy(),
            self.move.with_context(include_business_fields=True).copy(),
        ):
            self.assertFalse(copy.invoice_line_ids.crm_contract_billing_id)
        self.assertEqual(self.row.move_line_ids, self.move.invoice_line_ids)

    def test_accountant_credits_and_corrects(self):
        self.move.action_post()
        reversal = (
            self.env['account.move.reversal']
            .with_user(self.accountant)
            .create({'move_ids': self.move.ids, 'journal_id': self.move.journal_id.id})
        )
        corrected = self.env['account.move'].browse(reversal.modify_moves()['res_id'])
        self.assertEqual(corrected.invoice_line_ids.crm_contract_billing_id, self.row)
        self.assertEqual(self.row.state, 'invoiced', 'the corrected draft stands for it')
        self.assertFalse(self.contract._bill('2026-01-01'))
        corrected.unlink()
        self.assertEqual(self.row.state, 'released')
        self.assertTrue(self.contract._bill('2026-01-01'))

    def test_nobody_links_analytic_items(self):
        timekeeper = new_test_user(
            self.env,
            login='billing_timekeeper',
            groups='hr_timesheet.group_timesheet_manager,account.group_account_user',
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.company.ids)],
        )
        items = self.env['account.analytic.line'].with_user(timekeeper)
        values = {
            'name': 'Item',
            self.contract.analytic_account_id.plan_id._column_name(): (
                self.contract.analytic_account_id.id
            ),
        }
        free = items.create(values)
        for refused in (
            lambda: items.create({**values, 'crm_contract_billing_id': self.row.id}),
            lambda: items.with_context(default_crm_contract_billing_id=self.row.id).create(values),
            lambda: free.write({'crm_contract_billing_id': self.row.id}),
            lambda: free.write({'crm_contract_billing_id': False}),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                refused()
