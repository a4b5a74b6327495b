import psycopg2

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..common import CASE_MODELS
from .common import ServiceSlaCommon

STATES = ('none', 'running', 'warning', 'breached', 'met', 'paused')


@tagged('post_install', '-at_install')
class TestSlaClock(ServiceSlaCommon):
    """Promised on Monday 2 March 2026 at 08:00 UTC: an answer by 12:00, the end on Tuesday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.create_policy()

    def open_case(self, model_name='service.ticket', **values):
        return self.at('2026-03-02 08:00:00', self.create_case, model_name, **values)

    def state_at(self, moment, case):
        return self.at(moment, lambda: case.sla_state)

    def answer(self, case, user=None, **values):
        values = {'message_type': 'comment', 'subtype_xmlid': 'mail.mt_comment', **values}
        return case.with_user(user or self.agent).message_post(body='We are on it', **values)

    # === STARTING === #

    def test_new_case_gets_a_clock_for_each_promise(self):
        for model_name in CASE_MODELS:
            case = self.open_case(model_name)
            self.assertDeadline(case, '2026-03-02 12:00:00', 'first_response')
            self.assertDeadline(case, '2026-03-03 17:00:00')
            warning_at = self.get_clock(case).warning_at
            self.assertEqual(warning_at, fields.Datetime.to_datetime('2026-03-03 15:00:00'))
            self.assertEqual(case.date_deadline, self.get_clock(case, 'first_response').deadline)

    def test_clocks_start_when_the_case_was_opened(self):
        case = self.create_case(date_open='2026-02-27 15:00:00')
        self.assertDeadline(case, '2026-03-02 10:00:00', 'first_response')
        case.date_open = '2026-03-01 10:00:00'
        self.assertDeadline(case, '2026-03-02 12:00:00', 'first_response')
        case.date_open = '2025-03-03 08:00:00'
        self.assertDeadline(case, '2025-03-03 12:00:00', 'first_response')
        future = self.create_case(date_open='2026-12-01 08:00:00')
        self.assertDeadline(future, '2026-12-01 12:00:00', 'first_response')

    def test_history_that_is_entered_gets_no_promise_until_it_is_taken_up_again(self):
        case = self.at(
            '2026-03-02 08:00:00',
            self.env['service.ticket'].with_user(self.manager).create,
            {
                'name': 'Of the old program',
                'team_id': self.repairs.id,
                'stage_id': self.stages['solved'].id,
                'date_open': '2024-03-04 08:00:00',
                'date_closed': '2024-03-11 09:00:00',
            },
        )
        self.assertFalse(case.sla_clock_ids)
        self.assertEqual(case.sla_state, 'none')
        self.at('2026-03-02 09:00:00', case.write, {'priority': '3'})
        self.assertFalse(case.sla_clock_ids)
        self.at('2026-03-02 09:00:00', case.action_reopen)
        self.assertEqual(case.sla_clock_ids.mapped('target'), ['resolution'])
        self.assertDeadline(case, '2026-03-04 09:00:00')

    def test_warning_that_is_as_long_as_the_promise_is_none(self):
        self.policy.warning_hours = 4
        case = self.open_case()
        self.assertFalse(self.get_clock(case, 'first_response').warning_at)
        self.assertTrue(self.get_clock(case).warning_at)

    def test_case_has_one_clock_for_each_target(self):
        clock = self.get_clock(self.open_case())
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger('odoo.sql_db'),
            self.env.cr.savepoint(),
        ):
            clock.copy({'case_id': clock.case_id})
        clock.ended_at = '2026-03-02 09:00:00'
        self.env.flush_all()
        self.assertTrue(clock.copy({'case_id': clock.case_id, 'ended_at': False}))

    def test_copy_gets_clocks_of_its_own_and_deleting_takes_them_along(self):
        case = self.open_case()
        copy = self.at('2026-03-04 08:00:00', case.copy)
        self.assertDeadline(copy, '2026-03-05 17:00:00')
        clocks = copy.sla_clock_ids
        copy.with_user(self.manager).unlink()
        self.assertFalse(clocks.exists())
        self.assertTrue(case.sla_clock_ids)

    # === STATE === #

    def test_state_is_what_the_time_makes_of_it(self):
        case = self.open_case()
        for moment, first_response, state in (
            ('2026-03-02 09:59:59', 'running', 'running'),
            ('2026-03-02 10:00:00', 'warning', 'warning'),
            ('2026-03-02 11:59:59', 'warning', 'warning'),
            ('2026-03-02 12:00:00', 'breached', 'breached'),
        ):
            with self.subTest(moment=moment):
                self.assertEqual(self.state_at(moment, case), state)
                clock = self.get_clock(case, 'first_response')
                self.assertEqual(self.at(moment, lambda c=clock: c.state), first_response)

    def test_search_finds_what_the_state_says(self):
        cases = self.env['service.ticket'].concat(*(self.open_case() for _index in range(6)))
        _untouched, answered, paused, closed, late, other = cases
        self.at('2026-03-02 09:00:00', self.answer, answered)
        self.at('2026-03-02 09:00:00', self.move, paused, 'waiting')
        self.at('2026-03-02 09:00:00', self.move, closed, 'solved')
        self.at('2026-03-04 09:00:00', self.move, late, 'rejected')
        self.at('2026-03-02 09:00:00', other.write, {'team_id': self.desk.id})
        for moment in (
            '2026-03-02 09:30:00',
            '2026-03-02 11:00:00',
            '2026-03-02 13:00:00',
            '2026-03-03 16:00:00',
            '2026-03-03 17:00:00',
            '2026-03-09 09:00:00',
        ):
            with freeze_time(moment):
                self.env.invalidate_all()
                for state in STATES:
                    with self.subTest(moment=moment, state=state):
                        found = cases.search(
                            [('id', 'in', cases.ids), ('sla_state', '=', state)], order='id'
                        )
                        expected = cases.filtered(lambda case, s=state: case.sla_state == s)
                        self.assertEqual(found, expected)
                clocks = cases.sla_clock_ids
                for state in ('running', 'warning', 'breached', 'paused', 'met', 'missed'):
                    found = clocks.search([('id', 'in', clocks.ids), ('state', '=', state)])
                    self.assertEqual(
                        set(found), set(clocks.filtered(lambda c, s=state: c.state == s))
                    )
                self.assertEqual(
                    cases.search([('id', 'in', cases.ids), ('sla_state', '!=', 'none')]),
                    (cases - other).sorted(),
                )

    def test_remaining_time_is_working_time(self):
        clock = self.get_clock(self.open_case())
        for moment, used, remaining, progress in (
            ('2026-03-02 08:00:00', 0, 16, 0),
            ('2026-03-02 16:00:00', 7, 9, 43.75),
            ('2026-03-02 22:00:00', 8, 8, 50),
            ('2026-03-04 09:00:00', 17, -1, 106.25),
        ):
            values = self.at(moment, clock.read, ['used_hours', 'remaining_hours', 'progress'])[0]
            values.pop('id')
            self.assertEqual(
                values,
                {'used_hours': used, 'remaining_hours': remaining, 'progress': progress},
            )

    # === PAUSES === #

    def test_waiting_pauses_and_going_on_moves_the_deadlines(self):
        case = self.open_case()
        self.at('2026-03-02 09:00:00', self.move, case, 'waiting')
        self.assertEqual(self.state_at('2026-03-05 09:00:00', case), 'paused')
        self.assertFalse(case.date_deadline)
        self.at('2026-03-02 11:00:00', self.move, case, 'open')
        self.assertDeadline(case, '2026-03-02 15:00:00', 'first_response')
        self.assertDeadline(case, '2026-03-04 10:00:00')
        self.assertEqual(self.state_at('2026-03-02 11:30:00', case), 'running')

    def test_pause_over_the_weekend_costs_working_time_only(self):
        case = self.at('2026-03-06 08:00:00', self.create_case)
        self.at('2026-03-06 16:00:00', self.move, case, 'waiting')
        self.at('2026-03-09 09:00:00', self.move, case, 'open')
        self.assertDeadline(case, '2026-03-10 10:00:00')
        self.assertEqual(self.at('2026-03-09 09:00:00', lambda: self.get_clock(case).used_hours), 7)

    def test_what_was_overdue_before_a_pause_stays_overdue(self):
        case = self.open_case()
        self.at('2026-03-02 14:00:00', self.move, case, 'waiting')
        self.assertDeadline(case, '2026-03-02 12:00:00', 'first_response')
        self.assertEqual(self.state_at('2026-03-02 15:00:00', case), 'breached')
        self.assertEqual(self.get_clock(case).state, 'paused')
        self.at('2026-03-09 14:00:00', self.move, case, 'open')
        self.assertDeadline(case, '2026-03-02 12:00:00', 'first_response')

    def test_case_that_is_closed_while_waiting_was_in_time(self):
        case = self.open_case()
        self.at('2026-03-02 09:00:00', self.move, case, 'waiting')
        self.at('2026-03-09 09:00:00', self.move, case, 'solved')
        self.assertEqual(case.sla_state, 'met')
        self.assertEqual(self.get_clock(case).used_hours, 1)

    # === REACHING === #

    def test_answer_in_time_meets_the_first_response(self):
        case = self.open_case()
        self.at('2026-03-02 10:30:00', self.answer, case)
        clock = self.get_clock(case, 'first_response')
        self.assertEqual(clock.state, 'met')
        self.assertEqual(
            case.date_first_response, fields.Datetime.to_datetime('2026-03-02 10:30:00')
        )
        self.assertEqual(case.date_deadline, self.get_clock(case).deadline)
        self.at('2026-03-09 09:00:00', self.answer, case)
        self.assertEqual(clock.state, 'met')

    def test_answer_after_the_deadline_misses_the_first_response(self):
        case = self.open_case()
        self.at('2026-03-02 12:00:01', self.answer, case)
        self.assertEqual(self.get_clock(case, 'first_response').state, 'missed')

    def test_closing_stops_and_reopening_goes_on_with_the_time_used(self):
        case = self.open_case()
        self.at('2026-03-02 11:00:00', case.action_solve)
        self.assertEqual(case.sla_state, 'met')
        self.assertEqual(self.get_clock(case).used_hours, 3)
        self.at('2026-03-09 09:00:00', case.action_reopen)
        self.assertEqual(self.get_clock(case, 'first_response').state, 'met')
        clock = self.get_clock(case)
        self.assertFalse(clock.reached_at)
        self.assertDeadline(case, '2026-03-10 15:00:00')
        self.assertEqual(self.at('2026-03-09 09:00:00', lambda: clock.used_hours), 3)
        self.at('2026-03-10 15:00:01', case.action_solve)
        self.assertEqual(clock.state, 'missed')

    # === CHOOSING AGAIN === #

    def test_change_of_priority_keeps_the_time_used_and_paused(self):
        self.create_policy(sequence=1, priority_min='3', first_response_hours=2, resolution_hours=8)
        case = self.open_case()
        clocks = case.sla_clock_ids
        self.at('2026-03-02 09:00:00', self.move, case, 'waiting')
        self.at('2026-03-02 11:00:00', self.move, case, 'open')
        self.at('2026-03-02 12:00:00', case.write, {'priority': '3'})
        self.assertEqual(case.sla_clock_ids, clocks)
        self.assertDeadline(case, '2026-03-02 12:00:00', 'first_response')
        self.assertDeadline(case, '2026-03-03 10:00:00')

    def test_pauses_are_counted_in_the_hours_of_the_new_calendar(self):
        self.create_policy(sequence=1, priority_min='3', calendar_id=self.always.id)
        case = self.at('2026-03-06 08:00:00', self.create_case)
        self.at('2026-03-06 16:00:00', self.move, case, 'waiting')
        self.at('2026-03-09 09:00:00', self.move, case, 'open')
        self.at('2026-03-09 09:00:00', case.write, {'priority': '3'})
        self.assertDeadline(case, '2026-03-09 17:00:00')

    def test_pauses_before_the_first_policy_count_too(self):
        case = self.open_case(team_id=self.desk.id)
        self.assertFalse(case.sla_clock_ids)
        self.at('2026-03-02 09:00:00', self.move, case, 'waiting')
        self.at('2026-03-02 11:00:00', self.move, case, 'open')
        self.at('2026-03-02 11:00:00', case.write, {'team_id': self.repairs.id})
        self.assertDeadline(case, '2026-03-02 15:00:00', 'first_response')

    def test_every_condition_makes_the_case_choose_again(self):
        category = self.env['service.category'].create({'name': 'Machines'})
        tag = self.env['res.partner.category'].create({'name': 'Gold'})
        gold = self.env['res.partner'].create({'name': 'Gold', 'category_id': tag.ids})
        claim_type = self.env.ref('crm_claims.service_claim_type_defect')
        for conditions, values in (
            ({'category_ids': category.ids}, {'category_id': category.id}),
            ({'partner_category_ids': tag.ids}, {'partner_id': gold.id}),
            ({'claim_type_ids': claim_type.ids}, {'claim_type_id': claim_type.id}),
            ({'priority_min': '2'}, {'priority': '3'}),
            ({'team_id': self.desk.id}, {'team_id': self.desk.id}),
        ):
            with self.subTest(conditions=conditions):
                case = self.open_case('service.claim')
                self.assertEqual(case.sla_clock_ids.policy_id, self.policy)
                special = self.create_policy(sequence=0, **conditions)
                self.at('2026-03-02 09:00:00', case.write, values)
                self.assertEqual(case.sla_clock_ids.policy_id, special)
                special.active = False

    def test_without_a_policy_open_clocks_go_and_what_was_reached_stays(self):
        case = self.open_case()
        self.at('2026-03-02 10:00:00', self.answer, case)
        self.at('2026-03-02 10:00:00', case.write, {'team_id': self.desk.id})
        self.assertEqual(case.sla_clock_ids.mapped('target'), ['first_response'])
        self.assertEqual(case.sla_state, 'met')
        self.assertFalse(case.date_deadline)

    def test_closed_case_keeps_its_policy(self):
        self.create_policy(sequence=1, priority_min='3', resolution_hours=1)
        case = self.open_case()
        self.at('2026-03-02 11:00:00', case.action_solve)
        self.at('2026-03-02 12:00:00', case.write, {'priority': '3'})
        self.assertEqual(case.sla_clock_ids.policy_id, self.policy)
        self.assertEqual(case.sla_state, 'met')

    def test_team_that_got_the_case_while_it_was_closed_promises_when_it_is_taken_up(self):
        experts = self.create_policy(
            name='Experts', team_id=self.desk.id, resolution_hours=20, calendar_id=self.always.id
        )
        kept, broken = self.open_case(), self.open_case()
        self.at('2026-03-02 11:00:00', kept.action_solve)
        self.at('2026-03-04 09:00:00', broken.action_solve)
        cases = kept | broken
        self.at('2026-03-05 09:00:00', cases.write, {'team_id': self.desk.id})
        self.assertEqual(cases.sla_clock_ids.policy_id, self.policy)
        self.at('2026-03-09 09:00:00', cases.action_reopen)
        with self.subTest('in time so far: the time used is kept'):
            clock = self.get_clock(kept)
            self.assertEqual((clock.policy_id, clock.team_id), (experts, self.desk))
            self.assertDeadline(kept, '2026-03-10 02:00:00')
        with self.subTest('broken before: the next team promises anew'):
            ended, current = self.get_clock(broken).sorted('id')
            self.assertEqual((ended.team_id, ended.state), (self.repairs, 'missed'))
            self.assertEqual((current.team_id, current.calendar_id), (self.desk, self.always))
            deadline = fields.Datetime.to_datetime('2026-03-10 05:00:00')
            self.assertEqual(current.deadline, deadline)

    def test_edited_policy_leaves_promises_as_they_were_given(self):
        case = self.open_case()
        self.policy.resolution_hours = 1
        self.at('2026-03-02 09:00:00', self.move, case, 'open')
        self.assertDeadline(case, '2026-03-03 17:00:00')

    # === DEADLINE OF THE CASE === #

    def test_deadline_set_by_hand_stays(self):
        given = self.open_case(date_deadline='2026-03-20 10:00:00')
        case = self.open_case()
        self.at('2026-03-02 09:00:00', case.write, {'date_deadline': '2026-03-20 10:00:00'})
        for record in (given, case):
            self.at('2026-03-02 10:00:00', self.answer, record)
            by_hand = fields.Datetime.to_datetime('2026-03-20 10:00:00')
            self.assertEqual(record.date_deadline, by_hand)
            self.assertEqual(record.sla_deadline, self.get_clock(record).deadline)
            self.assertEqual(self.state_at('2026-03-04 10:00:00', record), 'breached')
        case.date_deadline = False
        self.at('2026-03-02 11:00:00', self.move, case, 'waiting')
        self.at('2026-03-02 12:00:00', self.move, case, 'open')
        self.assertEqual(case.date_deadline, self.get_clock(case).deadline)

    def test_late_is_what_is_past_its_clock(self):
        case, paused = self.open_case(), self.open_case()
        self.at('2026-03-02 09:00:00', self.move, paused, 'waiting')
        with freeze_time('2026-03-02 12:00:01'):
            self.env.invalidate_all()
            found = case.search([('is_late', '=', True), ('id', 'in', (case | paused).ids)])
            self.assertEqual(found, case)

    def test_another_addon_adds_a_condition(self):
        """What crm_contracts does for contracts, with the channel in its place."""
        phone = self.env.ref('utm.utm_medium_phone')
        policy_class = self.env.registry['service.sla.policy']
        original = policy_class._get_case_domain

        def _get_case_domain(policy, cases):
            domain = original(policy, cases)
            return domain & fields.Domain('medium_id', 'in', phone.ids)

        self.patch(policy_class, '_get_case_domain', _get_case_domain)
        self.assertFalse(self.open_case().sla_clock_ids)
        self.assertTrue(self.open_case(medium_id=phone.id).sla_clock_ids)
