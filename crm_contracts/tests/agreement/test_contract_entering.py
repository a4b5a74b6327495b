from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase

DAYS = ('2026-11-20', '2026-11-21', '2026-11-22')


@tagged('post_install', '-at_install')
class TestContractEntering(BillingCase):
    """Contracts that are entered, or imported, in the state that they are in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_a.email = 'customer@example.com'
        cls.env.company.write(
            {'crm_contract_notice_earliest': 45, 'crm_contract_notice_latest': 15}
        )

    def check_renewals(self, day):
        with freeze_time(day), self.enter_registry_test_mode():
            self.env.ref('crm_contracts.ir_cron_contract_renewals').method_direct_trigger()

    @freeze_time('2026-11-20')
    def test_contract_entered_as_to_renew_is_complete(self):
        contract = self.create_contract(
            state='to_renew', notify_customer=True, create_project=True, term_months=12
        )
        self.assertEqual(contract.state, 'to_renew')
        self.assertRecordValues(
            contract.term_ids,
            [{'date_start': contract.date_start, 'date_end': contract.date_end}],
        )
        self.assertTrue(contract.sudo().project_ids)
        self.assertEqual(contract.mrr_movement_ids.mapped('amount'), [100.0])
        line = contract._bill('2026-01-01').invoice_line_ids
        self.assertEqual(line.analytic_distribution, {str(contract.analytic_account_id.id): 100})
        renewal = self.env.ref('crm_contracts.mail_activity_type_renewal')
        self.assertEqual(contract.activity_ids.activity_type_id, renewal)

    @freeze_time('2026-11-20')
    def test_contract_entered_as_to_renew_is_renewed_into_a_second_term(self):
        contract = self.create_contract(state='to_renew')
        contract._renew()
        self.assertEqual(
            [str(day) for day in contract.term_ids.mapped('date_start')],
            ['2027-01-01', '2026-01-01'],
        )
        self.assertEqual((contract.state, str(contract.date_end)), ('open', '2027-12-31'))

    def test_customer_of_a_contract_entered_as_to_renew_is_told_once(self):
        with freeze_time('2026-11-20'):
            contract = self.create_contract(state='to_renew', notify_customer=True)
        for day in DAYS:
            self.check_renewals(day)
        told = contract.message_ids.filtered(
            lambda message: message.subject and contract.code in message.subject
        )
        self.assertEqual(len(told), 1)
        self.assertEqual(contract.term_ids.customer_notice, 'sent')

    @freeze_time('2026-11-20')
    def test_running_contract_that_is_to_renew_keeps_what_it_has(self):
        contract = self.create_contract()
        account, movements = contract.analytic_account_id, contract.mrr_movement_ids
        contract.write({'state': 'to_renew'})
        self.assertEqual(len(contract.term_ids), 1)
        self.assertEqual(contract.analytic_account_id, account)
        self.assertEqual(contract.mrr_movement_ids, movements)

    @freeze_time('2026-03-10')
    def test_contract_entered_as_closed_is_history_and_keeps_its_dates(self):
        history = self.create_contract(
            state='closed', date_start='2024-01-01', date_end='2025-12-31', date_closed='2025-06-30'
        )
        self.assertEqual(str(history.date_closed), '2025-06-30')
        self.assertEqual(str(history.date_end), '2025-12-31')
        self.assertFalse(history.term_ids)
        self.assertFalse(history.analytic_account_id)
        self.assertFalse(history.next_billing_date)
        self.assertEqual(history.amount_to_invoice, 0.0)
        self.assertFalse(history._bill())
        self.assertTrue(all(entry['held'] for entry in history._preview_billing()))
        self.run_cron()
        self.assertFalse(history.billing_ids)
        self.assertFalse(history.billing_error)
        self.assertEqual(str(self.create_contract(state='closed').date_closed), '2026-03-10')

    @freeze_time('2026-03-10')
    def test_contract_that_ran_is_billed_up_to_the_day_on_which_it_was_closed(self):
        contract = self.create_contract()
        contract.action_close()
        self.run_cron()
        self.assertEqual(
            [start for start, _end, _amount in self.periods(contract)],
            ['2026-01-01', '2026-02-01', '2026-03-01'],
        )
