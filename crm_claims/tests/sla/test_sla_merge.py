from odoo import fields
from odoo.tests import freeze_time, tagged

from ..common import CASE_MODELS
from .common import ServiceSlaNoticeCommon


@tagged('post_install', '-at_install')
class TestSlaMerge(ServiceSlaNoticeCommon):
    """An answer is promised in four hours: on Monday 2 March 2026 at 12:00 UTC for the older case,
    at 13:00 for the younger one; a solution in sixteen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.create_policy()

    def open_pair(self, model_name='service.ticket', **values):
        values = {'user_id': self.agent.id, 'model_name': model_name, **values}
        return (
            self.at('2026-03-02 08:00:00', self.create_case, **values),
            self.at('2026-03-02 09:00:00', self.create_case, **values),
        )

    def merge(self, moment, *cases):
        merged = self.env[cases[0]._name].concat(*cases).with_user(self.agent)
        return self.at(moment, merged.action_merge)

    def answer(self, case, moment):
        self.at(
            moment,
            case.with_user(self.agent).message_post,
            body='We are on our way',
            message_type='comment',
            subtype_xmlid='mail.mt_comment',
        )

    def count_rows(self, case, moment):
        """Return how many promises of a case the analysis knows, and how many it calls missed."""
        rows = [('case_model', '=', case._name), ('case_id', '=', case.id)]
        measures = ['__count', 'missed_count:sum']
        with freeze_time(moment):
            [counts] = self.env['service.sla.report']._read_group(rows, [], measures)
        return counts[0], counts[1] or 0

    def test_survivor_keeps_its_clocks_and_those_of_the_others_stop(self):
        for model_name in CASE_MODELS:
            with self.subTest(model=model_name):
                older, younger = self.open_pair(model_name)
                clocks = older.sla_clock_ids
                deadlines = clocks.mapped('deadline')
                self.merge('2026-03-02 09:30:00', older, younger)
                self.assertEqual(older.sla_clock_ids, clocks)
                self.assertEqual(clocks.mapped('deadline'), deadlines)
                self.assertEqual(set(younger.sla_clock_ids.mapped('state')), {'paused'})
                self.assertFalse(any(younger.sla_clock_ids.mapped('notice_at')))
                self.run_cron('2026-03-05 12:00:00')
                self.assertTrue(self.get_activities(older))
                self.assertFalse(self.get_notices(younger))
                self.assertFalse(any(younger.sla_clock_ids.mapped('breached_at')))
                self.assertEqual(self.count_rows(older, '2026-03-05 12:00:00'), (2, 2))
                self.assertEqual(self.count_rows(younger, '2026-03-05 12:00:00'), (0, 0))

    def test_overdue_one_is_neither_told_nor_missed_after_the_merge(self):
        older, younger = self.open_pair()
        self.assertEqual(self.count_rows(younger, '2026-03-02 14:30:00'), (2, 1))
        self.merge('2026-03-02 14:30:00', older, younger)
        self.assertEqual(self.count_rows(younger, '2026-03-02 14:30:00'), (0, 0))
        self.run_cron('2026-03-02 14:30:00')
        self.assertFalse(any(younger.sla_clock_ids.mapped('breached_at')))

    def test_earliest_answer_to_any_of_them_answers_the_survivor(self):
        older, second = self.open_pair()
        _other, third = self.open_pair()
        self.answer(second, '2026-03-02 11:00:00')
        self.answer(third, '2026-03-02 10:00:00')
        self.merge('2026-03-02 12:30:00', older, second, third)
        answered = fields.Datetime.to_datetime('2026-03-02 10:00:00')
        self.assertEqual(older.date_first_response, answered)
        self.assertEqual(self.get_clock(older, 'first_response').state, 'met')

    def test_answer_of_the_survivor_itself_stays(self):
        older, younger = self.open_pair()
        self.answer(younger, '2026-03-02 10:00:00')
        self.answer(older, '2026-03-02 11:00:00')
        self.merge('2026-03-02 11:30:00', older, younger)
        answered = fields.Datetime.to_datetime('2026-03-02 11:00:00')
        self.assertEqual(older.date_first_response, answered)

    def test_only_a_deadline_set_by_hand_is_taken_over(self):
        by_hand = fields.Datetime.to_datetime('2026-03-20 10:00:00')
        for deadline in (False, by_hand):
            with self.subTest(deadline=deadline):
                older, younger = self.open_pair()
                self.at('2026-03-02 09:00:00', self.move, older, 'waiting')
                if deadline:
                    self.at('2026-03-02 09:00:00', younger.write, {'date_deadline': deadline})
                self.assertTrue(younger.date_deadline)
                self.merge('2026-03-02 09:30:00', older, younger)
                self.assertEqual(older.date_deadline, deadline)

    def test_case_archived_by_hand_is_quiet_and_goes_on_afterwards(self):
        case, _other = self.open_pair()
        self.at('2026-03-02 09:00:00', case.action_archive)
        self.run_cron('2026-03-02 16:00:00')
        self.assertFalse(self.get_notices(case))
        self.assertFalse(self.get_activities(case))
        self.assertEqual(self.count_rows(case, '2026-03-02 16:00:00'), (0, 0))
        self.at('2026-03-03 08:00:00', case.action_unarchive)
        self.assertDeadline(case, '2026-03-03 11:00:00', 'first_response')
        self.run_cron('2026-03-03 11:00:00')
        self.assertEqual(len(self.get_activities(case)), 1)
        self.assertEqual(self.count_rows(case, '2026-03-03 11:00:00'), (2, 1))
