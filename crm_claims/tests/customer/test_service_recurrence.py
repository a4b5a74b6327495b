from datetime import date

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..common import CASE_MODELS, ServiceCommon


@tagged('post_install', '-at_install')
class TestServiceRecurrence(ServiceCommon):
    """Maintenance of a press, every month from 31 January 2026 on, made a week ahead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['service.recurrence'].search([]).active = False
        cls.recurrence = cls.create_recurrence()

    @classmethod
    def create_recurrence(cls, **values):
        return cls.env['service.recurrence'].create(
            {
                'name': 'Maintenance of the press',
                'partner_id': cls.customer.id,
                'team_id': cls.repairs.id,
                'date_start': '2026-01-31',
                'advance_days': 7,
                **values,
            }
        )

    def run_on(self, day):
        with freeze_time(f'{day} 05:00:00'), self.enter_registry_test_mode():
            self.env.ref('crm_claims.ir_cron_make_recurring_cases').method_direct_trigger()
        return self.get_cases(self.recurrence)

    def get_cases(self, recurrence):
        cases = self.env[recurrence.case_model]
        return cases.search([('recurrence_id', 'in', recurrence.ids)], order='recurrence_date')

    # === DAYS === #

    def test_case_is_made_once_ahead_of_its_day(self):
        self.recurrence.write(
            {'description': '<p>Oil it</p>', 'priority': '2', 'user_id': self.agent.id}
        )
        self.assertFalse(self.run_on('2026-01-23'))
        case = self.run_on('2026-01-24')
        self.assertRecordValues(
            case,
            [
                {
                    'name': 'Maintenance of the press',
                    'partner_id': self.customer.id,
                    'team_id': self.repairs.id,
                    'user_id': self.agent.id,
                    'priority': '2',
                    'recurrence_date': date(2026, 1, 31),
                    'date_planned': date(2026, 1, 31),
                    'stage_kind': 'new',
                }
            ],
        )
        self.assertIn('Oil it', case.description)
        self.assertEqual(self.recurrence.date_next, date(2026, 2, 28))
        self.assertEqual(self.recurrence.date_due, date(2026, 2, 21))
        self.assertEqual(self.run_on('2026-01-24'), case)
        self.assertEqual(self.run_on('2026-02-20'), case)
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger('odoo.sql_db'):
            self.create_case(recurrence_id=self.recurrence.id, recurrence_date='2026-01-31')

    def test_what_was_missed_makes_one_case(self):
        self.run_on('2026-01-24')
        cases = self.run_on('2026-12-30')
        self.assertEqual(cases.mapped('recurrence_date'), [date(2026, 1, 31), date(2026, 12, 31)])
        self.assertEqual(self.recurrence.date_next, date(2027, 1, 31))

    def test_who_has_left_and_archived_teams_get_no_case(self):
        self.recurrence.user_id = self.agent
        self.agent.active = False
        self.recurrence.action_make_now()
        case = self.get_cases(self.recurrence)
        self.assertEqual((case.user_id, case.team_id), (self.env['res.users'], self.repairs))
        self.repairs.escalation_team_id = self.desk
        self.repairs.active = False
        self.recurrence.action_make_now()
        self.assertEqual((self.get_cases(self.recurrence) - case).team_id, self.desk)

    def test_it_ends_with_its_last_day_and_while_archived(self):
        self.recurrence.date_end = '2026-02-28'
        self.recurrence.active = False
        self.assertFalse(self.run_on('2026-01-31'))
        self.recurrence.active = True
        self.assertEqual(len(self.run_on('2026-05-01')), 1)
        self.assertFalse(self.recurrence.date_next)
        self.assertEqual(len(self.run_on('2026-06-01')), 1)
        self.recurrence.date_end = False
        self.assertEqual(self.recurrence.date_next, date(2026, 3, 31))

    def test_day_without_work_moves_and_those_after_it_do_not(self):
        weekdays = [
            Command.create(
                {
                    'name': str(day),
                    'dayofweek': str(day),
                    'hour_from': 9,
                    'hour_to': 17,
                    'day_period': 'morning',
                }
            )
            for day in range(5)
        ]
        calendar = self.env['resource.calendar'].create(
            {'name': 'Weekdays', 'tz': 'Europe/Madrid', 'attendance_ids': weekdays}
        )
        self.repairs.calendar_id = calendar
        # a Saturday, before a closed Monday
        self.env['resource.calendar.leaves'].create(
            {
                'name': 'Fiesta',
                'calendar_id': calendar.id,
                'date_from': '2026-02-01 23:00:00',
                'date_to': '2026-02-02 22:59:59',
            }
        )
        for shift, planned in (
            ('none', date(2026, 1, 31)),
            ('next', date(2026, 2, 3)),
            ('previous', date(2026, 1, 30)),
        ):
            with freeze_time('2026-01-30 05:00:00'):
                recurrence = self.create_recurrence(shift=shift)
                recurrence._make_due_cases()
            self.assertEqual(self.get_cases(recurrence).date_planned, planned)
            self.assertEqual(recurrence.date_next, date(2026, 2, 28))
        calendar.attendance_ids = False
        recurrence = self.create_recurrence(shift='next')
        with freeze_time('2026-01-30 05:00:00'):
            recurrence._make_due_cases()
        self.assertEqual(self.get_cases(recurrence).date_planned, date(2026, 1, 31))

    def test_wrong_numbers_and_days_are_refused(self):
        for values in (
            {'interval_count': 0},
            {'interval_count': 1001},
            {'advance_days': -1},
            {'advance_days': 367},
            {'date_end': '2026-01-30'},
        ):
            with (
                self.subTest(values),
                self.assertRaises(psycopg2.errors.CheckViolation),
                mute_logger('odoo.sql_db'),
                self.cr.savepoint(),
            ):
                self.create_recurrence(**values)
        with self.assertRaisesRegex(ValidationError, 'no member of the team'):
            self.recurrence.user_id = self.colleague

    # === PEOPLE === #

    def test_agents_keep_those_of_their_teams_and_read_the_others(self):
        with Form(self.env['service.recurrence'].with_user(self.agent)) as form:
            form.name = 'Check'
            form.partner_id = self.customer
            form.team_id = self.repairs
        for user, operations in (
            (self.agent, {'read', 'write', 'unlink'}),
            (self.leader, {'read', 'write', 'unlink'}),
            (self.manager, {'read', 'write', 'unlink'}),
            (self.colleague, {'read'}),
            (self.salesman, {'read'}),
            (self.employee, set()),
        ):
            by_user = self.recurrence.with_user(user)
            for operation in ('read', 'write', 'unlink'):
                with self.subTest(user=user.login, operation=operation):
                    self.assertIs(by_user.has_access(operation), operation in operations)
        with self.assertRaises(AccessError):
            self.recurrence.with_user(self.agent).date_made = '2030-01-01'
        with self.assertRaises(AccessError):
            self.recurrence.with_user(self.colleague).action_make_now()

    def test_agent_makes_the_next_one_now_and_opens_what_the_button_counts(self):
        for model_name in CASE_MODELS:
            recurrence = self.create_recurrence(case_model=model_name, user_id=self.agent.id)
            by_agent = recurrence.with_user(self.agent)
            by_agent.action_make_now()
            by_agent.action_make_now()
            self.assertEqual(
                self.get_cases(recurrence).mapped('recurrence_date'),
                [date(2026, 1, 31), date(2026, 2, 28)],
            )
            self.assertEqual(by_agent.case_count, 2)
            action = by_agent.action_view_cases()
            self.assertEqual(action['res_model'], model_name)
            opened = self.env[model_name].search(action['domain'])
            self.assertEqual(opened, self.get_cases(recurrence).sorted('id', reverse=True))

    def test_another_company_is_apart(self):
        company, team = self.create_foreign_company()
        foreign = self.create_recurrence(company_id=company.id, team_id=team.id)
        self.assertFalse(foreign.with_user(self.manager).has_access('read'))

    def test_many_cost_what_few_cost(self):
        def make(total):
            values = {
                'name': 'Maintenance',
                'partner_id': self.customer.id,
                'team_id': self.repairs.id,
                'date_start': '2026-01-31',
                'shift': 'next',
            }
            recurrences = self.env['service.recurrence'].create([values] * total)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with freeze_time('2026-01-31 05:00:00'):
                recurrences._make_due_cases()
                self.env.flush_all()
            return self.env.cr.sql_log_count - before

        make(1)
        few = make(10)
        self.assertLessEqual(make(100), few + 10)
