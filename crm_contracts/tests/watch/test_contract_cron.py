from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import html2plaintext, mute_logger

from ..common import ContractCase


@tagged('post_install', '-at_install')
class TestContractCron(ContractCase):
    @freeze_time('2026-12-01')
    def test_contract_is_to_renew_from_its_notice_day(self):
        self.salesman.lang = 'en_US'
        due = self.create_running()
        tomorrow = self.create_running(notice_days=29)
        self.run_cron()
        self.assertEqual((due | tomorrow).mapped('state'), ['to_renew', 'open'])
        self.assertFalse(self.renewal_activities(tomorrow))
        self.assertRecordValues(
            self.renewal_activities(due),
            [{'user_id': self.salesman.id, 'summary': 'Decide on the renewal'}],
        )

    @freeze_time('2026-12-01')
    def test_second_run_does_no_harm(self):
        contract = self.create_running()
        self.run_cron()
        self.run_cron()
        self.assertEqual(contract.state, 'to_renew')
        self.assertEqual(len(self.renewal_activities(contract)), 1)

    @freeze_time('2026-12-01')
    def test_contract_without_manager_tells_the_leader_or_an_administrator(self):
        leader = new_test_user(
            self.env, login='contract_leader', groups='sales_team.group_sale_salesman_all_leads'
        )
        team = self.env['crm.team'].create({'name': 'Led', 'user_id': leader.id})
        led = self.create_running(manager_id=False, team_id=team.id)
        alone = self.create_running(manager_id=False, team_id=self.leaderless_team.id)
        self.run_cron()
        self.assertEqual((led | alone).mapped('state'), ['to_renew', 'to_renew'])
        self.assertEqual(self.renewal_activities(led).user_id, leader)
        self.assertTrue(
            self.renewal_activities(alone).user_id.has_group('sales_team.group_sale_manager')
        )

    @freeze_time('2026-12-01')
    def test_archived_manager_leaves_the_decision_to_the_leader(self):
        leader = new_test_user(
            self.env, login='contract_leader', groups='sales_team.group_sale_salesman_all_leads'
        )
        team = self.env['crm.team'].create({'name': 'Led', 'user_id': leader.id})
        contract = self.create_running(team_id=team.id)
        contract.team_id = team
        self.salesman.active = False
        self.run_cron()
        self.assertEqual(self.renewal_activities(contract).user_id, leader)

    def test_manager_has_an_activity_in_the_second_term_too(self):
        contract = self.create_running(date_end='2026-06-30', term_months=6)
        for day in ('2026-06-01', '2026-12-01'):
            with freeze_time(day):
                self.run_cron()
                self.run_cron()
                self.assertEqual(contract.state, 'to_renew')
                self.assertEqual(self.renewal_activities(contract).user_id, self.salesman)
                self.assertEqual(len(self.renewal_activities(contract)), 1)
                contract._renew()
                self.assertFalse(self.renewal_activities(contract))
        self.assertEqual(len(contract.term_ids), 3)

    @freeze_time('2027-01-01')
    def test_tacit_contract_renews_itself_the_day_after_its_end(self):
        contract = self.create_running(renewal_type='tacit', notice_days=10)
        waiting = self.create_running(renewal_type='tacit', date_end='2027-01-01', notice_days=0)
        self.run_cron()
        self.assertEqual(contract.state, 'open')
        self.assertEqual(str(contract.date_end), '2027-12-31')
        self.assertEqual(len(contract.term_ids), 2)
        self.assertEqual(waiting.state, 'to_renew', 'the last day is included')
        self.assertEqual(len(waiting.term_ids), 1)

    @freeze_time('2026-12-15')
    def test_tacit_contract_announces_itself_before(self):
        self.salesman.lang = 'en_US'
        contract = self.create_running(renewal_type='tacit')
        in_time = self.create_running(renewal_type='tacit', notice_days=16)
        self.run_cron()
        self.assertEqual(contract.state, 'to_renew')
        activities = self.renewal_activities(contract), self.renewal_activities(in_time)
        self.assertEqual(
            [html2plaintext(one.note).strip() for one in activities],
            [
                'After 12/31/2026 it goes on for another year.',
                'It goes on for another year unless notice is given by 12/15/2026.',
            ],
        )
        with freeze_time('2027-01-02'):
            self.run_cron()
        self.assertEqual(contract.state, 'open')
        self.assertFalse(self.renewal_activities(contract))

    @freeze_time('2027-01-02')
    def test_tacit_renewal_that_nobody_was_told_of_is_told_at_once(self):
        self.salesman.lang = 'en_US'
        contract = self.create_running(renewal_type='tacit')
        self.run_cron()
        self.assertEqual(str(contract.date_end), '2027-12-31')
        self.assertRecordValues(
            self.renewal_activities(contract),
            [{'user_id': self.salesman.id, 'summary': 'Renewed itself without being announced'}],
        )

    @freeze_time('2029-05-10')
    def test_missed_terms_are_made_up_for_one_by_one(self):
        contract = self.create_running(renewal_type='tacit')
        self.run_cron()
        self.assertEqual(
            self.term_dates(contract),
            [(f'{year}-01-01', f'{year}-12-31') for year in (2026, 2027, 2028, 2029)],
        )

    @freeze_time('2027-01-01')
    def test_contract_that_is_not_renewed_closes_itself(self):
        ended = self.create_running(renewal_type='none')
        waiting = self.create_running(renewal_type='none', date_end='2027-01-01')
        self.run_cron()
        self.assertEqual((ended | waiting).mapped('state'), ['closed', 'open'])
        self.assertTrue(ended.close_reason)

    @freeze_time('2027-06-01')
    def test_manual_contract_past_its_end_waits_for_a_decision(self):
        contract = self.create_running()
        self.run_cron()
        self.run_cron()
        self.assertEqual(contract.state, 'to_renew')
        self.assertEqual(len(contract.term_ids), 1)

    @freeze_time('2027-01-01')
    def test_draft_closed_and_cancelled_contracts_rest(self):
        resting = self.env['crm.contract'].concat(
            *(
                self.create_contract(state=state, renewal_type=renewal)
                for state in ('draft', 'closed', 'cancelled')
                for renewal in ('manual', 'tacit')
            )
        )
        before = resting.mapped('state')
        self.run_cron()
        self.assertEqual(resting.mapped('state'), before)

    @freeze_time('2027-01-01')
    def test_broken_contract_stops_nobody(self):
        broken, good = self.create_running(renewal_type='tacit'), self.create_running()
        self.env.flush_all()
        self.env.cr.execute('UPDATE crm_contract SET term_months = 0 WHERE id = %s', [broken.id])
        broken.invalidate_recordset()
        with mute_logger('odoo.addons.crm_extended.models.shared.crm_batch_mixin'):
            self.run_cron()
        self.assertEqual(good.state, 'to_renew')
        self.assertEqual(broken.state, 'open')
        self.assertEqual(len(broken.term_ids), 1)
        self.assertFalse(self._failures(good))

    @freeze_time('2027-01-01')
    def test_contract_that_cannot_renew_is_told_once_and_until_it_does(self):
        contract = self.create_running(renewal_type='tacit')
        self.env.flush_all()
        self.env.cr.execute('UPDATE crm_contract SET term_months = 0 WHERE id = %s', [contract.id])
        contract.invalidate_recordset()
        with mute_logger('odoo.addons.crm_extended.models.shared.crm_batch_mixin'):
            self.run_cron()
            self.run_cron()
        failure = self._failures(contract)
        self.assertEqual(failure.user_id, self.salesman)
        self.assertIn('give it renewal months', failure.note)
        contract.term_months = 12
        self.run_cron()
        self.assertEqual(str(contract.date_end), '2027-12-31')
        self.assertFalse(self._failures(contract))

    def _failures(self, contract):
        failure = self.env.ref('crm_contracts.mail_activity_type_failure')
        return contract.activity_ids.filtered(lambda activity: activity.activity_type_id == failure)

    @freeze_time('2026-12-01')
    def test_renewal_sends_no_mail_per_contract(self):
        contracts = self.env['crm.contract'].concat(
            *(self.create_running() for _number in range(3))
        )
        mails = self.env['mail.mail'].search_count([])
        self.run_cron()
        self.assertEqual(set(contracts.mapped('state')), {'to_renew'})
        self.assertEqual(self.env['mail.mail'].search_count([]), mails)
