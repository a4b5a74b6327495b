from odoo.tests import freeze_time, tagged

from .common import ServiceSlaCommon

OPENED = '2026-03-02 08:00:00'


@tagged('post_install', '-at_install')
class TestSlaSentence(ServiceSlaCommon):
    """An answer is promised by Monday 2 March 2026 at 13:00 in Madrid, the end by Tuesday 18:00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._lang_get('en_US').time_format = '%H:%M:%S'
        cls.policy = cls.create_policy(next_response_hours=2)
        cls.agent.write({'tz': 'Europe/Madrid', 'lang': 'en_US'})

    def open_case(self, **values):
        return self.at(OPENED, self.create_case, **values)

    def assertSays(self, case, moment, text, level, **context):
        with freeze_time(moment):
            self.env.invalidate_all()
            shown = case.with_user(self.agent).with_context(**context)
            self.assertEqual(shown.promise_text, text)
            self.assertEqual(shown.promise_level, level)

    def answer(self, case, moment, **values):
        values = {'message_type': 'comment', 'subtype_xmlid': 'mail.mt_comment', **values}
        self.at(moment, lambda: case.with_user(self.agent).message_post(body='Yes', **values))

    def test_sentence_says_what_is_due_until_when(self):
        case = self.open_case()
        for moment, text, level in (
            (OPENED, 'Answer before today 13:00 · solve before tomorrow 18:00', 'info'),
            (
                '2026-03-02 10:00:00',
                'Answer before today 13:00 · solve before tomorrow 18:00',
                'warning',
            ),
            (
                '2026-03-02 14:00:00',
                'Answer overdue since 2 h · solve before tomorrow 18:00',
                'danger',
            ),
            (
                '2026-03-02 23:00:00',
                'Answer overdue since 11 h · solve before today 18:00',
                'danger',
            ),
            (
                '2026-03-05 17:00:00',
                'Answer overdue since 3 days · solution overdue since 2 days',
                'danger',
            ),
        ):
            with self.subTest(moment=moment):
                self.assertSays(case, moment, text, level)

    def test_no_card_breaks_a_time_before_pm(self):
        self.env['res.lang']._lang_get('en_US').time_format = '%I:%M:%S %p'
        text = 'Answer before today 01:00\xa0PM · solve before tomorrow 06:00\xa0PM'
        self.assertSays(self.open_case(), OPENED, text, 'info')

    def test_moments_are_those_of_the_user(self):
        case = self.open_case()
        self.assertSays(
            case,
            '2026-03-02 08:00:00',
            'Answer before today 21:00 · solve before Wednesday 02:00',
            'info',
            tz='Asia/Tokyo',
        )
        self.agent.tz = False
        self.assertSays(
            case, OPENED, 'Answer before today 13:00 · solve before tomorrow 18:00', 'info'
        )

    def test_far_days_have_a_date(self):
        self.policy.resolution_hours = 80
        self.policy.first_response_hours = 0
        case = self.open_case()
        self.assertSays(case, OPENED, 'Solve before Mar 13 18:00', 'info')

    def test_what_stands_is_paused(self):
        case = self.open_case()
        self.at('2026-03-02 09:00:00', self.move, case, 'waiting')
        self.assertSays(case, '2026-03-05 09:00:00', 'Paused', 'muted')

    def test_date_that_was_agreed_on_is_told_beside(self):
        self.policy.first_response_hours = 0
        case = self.open_case(date_deadline='2026-03-02 11:00:00')
        text = 'Solve before tomorrow 18:00 · agreed for today 12:00'
        self.assertSays(case, OPENED, text, 'info')
        text = 'Solve before tomorrow 18:00 · agreed date passed 30 min ago'
        self.assertSays(case, '2026-03-02 11:30:00', text, 'danger')
        self.policy.active = False
        self.assertSays(self.open_case(), OPENED, '', False)

    def test_history_is_told_and_never_red(self):
        kept, late, rejected = self.open_case(), self.open_case(), self.open_case()
        self.answer(kept, '2026-03-02 09:00:00')
        self.answer(late, '2026-03-02 13:30:00')
        self.at('2026-03-03 20:00:00', late.action_solve)
        self.at('2026-03-02 09:30:00', kept.action_solve)
        self.at('2026-03-02 09:30:00', rejected.action_reject)
        for case, text in (
            (kept, 'Answered in time · solved in time'),
            (late, 'Answered 1 h late · solved 3 h late'),
            (rejected, 'Answered in time · closed in time'),
        ):
            self.assertSays(case, '2026-03-09 09:00:00', text, 'muted')

    def test_next_team_and_the_next_answer_are_told(self):
        self.create_policy(name='Desk', team_id=self.desk.id, first_response_hours=2)
        self.desk.calendar_id = self.office
        case = self.open_case()
        self.at('2026-03-02 12:00:00', case.write, {'team_id': self.desk.id})
        self.agent.group_ids |= self.env.ref('crm_claims.crm_claims_group_agent_all')
        text = 'Answer before today 16:00 · solve before tomorrow 18:00'
        self.assertSays(case, '2026-03-02 12:00:00', text, 'info')
        self.answer(case, '2026-03-02 12:30:00')
        self.at('2026-03-02 16:00:00', case.action_solve)
        text = 'Late at Repairs · answered in time · solved in time'
        self.assertSays(case, '2026-03-02 16:00:00', text, 'muted')

    def test_reading_costs_the_same_for_few_and_many(self):
        counts = []
        for number in (5, 40):
            cases = self.env['service.ticket'].concat(*(self.open_case() for _n in range(number)))
            self.env.flush_all()
            self.env.invalidate_all()
            shown = cases.with_user(self.agent)
            shown[:1].read(['promise_text'])
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            shown.read(['promise_text', 'promise_level'])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
