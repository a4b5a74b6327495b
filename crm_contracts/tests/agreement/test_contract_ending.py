from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-05-11')
class TestContractEnding(BillingCase):
    """The day on which a contract ends, and how that is taken back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.create_contract(
            cls.monthly(price_unit=31.0, prorate=True), renewal_type='tacit', notice_days=60
        ).with_user(cls.salesman)

    def check_daily(self, day):
        with freeze_time(day), self.enter_registry_test_mode():
            self.env.ref('crm_contracts.ir_cron_contract_renewals').method_direct_trigger()

    def get_charged(self):
        rows = self.contract.sudo().billing_ids
        return sum(rows.filtered(lambda row: row.state == 'invoiced').mapped('amount'))

    # === THE DAY === #

    def test_past_day_leaves_what_was_charged_after_it_to_be_credited(self):
        self.contract._bill('2026-05-01').sudo().action_post()
        self.contract.action_close(reason='Sold', date='2026-05-01')
        self.assertEqual(self.contract.state, 'closed')
        self.assertEqual(str(self.contract.date_closed), '2026-05-01')
        self.assertEqual(self.contract.unused_amount, 30.0)
        churn = self.contract.sudo().mrr_movement_ids.sorted('position')[-1]
        self.assertEqual((churn.kind, str(churn.date)), ('churn', '2026-05-01'))

    def test_day_to_come_is_kept_and_carried_out_by_the_daily_check(self):
        self.contract.action_close(reason='Sold', date='2026-06-10')
        self.assertEqual(self.contract.state, 'open')
        self.contract._bill('2026-12-31')
        self.assertAlmostEqual(self.get_charged(), 5 * 31.0 + 10.33)
        self.check_daily('2026-06-10')
        self.assertEqual(self.contract.state, 'open', 'the last day')
        self.check_daily('2026-06-11')
        self.assertRecordValues(
            self.contract,
            [{'state': 'closed', 'close_reason': 'Sold'}],
        )
        self.assertEqual(str(self.contract.date_closed), '2026-06-10')

    def test_end_that_is_decided_is_neither_renewed_nor_announced(self):
        self.contract.action_close(date='2026-12-31')
        self.check_daily('2026-12-01')
        self.assertEqual(self.contract.state, 'open')
        self.assertFalse(self.contract.activity_ids)
        self.check_daily('2027-01-01')
        self.assertEqual(self.contract.state, 'closed')
        self.assertEqual(len(self.contract.term_ids), 1)

    def test_tacit_contract_renews_itself_up_to_a_later_end(self):
        self.contract.action_close(date='2027-02-15')
        self.check_daily('2027-01-01')
        self.assertEqual((self.contract.state, len(self.contract.term_ids)), ('open', 2))
        self.check_daily('2027-02-16')
        self.assertEqual(self.contract.state, 'closed')

    def test_days_that_are_none_of_the_contract_are_refused(self):
        with self.assertRaisesRegex(UserError, 'cannot end before'):
            self.contract.action_close(date='2025-12-31')
        self.contract.renewal_type = 'manual'
        with self.assertRaisesRegex(UserError, 'renew it before'):
            self.contract.action_close(date='2027-01-01')
        self.assertFalse(self.contract.date_closed or self.contract.date_closing)

    def test_dialogue_asks_for_the_last_day(self):
        wizard = self.env['crm.contract.closing'].with_user(self.salesman)
        form = Form(wizard.with_context(default_contract_ids=self.contract.ids))
        self.assertEqual(str(form.date), '2026-05-11')
        form.reason = 'Sold'
        form.date = '2026-08-31'
        form.save().action_close()
        self.assertEqual(str(self.contract.date_closing), '2026-08-31')
        self.assertEqual(self.contract.close_reason, 'Sold')

    # === REOPENING === #

    def test_contract_closed_by_mistake_goes_on_as_if_nothing_had_been(self):
        self.contract._bill('2026-05-01')
        mrr = self.contract.mrr
        self.contract.action_close(reason='Mistake', date='2026-05-05')
        with freeze_time('2026-06-20'):
            self.contract.action_reopen()
            self.assertRecordValues(
                self.contract,
                [{'state': 'open', 'date_closed': False, 'close_reason': False, 'mrr': mrr}],
            )
            self.assertFalse(self.contract.unused_amount)
            self.contract._bill('2026-06-20')
        self.assertEqual(self.get_charged(), 6 * 31.0)
        movements = self.contract.sudo().mrr_movement_ids.sorted('position')
        self.assertEqual(
            [(one.kind, str(one.date)) for one in movements[-2:]],
            [('churn', '2026-05-05'), ('reactivation', '2026-05-05')],
        )

    def test_what_was_credited_after_the_end_is_charged_again(self):
        self.contract._bill('2026-05-01').sudo().action_post()
        self.contract.action_close(date='2026-05-01')
        action = self.contract.action_credit_unused()
        refund = self.env['account.move'].browse(action['res_id'])
        refund.invoice_date = '2026-05-11'
        refund.action_post()
        self.assertEqual(self.get_charged(), 4 * 31.0 + 1.0)
        self.contract.action_reopen()
        self.contract._bill('2026-05-11')
        self.assertEqual(self.get_charged(), 5 * 31.0)

    def test_planned_end_is_taken_back(self):
        self.contract.action_close(date='2026-12-31')
        self.contract.action_reopen()
        self.assertFalse(self.contract.date_closing)
        self.check_daily('2027-01-01')
        self.assertEqual(len(self.contract.term_ids), 2)

    def test_what_cannot_be_reopened_says_why(self):
        with self.assertRaisesRegex(UserError, 'neither closed'):
            self.contract.action_reopen()
        history = self.create_contract(state='closed')
        with self.assertRaisesRegex(UserError, 'never ran here'):
            history.action_reopen()
        self.contract.action_cancel()
        with self.assertRaisesRegex(UserError, 'neither closed'):
            self.contract.action_reopen()

    def test_nobody_else_ends_or_reopens_it(self):
        for user in (self.colleague, self.accountant):
            contract = self.contract.with_user(user)
            with self.assertRaises(AccessError):
                contract.action_close(date='2026-12-31')
            with self.assertRaises(AccessError):
                contract.action_reopen()
        with self.assertRaises(AccessError):
            self.contract.date_closing = '2026-12-31'
