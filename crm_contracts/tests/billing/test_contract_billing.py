import psycopg2

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
class TestContractBilling(BillingCase):
    def test_period_is_billed_once(self):
        contract = self.create_contract()
        self.assertFalse(contract._bill('2025-12-31'))
        move = contract._bill('2026-01-01')
        self.assertRecordValues(
            move,
            [
                {
                    'state': 'draft',
                    'move_type': 'out_invoice',
                    'partner_id': self.partner_a.id,
                    'amount_untaxed': 100.0,
                    'invoice_origin': contract.code,
                    'invoice_user_id': self.salesman.id,
                    'crm_contract_ids': contract.ids,
                    'company_id': contract.company_id.id,
                }
            ],
        )
        self.assertFalse(contract._bill('2026-01-01'))
        self.assertFalse(contract._bill('2026-01-31'))
        self.assertEqual(self.periods(contract), [('2026-01-01', '2026-02-01', 100.0)])
        self.assertEqual(self.live(contract).move_line_ids, move.invoice_line_ids)
        self.assertEqual(str(contract.line_ids.next_period_start), '2026-02-01')

    def test_missed_periods_come_one_line_each_on_one_invoice(self):
        contract = self.create_contract(self.monthly(date_start='2026-01-31'))
        move = contract._bill('2026-04-30')
        self.assertEqual(len(move), 1)
        self.assertEqual(len(move.invoice_line_ids), 4)
        self.assertEqual(
            [start for start, _end, _amount in self.periods(contract)],
            ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'],
        )
        names = move.invoice_line_ids.mapped('name')
        self.assertEqual(names[1], 'Support\nFrom 02/28/2026 to 03/30/2026')

    def test_option_makes_one_invoice_per_due_date(self):
        contract = self.create_contract(self.monthly(), self.milestone(), invoice_grouping='period')
        moves = contract._bill('2026-03-31')
        self.assertEqual(moves.mapped('amount_untaxed'), [100.0, 100.0, 100.0, 5000.0])

    def test_arrears_are_due_when_the_period_is_over(self):
        contract = self.create_contract(self.monthly(timing='arrears'))
        self.assertFalse(contract._bill('2026-01-31'))
        self.assertTrue(contract._bill('2026-02-01'))
        contract._bill('2030-01-01')
        self.assertEqual(self.periods(contract)[-1], ('2026-12-01', '2027-01-01', 100.0))

    def test_end_of_contract_or_line_ends_the_billing(self):
        for prorate, last in [(False, 100.0), (True, 54.84)]:
            contract = self.create_contract(
                self.monthly(prorate=prorate), self.monthly(date_end='2026-02-28')
            )
            contract.date_end = '2026-03-17'
            contract._bill('2030-01-01')
            by_line = self.live(contract).sorted('period_start').grouped('line_id')
            whole, short = (by_line[line] for line in contract.line_ids.sorted('id'))
            self.assertEqual(len(whole), 3)
            self.assertEqual((str(whole[-1].period_end), whole[-1].amount), ('2026-03-18', last))
            self.assertEqual(len(short), 2)

    def test_prorated_price_is_exact_for_many_units(self):
        contract = self.create_contract(self.monthly(quantity=1000, price_unit=2.0, prorate=True))
        contract.date_end = '2026-01-17'
        move = contract._bill('2026-01-01')
        self.assertEqual(move.amount_untaxed, 1096.77, '1000 units at 2.00 for 17 of 31 days')
        self.assertEqual(move.amount_untaxed, self.live(contract).amount)

    def test_longer_contract_bills_the_rest_of_a_cut_period(self):
        contract = self.create_contract(self.monthly(prorate=True), date_end='2026-06-15')
        contract._bill('2026-06-30')
        contract._renew('2026-12-31')
        contract._bill('2026-07-01')
        self.assertEqual(
            self.periods(contract)[-3:],
            [
                ('2026-06-01', '2026-06-16', 50.0),
                ('2026-06-16', '2026-07-01', 50.0),
                ('2026-07-01', '2026-08-01', 100.0),
            ],
        )

    def test_changed_interval_goes_on_where_the_ledger_ends(self):
        contract = self.create_contract(self.monthly())
        contract._bill('2026-01-01')
        contract.line_ids.write({'interval_count': 3, 'price_unit': 300.0, 'prorate': True})
        contract._bill('2026-04-01')
        self.assertEqual(
            self.periods(contract),
            [
                ('2026-01-01', '2026-02-01', 100.0),
                ('2026-02-01', '2026-04-01', 196.67),
                ('2026-04-01', '2026-07-01', 300.0),
            ],
        )

    def test_only_running_contracts_are_billed_and_closed_ones_to_their_end(self):
        for state in ('draft', 'cancelled'):
            contract = self.create_contract(state=state)
            self.assertFalse(contract._bill('2026-06-30'))
            preview = contract._preview_billing('2026-01-31')
            self.assertEqual(len(preview), 1)
            self.assertIn('not running', preview[0]['held'])
        contract = self.create_contract(self.monthly(timing='arrears', prorate=True))
        with freeze_time('2026-03-17'):
            contract.action_close()
        contract._bill('2026-12-31')
        self.assertEqual(self.periods(contract)[-1], ('2026-03-01', '2026-03-18', 54.84))
        self.assertFalse(contract._bill('2027-12-31'))

    def test_milestone_is_billed_once_when_due_or_reached(self):
        contract = self.create_contract(self.milestone(), self.milestone(date_due=False))
        self.assertFalse(contract._bill('2026-03-14'))
        self.assertEqual(contract._bill('2026-03-15').amount_untaxed, 5000.0)
        self.assertFalse(contract._bill('2026-12-31'))
        contract.line_ids.filtered(lambda line: not line.date_due).is_done = True
        self.assertEqual(contract._bill('2026-03-16').amount_untaxed, 5000.0)
        self.assertFalse(contract._bill('2026-12-31'))

    def test_preview_is_what_is_billed_and_writes_nothing(self):
        contract = self.create_contract(self.monthly(discount=10), self.milestone())
        self.env.flush_all()
        preview = contract._preview_billing('2026-03-31')
        self.assertFalse(contract.billing_ids)
        move = contract._bill('2026-03-31')
        self.assertEqual(
            [(entry['amount'], entry['held']) for entry in preview],
            [(amount, '') for amount in move.invoice_line_ids.mapped('price_subtotal')],
        )
        self.assertEqual(
            [(str(entry['period_start']), entry['kind']) for entry in preview],
            [
                ('2026-01-01', 'recurring'),
                ('2026-02-01', 'recurring'),
                ('2026-03-01', 'recurring'),
                ('False', 'milestone'),
            ],
        )
        self.assertFalse(contract._preview_billing('2026-03-31'))

    def test_invoice_speaks_the_language_and_follows_the_terms_of_the_customer(self):
        self.env['res.lang']._activate_lang('es_ES')
        self.support.with_context(lang='es_ES').name = 'Soporte'
        self.partner_a.lang = 'es_ES'
        position = self.env['account.fiscal.position'].create({'name': 'Abroad'})
        self.partner_a.property_account_position_id = position
        contract = self.create_contract()
        move = contract._bill('2026-01-01')
        self.assertEqual(move.invoice_line_ids.name, 'Soporte\nDel 01/01/2026 al 31/01/2026')
        self.assertEqual(move.invoice_payment_term_id, self.partner_a.property_payment_term_id)
        self.assertEqual(move.fiscal_position_id, position)
        self.assertEqual(
            move.invoice_line_ids.analytic_distribution,
            {str(contract.analytic_account_id.id): 100},
        )
        address = self.env['res.partner'].create(
            {'name': 'Books', 'type': 'invoice', 'parent_id': self.partner_a.id}
        )
        self.assertEqual(contract._bill('2026-02-01').partner_id, address)

    def test_invoice_below_zero_is_held_back(self):
        """A rebate comes off what is charged with it; alone it would be an invoice to nobody."""
        rebate = self.monthly(name='Rebate', price_unit=-30.0)
        contract = self.create_contract(rebate)
        (entry,) = contract._preview_billing('2026-01-31')
        self.assertIn('less than nothing', entry['held'])
        self.assertFalse(contract._bill('2026-01-31'))
        contract.line_ids = [Command.create(self.monthly(price_unit=100.0))]
        self.assertEqual(contract._bill('2026-01-31').amount_untaxed, 70.0)

    def test_foreign_currency_needs_a_rate(self):
        currency = self.setup_other_currency('CAD', rates=[])
        currency.rate_ids.unlink()
        contract = self.create_contract(currency_id=currency.id)
        self.assertFalse(contract._bill('2026-01-01'))
        self.assertIn('CAD', contract._preview_billing('2026-01-01')[0]['held'])
        self.env['res.currency.rate'].create(
            {'currency_id': currency.id, 'rate': 2.0, 'name': '2025-01-01'}
        )
        contract.invalidate_recordset()
        self.assertEqual(contract._bill('2026-01-01').currency_id, currency)

    def test_contracts_of_several_companies_are_billed_in_their_own(self):
        other = self.setup_other_company(name='Billing Company B')['company']
        other.crm_contract_plan_id = self.env.company.crm_contract_plan_id
        contracts = self.create_contract() | self.create_contract(
            self.monthly(product_id=False, name='Support'), company_id=other.id, manager_id=False
        )
        moves = contracts._bill('2026-01-01')
        self.assertEqual(moves.company_id, self.env.company | other)
        self.assertEqual(moves.journal_id.company_id, self.env.company | other)

    def test_database_refuses_a_second_live_row(self):
        contract = self.create_contract(self.monthly(), self.milestone(date_due='2026-01-01'))
        contract._bill('2026-01-01')
        self.env.flush_all()
        for row in self.live(contract):
            with (
                self.subTest(kind=row.kind),
                mute_logger('odoo.sql_db'),
                self.assertRaises(psycopg2.errors.UniqueViolation),
                self.cr.savepoint(),
            ):
                self.env.cr.execute(
                    """INSERT INTO crm_contract_billing
                           (contract_id, line_id, currency_id, kind, state, date_due,
                            period_start, part)
                       SELECT contract_id, line_id, currency_id, kind, 'invoiced', date_due,
                              period_start, 0
                         FROM crm_contract_billing WHERE id = %s""",
                    [row.id],
                )

    def test_who_may_change_a_contract_may_bill_it(self):
        contract = self.create_contract()
        with self.assertRaises(AccessError):
            contract.with_user(self.colleague)._bill('2026-01-01')
        with self.assertRaises(AccessError):
            contract.with_user(self.colleague)._preview_billing('2026-01-01')
        self.assertTrue(contract.with_user(self.salesman)._bill('2026-01-01'))
        self.assertTrue(contract.with_user(self.accountant)._bill('2026-02-01'), 'who invoices')

    def test_screen_shows_the_preview_and_bills_it(self):
        contract = self.create_contract(self.monthly(), self.milestone())
        action = contract.action_bill()
        wizard = Form(self.env[action['res_model']].with_context(**action['context']))
        wizard.date_until = '2026-02-01'
        self.assertEqual(len(wizard.line_ids), 2)
        self.assertTrue(wizard.can_bill)
        result = wizard.save().action_bill()
        self.assertEqual(self.env['account.move'].browse(result['res_id']).amount_untaxed, 200.0)
        empty = self.env[action['res_model']].create(
            {'contract_ids': [Command.set(contract.ids)], 'date_until': '2026-02-01'}
        )
        self.assertFalse(empty.line_ids)
        self.assertFalse(empty.can_bill)

    def test_salesperson_bills_on_the_screen(self):
        action = self.create_contract().with_user(self.salesman).action_bill()
        wizard = (
            self.env[action['res_model']]
            .with_user(self.salesman)
            .with_context(**action['context'])
            .create({'date_until': '2026-03-01'})
        )
        self.assertEqual(sum(wizard.line_ids.mapped('amount')), 300.0)
        self.assertTrue(wizard.action_bill())
        self.assertEqual(len(self.live(wizard.contract_ids.sudo())), 3)
