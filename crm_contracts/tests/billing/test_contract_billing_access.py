from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
class TestContractBillingAccess(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.create_contract()
        cls.contract._bill('2026-01-01')
        cls.row = cls.contract.billing_ids
        cls.line = cls.contract.line_ids

    def test_nobody_writes_the_ledger(self):
        for user in (self.salesman, self.administrator, self.accountant):
            row = self.row.with_user(user)
            self.assertEqual(row.amount, 100.0)
            for refused in (
                lambda row=row: row.write({'amount': 1}),
                lambda row=row: row.unlink(),
                lambda row=row: row.copy(),
                lambda row=row: row.create({'contract_id': self.contract.id, 'kind': 'time'}),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    refused()

    def test_contract_cannot_be_used_to_write_the_ledger(self):
        contract = self.contract.with_user(self.salesman)
        for command in (
            Command.update(self.row.id, {'amount': 1}),
            Command.delete(self.row.id),
            Command.clear(),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                contract.write({'billing_ids': [command]})
                self.env.flush_all()
        self.assertEqual(self.row.amount, 100.0)

    def test_prices_of_other_peoples_contracts_are_out_of_sight(self):
        for record in (self.line, self.row):
            self.assertTrue(record.with_user(self.salesman).read(['price_unit']))
            with self.assertRaises(AccessError):
                record.with_user(self.colleague).read(['price_unit'])
        with self.assertRaises(AccessError):
            self.line.with_user(self.colleague).write({'price_unit': 1})
        with self.assertRaises(AccessError):
            self.env['crm.contract.line'].with_user(self.colleague).create(
                {'contract_id': self.contract.id, 'name': 'Gift', 'price_unit': 1}
            )

    def test_rates_of_other_peoples_contracts_are_out_of_sight(self):
        rate = self.env['crm.contract.rate'].create(
            {'contract_id': self.contract.id, 'product_id': self.support.id, 'price_unit': 60.0}
        )
        self.assertTrue(rate.with_user(self.salesman).read(['price_unit']))
        self.assertTrue(rate.with_user(self.accountant).read(['price_unit']))
        for refused in (
            lambda: rate.with_user(self.colleague).read(['price_unit']),
            lambda: rate.with_user(self.colleague).write({'price_unit': 1}),
            lambda: rate.with_user(self.accountant).write({'price_unit': 1}),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                refused()

    def test_accountant_reads_and_does_not_change(self):
        for record in (self.contract, self.line):
            self.assertTrue(record.with_user(self.accountant).read(['name']))
            with self.assertRaises(AccessError):
                record.with_user(self.accountant).write({'name': 'Mine'})

    def test_others_and_other_companies_see_nothing(self):
        employee = new_test_user(self.env, login='billing_employee', groups='base.group_user')
        portal = new_test_user(self.env, login='billing_portal', groups='base.group_portal')
        other = self.env['res.company'].create({'name': 'Billing Company B'})
        stranger = new_test_user(
            self.env,
            login='billing_stranger',
            groups='sales_team.group_sale_manager',
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for record in (self.line, self.row):
            for user in (employee, portal, stranger):
                with self.subTest(record=record, user=user.login), self.assertRaises(AccessError):
                    record.with_user(user).read(['price_unit'])

    # === OPENING DOCUMENTS === #

    def list_bank_entries(self):
        """List in the form of invoices what salespeople may not read, as other addons do."""
        return self.env['ir.ui.view'].create(
            {
                'name': 'Bank entries of an invoice',
                'model': 'account.move',
                'inherit_id': self.env.ref('account.view_move_form').id,
                'arch': """
                    <notebook position="inside">
                        <page name="bank" string="Bank">
                            <field name="statement_line_ids">
                                <list><field name="amount"/></list>
                            </field>
                        </page>
                    </notebook>
                """,
            }
        )

    def bill_as_salesperson(self, until):
        """Return (action of the dialogue, invoice as the salesperson)."""
        dialog = self.env['crm.contract.invoicing'].with_user(self.salesman)
        action = dialog.create(
            {'contract_ids': [Command.set(self.contract.ids)], 'date_until': until}
        ).action_bill()
        return action, self.env['account.move'].with_user(self.salesman).browse(action['res_id'])

    def test_salesperson_opens_an_invoice_whose_usual_form_keeps_something_from_them(self):
        reading = self.env.ref('crm_contracts.account_move_view_form_reading').id
        self.list_bank_entries()
        action, move = self.bill_as_salesperson('2026-02-01')
        with self.assertRaises(AccessError):
            Form(move, view='account.view_move_form')
        self.assertEqual(action['views'], [(reading, 'form')])
        form = Form(move, view=reading)
        self.assertEqual((form.partner_id, form.amount_untaxed), (self.partner_a, 100.0))
        self.assertIn(f'/my/invoices/{move.id}', move.preview_invoice()['url'])
        self.assertEqual(move.get_formview_action()['views'], [(reading, 'form')])
        contract, customer = (
            record.with_user(self.salesman) for record in (self.contract, self.partner_a)
        )
        for opened in (
            contract.action_view_invoices(),
            contract.action_view_overdue(),
            customer.action_view_crm_unpaid_invoices(),
        ):
            forms = [view_id for view_id, kind in opened['views'] if kind == 'form']
            self.assertEqual(forms, [reading])
        self.assertFalse(move.with_user(self.accountant).get_formview_id())
        told = move.with_user(self.colleague)._get_crm_contract_action(
            'account.action_move_out_invoice_type'
        )
        self.assertEqual(told['tag'], 'display_notification')

    def test_salesperson_opens_the_usual_form_where_it_can_be_opened(self):
        action, move = self.bill_as_salesperson('2026-02-01')
        self.assertEqual(action['views'], [(False, 'form')])
        self.assertEqual(Form(move, view='account.view_move_form').partner_id, self.partner_a)
