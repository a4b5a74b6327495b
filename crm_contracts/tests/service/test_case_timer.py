import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import ContractCase

AGENT = 'crm_claims.crm_claims_group_agent'
TIMESHEETS = 'hr_timesheet.group_hr_timesheet_user'


@tagged('post_install', '-at_install')
class TestCaseTimer(ContractCase):
    """An agent and a helper who take their time on tickets and claims of a contract."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent, cls.helper = (
            new_test_user(cls.env, login, f'{AGENT},{TIMESHEETS}', tz='Europe/Madrid')
            for login in ('timer_agent', 'timer_helper')
        )
        cls.ada, cls.ben = cls.env['hr.employee'].create(
            [{'name': 'Ada', 'user_id': cls.agent.id}, {'name': 'Ben', 'user_id': cls.helper.id}]
        )
        cls.project = cls.env['project.project'].create({'name': 'Repairs'})
        cls.team = cls.env['service.team'].create(
            {
                'name': 'Repairs',
                'member_ids': [Command.set((cls.agent | cls.helper).ids)],
                'project_id': cls.project.id,
                'timer_minutes': 15,
            }
        )
        cls.contract = cls.create_running()
        cls.column = cls.contract.analytic_account_id.root_plan_id._column_name()
        values = {'name': 'Down', 'partner_id': cls.contact.id, 'team_id': cls.team.id}
        cls.ticket = cls.env['service.ticket'].create(values)
        cls.claim = cls.env['service.claim'].create(values)

    def start(self, case, moment, user=None):
        with freeze_time(moment):
            return case.with_user(user or self.agent).action_start_timer()

    def stop(self, case, moment, user=None):
        with freeze_time(moment):
            return case.with_user(user or self.agent).action_stop_timer()

    def get_timer_starts(self, user):
        self.env.invalidate_all()
        return [
            str(case.with_user(user).crm_timer_start or '') for case in (self.ticket, self.claim)
        ]

    def test_what_the_timer_ran_is_booked_on_the_contract(self):
        for case in (self.ticket, self.claim):
            with self.subTest(case=case._name):
                self.start(case, '2026-03-02 23:30:00')
                self.assertIn('2026-03-02 23:30:00', self.get_timer_starts(self.agent))
                told = self.stop(case, '2026-03-03 00:16:00')
                self.assertIn('01:00', told['params']['message'])
                self.assertRecordValues(
                    case.crm_timesheet_ids,
                    [
                        {
                            'unit_amount': 1.0,
                            'employee_id': self.ada.id,
                            'user_id': self.agent.id,
                            'project_id': self.project.id,
                            'name': 'Down',
                            self.column: self.contract.analytic_account_id.id,
                        }
                    ],
                )
                self.assertEqual(str(case.crm_timesheet_ids.date), '2026-03-03')
                self.assertEqual(case.with_user(self.agent).crm_hours_spent, 1.0)
        self.assertEqual(self.get_timer_starts(self.agent), ['', ''])
        self.assertFalse(self.stop(self.ticket, '2026-03-03 00:17:00'))

    def test_each_person_has_one_timer(self):
        self.start(self.ticket, '2026-03-02 09:00:00')
        self.assertFalse(self.start(self.ticket, '2026-03-02 09:05:00'), 'it runs already')
        self.start(self.ticket, '2026-03-02 09:10:00', self.helper)
        told = self.start(self.claim, '2026-03-02 09:30:00')
        self.assertIn(self.ticket.number, told['params']['message'])
        self.assertEqual(self.ticket.crm_timesheet_ids.mapped('unit_amount'), [0.5])
        self.assertEqual(self.get_timer_starts(self.agent), ['', '2026-03-02 09:30:00'])
        self.assertEqual(self.get_timer_starts(self.helper), ['2026-03-02 09:10:00', ''])
        for user, case in ((self.agent, self.claim), (self.helper, self.ticket)):
            cases = (self.ticket, self.claim)
            running = [
                model.with_user(user).search([('crm_timer_start', '!=', False)]) for model in cases
            ]
            self.assertEqual(sum(map(len, running)), 1)
            self.assertIn(case, running)
        timers = self.env['service.timer']
        values = {
            'user_id': self.agent.id,
            'date_start': '2026-03-02 09:00:00',
            'ticket_id': self.ticket.id,
        }
        with (
            mute_logger('odoo.sql_db'),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            timers.create(values)
        self.assertEqual(timers.with_user(self.agent).search([]).user_id, self.agent)
        for attempt in (
            lambda: timers.with_user(self.agent).create({**values, 'user_id': self.env.uid}),
            lambda: timers.with_user(self.agent).search([]).write({'date_start': '2020-01-01'}),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_case_that_went_to_others_is_booked_all_the_same(self):
        self.start(self.ticket, '2026-03-02 09:00:00')
        others = self.env['service.team'].create(
            {'name': 'Others', 'member_ids': [Command.set(self.helper.ids)]}
        )
        self.ticket.write({'team_id': others.id, 'user_id': self.helper.id})
        self.assertFalse(self.ticket.with_user(self.agent).has_access('read'))
        self.ticket.team_id.project_id = self.project
        self.start(self.claim, '2026-03-02 10:00:00')
        self.assertRecordValues(
            self.ticket.crm_timesheet_ids, [{'unit_amount': 1.0, 'user_id': self.agent.id}]
        )

    def test_forgotten_timer_books_nothing_and_says_so(self):
        self.start(self.ticket, '2026-03-02 16:00:00')
        told = self.stop(self.ticket, '2026-03-03 07:00:00')
        self.assertEqual(told['params']['type'], 'warning')
        self.assertIn('3/2/26, 5:00', told['params']['message'])
        self.assertFalse(self.ticket.crm_timesheet_ids)
        self.assertEqual(self.get_timer_starts(self.agent), ['', ''])

    def test_timer_stops_though_its_time_cannot_be_booked_any_more(self):
        self.start(self.ticket, '2026-03-02 09:00:00')
        self.ada.active = False
        told = self.stop(self.ticket, '2026-03-02 10:00:00')
        self.assertEqual(told['params']['type'], 'danger')
        self.assertIn('01:00 h are not booked', told['params']['message'])
        self.assertEqual(self.get_timer_starts(self.agent), ['', ''])
        self.assertFalse(self.ticket.crm_timesheet_ids)

    def test_what_could_not_be_booked_is_refused_at_the_start(self):
        self.ben.user_id = False
        with self.assertRaisesRegex(UserError, 'booked for employees'):
            self.start(self.ticket, '2026-03-02 09:00:00', self.helper)
        self.team.project_id = False
        with self.assertRaisesRegex(UserError, 'No time can be booked'):
            self.start(self.claim, '2026-03-02 09:00:00')
        self.team.project_id = self.project
        for groups in ('sales_team.group_sale_salesman', AGENT):
            stranger = new_test_user(self.env, f'timer_{groups.rpartition("_")[2]}_only', groups)
            self.team.member_ids = [Command.link(stranger.id)]
            with self.assertRaises(AccessError):
                self.start(self.ticket, '2026-03-02 09:00:00', stranger)
        self.assertFalse(self.env['service.timer'].search([]))

    def test_merged_case_hands_its_timer_on(self):
        other = self.ticket.copy()
        self.start(other, '2026-03-02 09:00:00')
        (self.ticket | other).action_merge()
        self.stop(self.ticket, '2026-03-02 10:00:00')
        self.assertEqual(self.ticket.crm_timesheet_ids.mapped('unit_amount'), [1.0])
