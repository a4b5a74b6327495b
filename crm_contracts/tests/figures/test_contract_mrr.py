import psycopg2

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractMrr(BillingCase):
    """The log of the monthly revenue: what changed it, and when."""

    def moves(self, contract):
        return [
            (str(move.date), move.kind, move.amount, move.mrr)
            for move in contract.mrr_movement_ids.sorted('position')
        ]

    def run_daily(self):
        with self.enter_registry_test_mode():
            self.env.ref('crm_contracts.ir_cron_contract_renewals').method_direct_trigger()

    def test_life_of_a_contract_is_told_by_its_movements(self):
        contract = self.create_contract(renewal_type='tacit', term_months=12)
        with freeze_time('2026-04-01'):
            contract.line_ids.price_unit = 150.0
            self.run_daily()
            self.run_daily()
        with freeze_time('2026-05-01'):
            contract.line_ids.price_unit = 120.0
            self.run_daily()
        with freeze_time('2026-06-01'):
            contract.action_close()
            self.run_daily()
        self.assertEqual(
            self.moves(contract),
            [
                ('2026-01-01', 'new', 100.0, 100.0),
                ('2026-04-01', 'expansion', 50.0, 150.0),
                ('2026-05-01', 'contraction', -30.0, 120.0),
                ('2026-06-01', 'churn', -120.0, 0.0),
            ],
        )

    def test_end_that_was_not_renewed_is_a_churn_until_it_is(self):
        contract = self.create_contract(date_end='2026-03-31')
        tacit = self.create_contract(date_end='2026-03-31', renewal_type='tacit', term_months=12)
        for day in ('2026-03-31', '2026-04-01'):
            with freeze_time(day):
                self.env.invalidate_all()
                self.run_daily()
                self.assertEqual(contract.mrr, 0.0 if day == '2026-04-01' else 100.0)
        with freeze_time('2026-04-10'):
            contract._renew('2027-03-31')
            self.run_daily()
            self.assertEqual(contract.mrr, 100.0)
        self.assertEqual(
            self.moves(contract)[1:],
            [
                ('2026-04-01', 'churn', -100.0, 0.0),
                ('2026-04-10', 'reactivation', 100.0, 100.0),
            ],
        )
        self.assertEqual(len(tacit.mrr_movement_ids), 1, 'it renews itself')

    def test_daily_check_ends_however_little_time_it_is_given(self):
        contract = self.create_contract()
        job = self.env.ref('crm_contracts.ir_cron_contract_renewals')
        progress = self.env['ir.cron.progress'].create({'cron_id': job.id})
        context = {'cron_id': job.id, 'ir_cron_progress_id': progress.id, 'cron_end_time': 0}
        contract.line_ids.price_unit = 150.0
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr, context=context)['crm.contract']._cron_check_renewals()
        self.assertEqual(self.moves(contract)[-1][1], 'expansion')
        self.assertEqual(progress.remaining, 0)

    def test_dates_alone_move_it(self):
        contract = self.create_contract(
            self.monthly(date_start='2026-04-01', date_end='2026-05-31'),
            self.monthly(date_start='2026-08-01'),
        )
        self.assertFalse(contract.mrr_movement_ids)
        for day in ('2026-04-01', '2026-06-01', '2026-08-01'):
            with freeze_time(day):
                self.env.invalidate_all()
                self.run_daily()
        self.assertEqual(
            [(day, kind) for day, kind, _amount, _mrr in self.moves(contract)],
            [
                ('2026-04-01', 'new'),
                ('2026-06-01', 'churn'),
                ('2026-08-01', 'reactivation'),
            ],
        )

    def test_line_counts_from_its_first_day_to_its_last(self):
        contract = self.create_contract(
            self.monthly(date_start='2026-02-10', date_end='2026-04-15')
        )
        for day, mrr in [
            ('2026-02-09', 0.0),
            ('2026-02-10', 100.0),
            ('2026-04-15', 100.0),
            ('2026-04-16', 0.0),
        ]:
            with self.subTest(day=day), freeze_time(day):
                self.env.invalidate_all()
                self.assertEqual(contract.mrr, mrr)

    def test_suspension_takes_it_away_for_a_while(self):
        contract = self.create_contract()
        contract.action_suspend('2026-04-01', '2026-04-30')
        for day in ('2026-03-31', '2026-04-01', '2026-05-01'):
            with freeze_time(day):
                self.env.invalidate_all()
                self.run_daily()
        self.assertEqual(
            [(day, kind) for day, kind, _amount, _mrr in self.moves(contract)],
            [('2026-01-01', 'new'), ('2026-04-01', 'churn'), ('2026-05-01', 'reactivation')],
        )

    def test_what_is_entered_late_has_the_history_of_its_dates(self):
        contract = self.create_contract(
            self.monthly(date_start='2025-01-01', date_end='2025-06-30'),
            self.monthly(date_start='2025-04-01'),
            date_start='2025-01-01',
            state='draft',
        )
        contract.action_confirm()
        self.assertEqual(
            self.moves(contract),
            [
                ('2025-01-01', 'new', 100.0, 100.0),
                ('2025-04-01', 'expansion', 100.0, 200.0),
                ('2025-07-01', 'contraction', -100.0, 100.0),
            ],
        )

    def test_what_is_entered_as_closed_has_its_history_too(self):
        contract = self.create_contract(
            date_start='2025-01-01', date_end='2025-12-31', date_closed='2025-09-15', state='closed'
        )
        self.assertEqual(
            self.moves(contract),
            [('2025-01-01', 'new', 100.0, 100.0), ('2025-09-15', 'churn', -100.0, 0.0)],
        )

    def test_draft_and_one_off_contracts_move_nothing(self):
        draft = self.create_contract(state='draft')
        milestone = self.create_contract(self.milestone())
        (draft | milestone)._log_mrr()
        self.assertFalse((draft | milestone).mrr_movement_ids)

    def test_amount_is_in_company_currency_at_the_rate_of_the_day(self):
        currency = self.setup_other_currency('EUR', rates=[('2026-01-01', 2.0)])
        contract = self.create_contract(currency_id=currency.id)
        self.assertRecordValues(
            contract.mrr_movement_ids, [{'amount': 100.0, 'mrr': 100.0, 'company_amount': 50.0}]
        )

    def test_database_refuses_the_same_change_twice(self):
        contract = self.create_contract()
        with (
            mute_logger('odoo.sql_db'),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.cr.savepoint(),
        ):
            contract.mrr_movement_ids.sudo().copy()

    def test_log_of_many_contracts_takes_the_queries_of_few(self):
        contracts = self.env['crm.contract'].create(
            [self.prepare_contract(name=f'Many {number}') for number in range(44)]
        )
        contracts.mrr_movement_ids.sudo().unlink()
        few, many = contracts[:4], contracts[4:]

        def count_queries(batch):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch._log_mrr()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count_queries(contracts[:0])
        self.assertEqual(count_queries(few), count_queries(many))
        self.assertEqual(len(contracts.mrr_movement_ids), 44)
