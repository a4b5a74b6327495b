import json

from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from ...core.stages import OPEN_KINDS
from ..common import ServiceCommon

LINKS = {
    'open_claim_count': 'action_view_open_claims',
    'unassigned_claim_count': 'action_view_unassigned_claims',
    'late_claim_count': 'action_view_late_claims',
    'due_claim_count': 'action_view_due_claims',
    'open_ticket_count': 'action_view_open_tickets',
    'unassigned_ticket_count': 'action_view_unassigned_tickets',
    'late_ticket_count': 'action_view_late_tickets',
    'due_ticket_count': 'action_view_due_tickets',
}


@tagged('post_install', '-at_install')
class TestServiceTeam(ServiceCommon):
    @freeze_time('2026-03-04 12:00:00')
    def test_each_number_is_a_link_to_exactly_what_it_counts(self):
        for model_name in ('service.claim', 'service.ticket'):
            self.create_case(model_name)
            self.create_case(
                model_name, user_id=self.leader.id, date_deadline='2026-03-03 10:00:00'
            )
            self.create_case(
                model_name, user_id=self.leader.id, date_deadline='2026-03-04 18:00:00'
            )
            self.create_case(
                model_name, user_id=self.leader.id, date_deadline='2026-03-05 18:00:00'
            )
            self.create_case(model_name, user_id=self.agent.id).action_solve()
            self.create_case(model_name).action_reject()
            self.create_case(model_name, active=False)
            self.create_case(model_name, team_id=self.desk.id)
        team = self.repairs.with_user(self.agent)
        self.assertEqual(
            {field: team[field] for field in LINKS},
            {
                'open_claim_count': 4,
                'unassigned_claim_count': 1,
                'late_claim_count': 1,
                'due_claim_count': 1,
                'open_ticket_count': 4,
                'unassigned_ticket_count': 1,
                'late_ticket_count': 1,
                'due_ticket_count': 1,
            },
        )
        for field, method in LINKS.items():
            action = getattr(team, method)()
            found = (
                self.env[action['res_model']]
                .with_user(self.agent)
                .with_context(
                    **action['context'],
                )
                .search(action['domain'])
            )
            self.assertEqual(len(found), team[field], field)

    def test_numbers_show_only_what_the_user_may_see(self):
        self.create_case(team_id=self.desk.id, user_id=self.colleague.id)
        self.assertEqual(self.desk.with_user(self.colleague).open_ticket_count, 1)
        self.assertEqual(self.desk.with_user(self.agent).open_ticket_count, 0)

    def test_case_made_from_a_link_belongs_to_the_team(self):
        action = self.desk.action_view_open_claims()
        claim = self.env['service.claim'].with_context(**action['context']).create({'name': 'x'})
        self.assertEqual(claim.team_id, self.desk)

    def test_today_is_the_users_own(self):
        self.create_case(date_deadline='2026-03-04 23:30:00')
        for zone, expected in (('UTC', 1), ('Europe/Madrid', 0)):
            self.agent.tz = zone
            with freeze_time('2026-03-04 12:00:00'):
                team = self.repairs.with_user(self.agent).with_context(tz=zone)
                self.assertEqual(team.due_ticket_count, expected, zone)

    @freeze_time('2026-03-04 12:00:00')
    def test_graph_tells_what_was_opened_in_each_week(self):
        self.create_case(date_open='2026-03-02 09:00:00')
        self.create_case('service.claim', date_open='2026-03-03 09:00:00').action_solve()
        self.create_case(date_open='2026-02-25 09:00:00')
        self.create_case(date_open='2025-12-01 09:00:00')
        self.env.flush_all()
        [graph] = json.loads(self.repairs.with_user(self.agent).dashboard_graph)
        self.assertEqual([bar['value'] for bar in graph['values']], [0, 0, 0, 0, 1, 2])

    def test_numbers_of_a_team_come_from_an_index(self):
        solved = self.stages['solved'].id
        self.env['service.ticket'].with_context(tracking_disable=True).create(
            [{'name': 'x', 'team_id': self.repairs.id, 'stage_id': solved}] * 2000
        )
        self.create_case()
        self.env.flush_all()
        self.env.cr.execute('ANALYZE service_ticket')
        self.env.cr.execute('SET LOCAL enable_seqscan = off')
        domain = [('team_id', '=', self.repairs.id), ('stage_kind', 'in', OPEN_KINDS)]
        query = self.env['service.ticket']._search(domain)
        rows = self.env.execute_query(SQL('EXPLAIN %s', query.select()))
        plan = '\n'.join(row for (row,) in rows)
        self.assertIn('service_ticket_open_team_idx', plan)
