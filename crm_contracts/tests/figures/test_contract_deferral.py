from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase, ItemCase


def totals(deferrals):
    """Return {kind: amount} of deferrals."""
    amounts = {'deferred': 0.0, 'accrued': 0.0}
    for one in deferrals:
        amounts[one['kind']] += one['amount']
    return {kind: round(amount, 2) for kind, amount in amounts.items()}


@tagged('post_install', '-at_install')
@freeze_time('2027-01-20')
class TestContractDeferral(BillingCase):
    """Revenue belongs to the days for which it was charged, whenever it was invoiced."""

    def yearly(self, **values):
        return self.monthly(
            price_unit=1200.0,
            interval_unit='year',
            prorate=True,
            date_start='2026-04-01',
            **values,
        )

    def bill(self, contract, until, day=None, post=True):
        moves = contract._bill(until)
        moves.invoice_date = day or until
        if post:
            moves.action_post()
        return moves

    def test_what_was_billed_in_advance_is_deferred_by_its_days(self):
        contract = self.create_contract(self.yearly(), date_end='2027-03-31')
        self.bill(contract, '2026-04-01')
        self.assertEqual(
            totals(contract._get_deferrals('2026-12-31')),
            {'deferred': round(1200 * 90 / 365, 2), 'accrued': 0.0},
        )
        (deferral,) = contract._get_deferrals('2026-12-31')
        self.assertEqual(deferral['account_id'], self.company_data['default_account_revenue'].id)
        self.assertEqual(deferral['line_id'], contract.line_ids.id)
        self.assertFalse(contract._get_deferrals('2027-03-31'))

    def test_what_is_billed_in_arrears_is_accrued_by_its_days(self):
        contract = self.create_contract(self.yearly(timing='arrears'), date_end='2027-03-31')
        self.assertEqual(
            totals(contract._get_deferrals('2026-12-31')),
            {'deferred': 0.0, 'accrued': round(1200 * 275 / 365, 2)},
        )

    def test_what_is_billed_after_the_closing_day_is_accrued_on_its_account(self):
        contract = self.create_contract(self.monthly(timing='arrears'), date_end='2027-12-31')
        self.bill(contract, '2026-12-01')
        draft = self.bill(contract, '2027-01-01', post=False)
        self.assertEqual(
            totals(contract._get_deferrals('2026-12-31')), {'deferred': 0.0, 'accrued': 100.0}
        )
        draft.action_post()
        (deferral,) = contract._get_deferrals('2026-12-31')
        self.assertEqual((deferral['kind'], deferral['amount']), ('accrued', 100.0))
        self.assertEqual(deferral['account_id'], draft.invoice_line_ids.account_id.id)
        self.assertFalse(contract._get_deferrals('2027-01-01')[1:])

    def test_account_is_that_of_the_invoice_to_come(self):
        revenue = self.company_data['default_account_revenue']
        own, mapped = (revenue.copy({'code': code}) for code in ('700998', '700999'))
        self.env.company.crm_contract_recurring_product_id = self.env['product.product'].create(
            {'name': 'Usual', 'type': 'service', 'property_account_income_id': own.id}
        )
        position = self.env['account.fiscal.position'].create({'name': 'Abroad'})
        position.account_ids = [
            Command.create({'account_src_id': own.id, 'account_dest_id': mapped.id})
        ]
        bare = {'name': 'Bare', 'price_unit': 100.0, 'timing': 'arrears'}
        contracts = self.create_contract(bare) | self.create_contract(
            bare, fiscal_position_id=position.id
        )
        for contract, account in zip(contracts, (own, mapped), strict=True):
            (deferral,) = contract._get_deferrals('2026-01-31')
            move = contract._bill('2026-02-01')
            self.assertEqual(move.invoice_line_ids.account_id, account)
            self.assertEqual(deferral['account_id'], account.id)

    def test_both_sides_of_a_day_add_up_to_the_documents(self):
        """What is earned up to a day is invoiced up to it, less deferred, plus accrued."""
        contract = self.create_contract(self.yearly(), date_end='2027-03-31')
        self.bill(contract, '2026-04-01', day='2026-12-20')
        for day, earned in (('2026-12-19', 263), ('2026-12-20', 264), ('2027-01-31', 306)):
            with self.subTest(day=day):
                found = totals(contract._get_deferrals(day))
                invoiced = 1200.0 if day >= '2026-12-20' else 0.0
                self.assertAlmostEqual(
                    invoiced - found['deferred'] + found['accrued'], 1200 * earned / 365, 2
                )

    def test_credited_days_are_deferred_no_more(self):
        contract = self.create_contract(self.yearly(), date_end='2027-03-31')
        self.bill(contract, '2026-04-01')
        contract.sudo().write({'state': 'closed', 'date_closed': '2026-09-30'})
        self.assertEqual(
            totals(contract._get_deferrals('2026-12-31'))['deferred'], round(1200 * 90 / 365, 2)
        )
        with freeze_time('2026-12-15'):
            contract.action_credit_unused()
            refund = self.env['account.move'].search(
                [('move_type', '=', 'out_refund'), ('crm_contract_ids', 'in', contract.ids)]
            )
            refund.action_post()
        self.assertEqual(refund.amount_untaxed, round(1200 * 182 / 365, 2))
        self.assertFalse(contract._get_deferrals('2026-12-31'))
        self.assertEqual(
            totals(contract._get_deferrals('2026-08-31'))['deferred'], round(1200 * 212 / 365, 2)
        )

    def test_credit_note_after_the_closing_day_counts_for_it(self):
        contract = self.create_contract(self.monthly(), date_end='2026-12-31')
        move = self.bill(contract, '2026-12-01')
        self.credit(move, price_unit=10.0, post=False).write({'invoice_date': '2027-01-10'})
        refund = move.reversal_move_ids
        refund.action_post()
        found = totals(contract._get_deferrals('2026-12-31'))
        self.assertEqual(found, {'deferred': 0.0, 'accrued': -120.0})

    def test_milestone_is_earned_when_due_or_invoiced(self):
        contract = self.create_contract(
            self.milestone(date_due='2026-12-31'), self.milestone(date_due='2027-01-01')
        )
        self.assertEqual(
            totals(contract._get_deferrals('2026-12-31')), {'deferred': 0.0, 'accrued': 5000.0}
        )
        self.bill(contract, '2027-01-01', day='2026-12-30')
        self.assertFalse(contract._get_deferrals('2026-12-31'))

    def test_drafts_and_strangers(self):
        draft = self.create_contract(self.monthly(timing='arrears'), state='draft')
        self.assertFalse(draft._get_deferrals('2026-12-31'))
        foreign = self.create_contract(manager_id=self.colleague.id)
        with self.assertRaises(AccessError):
            foreign.with_user(self.salesman)._get_deferrals('2026-12-31')
        with self.assertRaises(AccessError):
            self.env['crm.contract.deferring'].with_user(self.salesman).create({})

    def test_foreign_currency_is_booked_at_its_rates(self):
        currency = self.setup_other_currency(
            'EUR', rates=[('2026-01-01', 2.0), ('2026-12-31', 4.0)]
        )
        contract = self.create_contract(
            self.yearly(), date_end='2027-03-31', currency_id=currency.id
        )
        self.bill(contract, '2026-04-01')
        (deferral,) = contract._get_deferrals('2026-12-31')
        self.assertEqual(deferral['amount'], 295.89)
        self.assertEqual(deferral['company_amount'], 147.95)
        owed = self.create_contract(
            self.yearly(timing='arrears'), date_end='2027-03-31', currency_id=currency.id
        )
        (accrual,) = owed._get_deferrals('2026-12-31')
        self.assertEqual((accrual['amount'], accrual['company_amount']), (904.11, 226.03))

    def test_queries_do_not_grow_with_the_contracts(self):
        contracts = self.env['crm.contract'].create(
            [
                self.prepare_contract(
                    self.yearly(), self.monthly(timing='arrears'), name=f'{number}'
                )
                for number in range(24)
            ]
        )
        self.bill(contracts, '2026-06-30')

        def count_queries(batch):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch._get_deferrals('2026-12-31')
            return self.env.cr.sql_log_count - before

        count_queries(contracts[:4])
        self.assertEqual(count_queries(contracts[:4]), count_queries(contracts[4:]))

    # === THE ENTRY === #

    def defer(self, contracts, **values):
        return (
            self.env['crm.contract.deferring']
            .with_user(self.accountant)
            .create({'date': '2026-12-31', 'contract_ids': [Command.set(contracts.ids)], **values})
        )

    def accounts(self):
        return {
            'deferred_account_id': self.create_account('liability_current', '999901').id,
            'accrued_account_id': self.create_account('asset_current', '999902').id,
        }

    def create_account(self, account_type, code):
        return self.env['account.account'].create(
            {'name': account_type, 'code': code, 'account_type': account_type}
        )

    def test_entry_takes_off_what_is_deferred_and_adds_what_is_accrued(self):
        advance = self.create_contract(self.yearly(), date_end='2027-03-31')
        arrears = self.create_contract(self.yearly(timing='arrears'), date_end='2027-03-31')
        self.bill(advance, '2026-04-01')
        deferring = self.defer(advance | arrears, **self.accounts())
        self.assertEqual((deferring.amount_deferred, deferring.amount_accrued), (295.89, 904.11))
        action = deferring.action_create_entry()
        entry, reversal = self.env['account.move'].search(action['domain'], order='date')
        self.assertEqual((entry.state, reversal.state), ('draft', 'draft'))
        self.assertEqual((str(entry.date), str(reversal.date)), ('2026-12-31', '2027-01-01'))
        self.assertEqual(reversal.reversed_entry_id, entry)
        income = self.company_data['default_account_revenue']
        balances = [(line.account_id, line.balance) for line in entry.line_ids]
        self.assertEqual(
            balances,
            [
                (income, 295.89),
                (deferring.deferred_account_id, -295.89),
                (income, -904.11),
                (deferring.accrued_account_id, 904.11),
            ],
        )
        self.assertEqual(
            reversal.line_ids.mapped('balance'), [-balance for _account, balance in balances]
        )
        (entry | reversal).action_post()

    def test_day_is_booked_once(self):
        contract = self.create_contract(self.yearly(timing='arrears'), date_end='2027-03-31')
        accounts = self.accounts()
        self.defer(contract, **accounts).action_create_entry()
        again = self.defer(contract)
        self.assertEqual(again.deferred_account_id.id, accounts['deferred_account_id'])
        with self.assertRaisesRegex(UserError, 'booked already'):
            again.action_create_entry()
        again.move_ids.button_cancel()
        self.defer(contract).action_create_entry()

    def test_what_is_missing_is_named(self):
        contract = self.create_contract(self.yearly(timing='arrears'), date_end='2027-03-31')
        with self.assertRaisesRegex(UserError, 'Accrued'):
            self.defer(contract).action_create_entry()
        with self.assertRaisesRegex(UserError, 'after the closing day'):
            self.defer(contract, reversal_date='2026-12-31').action_create_entry()
        with self.assertRaisesRegex(UserError, 'nothing to defer'):
            self.defer(contract, date='2026-03-31').action_create_entry()

    def test_it_is_of_all_contracts_where_none_is_chosen(self):
        contract = self.create_contract(self.yearly(timing='arrears'), date_end='2027-03-31')
        deferring = self.env['crm.contract.deferring'].with_user(self.accountant).create({})
        self.assertEqual(deferring.date, Date.to_date('2026-12-31'))
        self.assertIn(contract, deferring.line_ids.contract_id)
        html, _type = self.env['ir.actions.report']._render_qweb_html(
            'crm_contracts.report_crm_contract_deferring', deferring.ids
        )
        self.assertIn(contract.code, html.decode())
        self.assertIn('904.11', html.decode())


@tagged('post_install', '-at_install')
@freeze_time('2026-07-20')
class TestContractDeferralItems(ItemCase):
    def test_hours_and_costs_have_their_own_days(self):
        self.book(self.ben, 2, date='2026-06-30')
        self.book(self.ben, 3, date='2026-07-01')
        self.spend(50.0)
        self.assertEqual(totals(self.contract._get_deferrals('2026-06-30'))['accrued'], 170.0)
        self.contract._bill('2026-07-10')
        self.assertEqual(totals(self.contract._get_deferrals('2026-06-30'))['accrued'], 170.0)
        self.contract.billing_ids.move_line_ids.move_id.write({'invoice_date': '2026-06-30'})
        self.contract.billing_ids.move_line_ids.move_id.action_post()
        self.assertEqual(
            totals(self.contract._get_deferrals('2026-06-30')), {'deferred': 180.0, 'accrued': 0.0}
        )
