from odoo.tests import freeze_time, tagged

from ..common import CASE_MODELS
from ..mail.common import ServiceMailCommon
from .common import ServicePortalCommon


@tagged('post_install', '-at_install')
class TestCaseRating(ServiceMailCommon, ServicePortalCommon):
    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref('crm_claims.ir_cron_request_ratings').method_direct_trigger()

    def get_requests(self, case):
        return case.message_ids.filtered(
            lambda message: message.message_type == 'auto_comment' and '/rate/' in message.body
        )

    def test_customer_is_asked_once_when_the_case_is_solved(self):
        self.repairs.rating_days = 0
        for model_name in CASE_MODELS:
            case = self.create_case(model_name)
            case.action_solve()
            self.assertTrue(case.rating_due)
            self.assertFalse(self.get_requests(case), 'asked inside the transaction')
            self.run_cron()
            self.run_cron()
            request = self.get_requests(case)
            self.assertEqual(len(request), 1)
            self.assertEqual(request.notified_partner_ids, self.customer)
            self.assertIn(case.rating_ids.access_token, request.body)

    def test_asked_again_only_after_reopening_and_solving(self):
        self.repairs.rating_days = 0
        second = self.env['service.stage'].create({'name': 'Settled', 'kind': 'solved'})
        case = self.create_case()
        case.action_solve()
        self.run_cron()
        case.stage_id = second
        self.run_cron()
        self.assertEqual(len(self.get_requests(case)), 1, 'another stage of the same kind')
        case.action_reopen()
        self.run_cron()
        self.assertEqual(len(self.get_requests(case)), 1)
        case.action_solve()
        self.run_cron()
        self.assertEqual(len(self.get_requests(case)), 2)

    def test_reopened_before_the_request_is_not_asked(self):
        case = self.create_case()
        case.action_solve()
        case.action_reopen()
        self.run_cron()
        self.assertFalse(self.get_requests(case))

    def test_who_is_not_asked(self):
        silent = self.env['service.team'].create({'name': 'Silent', 'rating_active': False})
        rejected = self.create_case()
        rejected.action_reject()
        others = [
            self.create_case('service.claim', against='supplier'),
            self.create_case(team_id=silent.id),
            self.create_case(partner_id=False),
        ]
        for case in others:
            case.action_solve()
        self.run_cron()
        for case in [rejected, *others]:
            self.assertFalse(self.get_requests(case))

    def test_customer_is_asked_once_in_the_days_that_the_team_sets(self):
        self.repairs.rating_days = 10
        for moment, is_asked in (
            ('2026-03-02 09:00:00', True),
            ('2026-03-12 08:59:00', False),
            ('2026-03-12 09:00:00', True),
        ):
            with freeze_time(moment):
                cases = [self.create_case(model_name) for model_name in CASE_MODELS]
                for case in cases:
                    case.action_solve()
                self.run_cron()
                self.assertEqual(
                    len(self.get_requests(cases[0]) + self.get_requests(cases[1])), is_asked, moment
                )
                self.assertFalse(cases[0].rating_due or cases[1].rating_due)

    def test_who_did_not_answer_us_is_not_asked_for_an_opinion(self):
        self.repairs.rating_days = 0
        case = self.create_case()
        case.stage_id = self.stages['waiting']
        case._close_unanswered()
        self.assertEqual(case.stage_kind, 'solved')
        self.run_cron()
        self.assertFalse(self.get_requests(case))
        case.action_reopen()
        case.action_solve()
        self.run_cron()
        self.assertTrue(self.get_requests(case))

    def test_request_speaks_the_language_of_the_customer(self):
        self.env['res.lang']._activate_lang('es_ES')
        template = self.env.ref('crm_claims.mail_template_service_ticket_rating')
        template.with_context(lang='es_ES').subject = 'Su opinión'
        self.customer.lang = 'es_ES'
        case = self.create_case()
        case.action_solve()
        self.run_cron()
        self.assertEqual(self.get_requests(case).subject, 'Su opinión')

    def test_opinion_stays_on_the_case_and_counts_for_the_team(self):
        happy, unhappy = self.create_case(), self.create_case()
        for case, value in ((happy, 5), (unhappy, 1)):
            case.action_solve()
            case._apply_rating(value, 'So it was')
        self.run_cron()
        self.assertFalse(self.get_requests(happy), 'rated in the portal already')
        self.assertEqual((happy.rating_last_value, unhappy.rating_last_value), (5, 1))
        self.assertRecordValues(
            self.repairs, [{'rating_count': 2, 'rating_percentage_satisfaction': 50}]
        )
        found = self.env['rating.rating'].search(self.repairs.action_view_ratings()['domain'])
        self.assertEqual(len(found), 2)
        self.assertEqual((happy | unhappy).mapped('stage_kind'), ['solved', 'solved'])

    def test_ratings_follow_a_merge_and_what_was_merged_is_not_asked_about(self):
        first, second = self.create_case(), self.create_case()
        second.action_solve()
        second._apply_rating(1, 'Slow')
        second.action_reopen()
        second.action_solve()
        (first | second).action_merge()
        first.invalidate_recordset()
        self.assertEqual(first.rating_ids.feedback, 'Slow')
        self.run_cron()
        self.assertFalse(self.get_requests(first | second))

    def test_one_request_that_fails_stops_no_other(self):
        good, bad = self.create_case(), self.create_case('service.claim')
        good.action_solve()
        bad.action_solve()
        self.env.ref('crm_claims.mail_template_service_claim_rating').unlink()
        with self.assertLogs('odoo.addons.crm_extended.models.shared.crm_batch_mixin', 'ERROR'):
            self.run_cron()
        self.assertTrue(self.get_requests(good))
        self.assertTrue(bad.rating_due, 'tried again later')

    def test_solving_costs_the_same_for_few_and_many(self):
        def solve(count):
            # not in the second in which they came: the calendar is asked how long it took
            with freeze_time('2026-06-15 09:00:00'):
                cases = self.env['service.ticket'].create(
                    [
                        {'name': 'x', 'partner_id': self.customer.id, 'team_id': self.repairs.id}
                        for _number in range(count)
                    ]
                )
                self.env.flush_all()
            with freeze_time('2026-06-15 11:00:00'):
                before = self.env.cr.sql_log_count
                cases.action_solve()
                self.env.flush_all()
                return self.env.cr.sql_log_count - before

        solve(1)
        self.assertLessEqual(solve(80), solve(10))

    # === IN THE PORTAL === #

    def test_customer_rates_in_the_portal(self):
        case = self.create_case(partner_id=self.contact.id)
        self.enter(self.lucia)
        url = f'{case.access_url}/rate'
        self.post(url, data={'rating': '5'})
        self.assertFalse(case.rating_ids, 'not solved yet')
        case.action_solve()
        for wrong in ('0', '4', '99', 'x', ''):
            self.assertEqual(self.post(url, data={'rating': wrong}).status_code, 400)
        self.enter(self.rival)
        self.assertEqual(self.post(url, data={'rating': '1'}).status_code, 404)
        self.enter(self.lucia)
        self.post(url, data={'rating': '3', 'feedback': '<b>slow</b>'})
        self.assertRecordValues(
            case.rating_ids, [{'rating': 3, 'feedback': '<b>slow</b>', 'consumed': True}]
        )
        self.assertIn('o_service_rated', self.get(case.access_url).text)
        self.post(url, data={'rating': '5'})
        self.assertEqual(case.rating_ids.rating, 3, 'once per solution')
        self.assertEqual(case.stage_kind, 'solved')

    def test_link_of_the_mail_asks_before_it_rates(self):
        case = self.create_case()
        case.action_solve()
        self.run_cron()
        token = case.rating_ids.access_token
        self.assertEqual(self.get(f'/rate/{token}/5').status_code, 200)
        self.assertFalse(case.rating_ids.consumed)
        self.post(f'/rate/{token}/submit_feedback', data={'rate': '5'})
        self.assertEqual(case.rating_last_value, 5)
        self.assertEqual(case.stage_kind, 'solved')
