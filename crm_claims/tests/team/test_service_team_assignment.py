from collections import Counter
from datetime import timedelta

import psycopg2

from odoo import Command, fields
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import AGENT, CASE_MODELS, ServiceCommon


@tagged('post_install', '-at_install')
class TestServiceTeamAssignment(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third = new_test_user(cls.env, 'service_third', AGENT)
        cls.members = cls.agent | cls.colleague | cls.third
        cls.team = cls.env['service.team'].create(
            {
                'name': 'Balanced',
                'assignment': 'balanced',
                'member_ids': [Command.set(cls.members.ids)],
            }
        )

    def create_many(self, count, model_name='service.ticket', **values):
        return self.env[model_name].create(
            [{'name': f'Case {i}', 'team_id': self.team.id, **values} for i in range(count)]
        )

    def deal(self, count, **values):
        """Return {user: number of new cases}."""
        return Counter(case.user_id for case in self.create_many(count, **values))

    def go_on_leave(self, user, **values):
        resource = self.env['resource.resource'].create({'name': user.name, 'user_id': user.id})
        now = fields.Datetime.now()
        self.env['resource.calendar.leaves'].create(
            {
                'name': 'Away',
                'resource_id': resource.id,
                'calendar_id': resource.calendar_id.id,
                'date_from': now - timedelta(hours=1),
                'date_to': now + timedelta(hours=1),
                **values,
            }
        )

    def test_batch_is_spread_evenly(self):
        for model_name in CASE_MODELS:
            cases = self.create_many(9, model_name)
            counts = Counter(case.user_id for case in cases)
            self.assertEqual(counts, dict.fromkeys(self.members, 3))
            self.assertTrue(all(cases.mapped('date_assigned')))

    def test_who_has_fewest_open_cases_of_both_kinds_is_next(self):
        self.create_case('service.claim', user_id=self.agent.id)
        self.create_case('service.ticket', user_id=self.colleague.id)
        self.create_case(user_id=self.third.id).action_solve()
        self.assertEqual(self.create_many(1).user_id, self.third)

    def test_capacity_weighs(self):
        self.team.capacity_ids = [
            Command.create({'user_id': self.agent.id, 'capacity': 2}),
            Command.create({'user_id': self.third.id, 'capacity': 0}),
        ]
        self.assertEqual(self.deal(9), {self.agent: 6, self.colleague: 3})

    def test_who_is_on_leave_or_archived_gets_none(self):
        self.go_on_leave(self.agent)
        self.third.active = False
        self.assertEqual(self.deal(4), {self.colleague: 4})

    def test_past_leave_and_leave_of_another_do_not_count(self):
        past = fields.Datetime.now() - timedelta(days=2)
        self.go_on_leave(self.agent, date_from=past - timedelta(days=1), date_to=past)
        self.assertEqual(self.deal(3), dict.fromkeys(self.members, 1))

    def test_closing_day_of_the_own_calendar_counts(self):
        calendar = self.env['resource.calendar'].create({'name': 'Shift'})
        self.env['resource.resource'].create(
            {'name': 'x', 'user_id': self.agent.id, 'calendar_id': calendar.id}
        )
        now = fields.Datetime.now()
        self.env['resource.calendar.leaves'].create(
            {
                'name': 'Closed',
                'calendar_id': calendar.id,
                'date_from': now - timedelta(hours=1),
                'date_to': now + timedelta(hours=1),
            }
        )
        self.assertNotIn(self.agent, self.deal(4))

    def test_nobody_there_leaves_the_case_free(self):
        for user in self.members:
            self.go_on_leave(user)
        self.assertFalse(self.create_many(1).user_id)

    def test_given_user_closed_case_and_manual_team_are_left_alone(self):
        self.assertEqual(self.create_many(1, user_id=self.leader.id).user_id, self.leader)
        self.assertFalse(self.create_many(1, stage_id=self.stages['solved'].id).user_id)
        self.team.assignment = 'manual'
        self.assertFalse(self.create_many(1).user_id)

    def test_free_case_that_comes_to_the_team_is_assigned(self):
        case = self.create_case()
        self.assertFalse(case.user_id)
        case.team_id = self.team
        self.assertIn(case.user_id, self.members)
        taken = self.create_case(user_id=self.agent.id)
        taken.team_id = self.team
        self.assertEqual(taken.user_id, self.agent, 'a member of both')

    def test_member_without_the_company_gets_none_of_it(self):
        company, _team = self.create_foreign_company()
        self.team.company_id = False
        self.third.write({'company_ids': [Command.link(company.id)]})
        self.assertEqual(self.deal(3, company_id=company.id), {self.third: 3})

    def test_agent_who_sees_nothing_of_the_others_deals_all_the_same(self):
        self.create_case(team_id=self.desk.id, user_id=self.colleague.id)
        self.create_case(team_id=self.desk.id, user_id=self.third.id)
        tickets = self.env['service.ticket'].with_user(self.agent)
        ticket = tickets.create({'name': 'x', 'team_id': self.team.id})
        self.assertEqual(ticket.user_id, self.agent)

    def test_capacity_is_one_per_member_and_never_negative(self):
        for values, error in (
            ({'capacity': -1}, psycopg2.errors.CheckViolation),
            ({'capacity': 1}, psycopg2.errors.UniqueViolation),
        ):
            self.team.capacity_ids = [Command.clear()]
            with (
                mute_logger('odoo.sql_db'),
                self.assertRaises(error),
                self.env.cr.savepoint(),
            ):
                self.env['service.team.capacity'].create(
                    [{'team_id': self.team.id, 'user_id': self.agent.id, **values}] * 2
                )

    def test_only_manager_sets_capacities(self):
        values = {'team_id': self.team.id, 'user_id': self.agent.id}
        self.assertFalse(
            self.env['service.team.capacity'].with_user(self.agent).has_access('create')
        )
        self.env['service.team.capacity'].with_user(self.manager).create(values)
