from odoo import Command, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, Form, new_test_user, tagged
from odoo.tests.common import get_db_name
from odoo.tools import SQL

from ...models.desk.service_case_next import CANDIDATES, NEXT_ORDER
from ..common import AGENT, CASE_MODELS, ServiceCommon


@tagged('post_install', '-at_install')
class TestCaseNext(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env['service.team'].create(
            {
                'name': 'Next',
                'member_ids': [Command.set(cls.agent.ids)],
                'leader_id': cls.leader.id,
            }
        )

    def create_waiting(self, model_name='service.ticket', **values):
        values = {'team_id': self.team.id, 'user_id': False, 'date_deadline': False, **values}
        case = self.create_case(model_name, **values)
        case.date_deadline = values['date_deadline']
        return case

    def take(self, user, model_name='service.ticket'):
        return self.env[model_name].with_user(user).action_take_next()

    def test_deadline_then_priority_then_age_decide_who_is_next(self):
        for model_name in CASE_MODELS:
            dated = {'date_deadline': '2099-01-02 10:00:00'}
            young = self.create_waiting(model_name, date_open='2026-03-03 09:00:00')
            old = self.create_waiting(model_name, date_open='2026-03-01 09:00:00')
            urgent = self.create_waiting(model_name, priority='3')
            due = self.create_waiting(model_name, **dated)
            urgent_due = self.create_waiting(model_name, priority='2', **dated)
            first = self.create_waiting(model_name, date_deadline='2099-01-01 10:00:00')
            expected = [first, urgent_due, due, urgent, old, young]
            for number, case in enumerate(expected):
                user = (self.agent, self.leader)[number % 2]
                action = self.take(user, model_name)
                self.assertEqual((action['res_model'], action['res_id']), (model_name, case.id))
                self.assertEqual(case.user_id, user)
            nothing = self.take(self.agent, model_name)
            self.assertEqual(nothing['tag'], 'display_notification')
            self.assertIn('Nothing waits', nothing['params']['message'])

    def test_what_is_no_ones_turn_is_left_alone(self):
        self.create_waiting(user_id=self.leader.id)
        self.create_waiting(stage_id=self.stages['waiting'].id)
        self.create_waiting(stage_id=self.stages['solved'].id)
        self.create_waiting().action_archive()
        self.create_waiting(team_id=self.desk.id)
        self.assertEqual(self.take(self.agent)['tag'], 'display_notification')

    def test_who_is_in_no_team_is_told_so(self):
        self.create_waiting()
        with self.assertRaisesRegex(UserError, 'in no team'):
            self.take(new_test_user(self.env, 'service_loner', AGENT))

    def test_card_of_a_team_gives_its_members_what_waits_there(self):
        elsewhere = self.create_waiting(team_id=self.repairs.id, priority='3')
        ticket, claim = self.create_waiting(), self.create_waiting('service.claim')
        team = self.team.with_user(self.agent)
        self.assertEqual(team.action_take_next_ticket()['res_id'], ticket.id)
        self.assertEqual(team.action_take_next_claim()['res_id'], claim.id)
        self.assertEqual(team.action_take_next_ticket()['tag'], 'display_notification')
        self.assertFalse(elsewhere.user_id)
        with self.assertRaisesRegex(UserError, 'no member of Next'):
            self.team.with_user(self.colleague).action_take_next_ticket()

    def test_case_that_is_told_on_the_phone_is_entered_in_a_short_form(self):
        for noun in ('claim', 'ticket'):
            team = self.repairs.with_user(self.agent)
            action = getattr(team, f'action_enter_phone_{noun}')()
            cases = self.env[action['res_model']].with_user(self.agent)
            view = self.env['ir.ui.view'].browse(action['views'][0][0])
            with Form(cases.with_context(**action['context']), view=view) as form:
                form.name = 'It smokes'
            self.assertEqual(form.record._name, f'service.{noun}')
            self.assertRecordValues(
                form.record,
                [
                    {
                        'team_id': self.repairs.id,
                        'user_id': self.agent.id,
                        'medium_id': self.env.ref('utm.utm_medium_phone').id,
                    }
                ],
            )

    def test_number_of_ones_own_opens_what_it_counts(self):
        mine = self.create_waiting(user_id=self.agent.id)
        self.create_waiting(user_id=self.leader.id)
        self.create_waiting(user_id=self.agent.id).action_solve()
        team = self.team.with_user(self.agent)
        action = team.action_view_my_tickets()
        self.assertEqual(team.my_ticket_count, 1)
        self.assertEqual(self.env['service.ticket'].search(action['domain']), mine)
        self.assertFalse(team.my_claim_count)
        self.assertEqual(team.action_view_my_claims()['res_model'], 'service.claim')

    def create_many_waiting(self, ticket):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """INSERT INTO service_ticket (name, company_id, team_id, stage_id, stage_kind,
                                               priority, date_open, active)
                   SELECT name, company_id, team_id, stage_id, stage_kind,
                          priority, date_open - n * interval '1 hour', active
                     FROM service_ticket, generate_series(1, 3000) AS n WHERE id = %s""",
                ticket.id,
            )
        )
        self.env.cr.execute('ANALYZE service_ticket')

    def test_next_one_comes_from_an_index_in_few_queries(self):
        tickets = self.env['service.ticket'].with_user(self.agent)
        self.create_many_waiting(self.create_waiting())
        domain = tickets._get_next_domain(self.team)
        tickets._lock_next(domain)
        with self.assertQueryCount(3):
            self.assertTrue(tickets._lock_next(domain))
        query = tickets.sudo()._search(domain, order=NEXT_ORDER, limit=CANDIDATES)
        self.env.cr.execute('SET LOCAL enable_seqscan = off')
        plan = self.env.execute_query(SQL('EXPLAIN %s', query.select()))
        self.assertIn('service_ticket_next_idx', str(plan))
        self.assertNotIn('Sort', str(plan))


@tagged('post_install', '-at_install')
class TestCaseNextRace(BaseCase):
    """Two real transactions on committed records, which are deleted afterwards."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            users = env['res.users'].create(
                [
                    {
                        'name': login,
                        'login': login,
                        'group_ids': [Command.link(env.ref(AGENT).id)],
                    }
                    for login in ('next one', 'next two')
                ]
            )
            team = env['service.team'].create({'name': 'Race', 'member_ids': users.ids})
            tickets = env['service.ticket'].create(
                [{'name': f'Race {number}', 'team_id': team.id} for number in range(2)]
            )
            self.made = {record._name: record.ids for record in (tickets, team, users)}

    def remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            for model_name, ids in self.made.items():
                env[model_name].browse(ids).unlink()

    def take(self, cr, user_id):
        tickets = api.Environment(cr, user_id, {})['service.ticket']
        action = tickets.action_take_next()
        tickets.env.flush_all()
        return action.get('res_id')

    def test_two_who_ask_at_once_get_different_ones(self):
        one, two = self.made['res.users']
        with self.registry.cursor() as first, self.registry.cursor() as second:
            taken = [self.take(first, one), self.take(second, two)]
            first.commit()
            second.commit()
            self.assertEqual(sorted(taken), sorted(self.made['service.ticket']))
            self.assertIsNone(self.take(first, one))
