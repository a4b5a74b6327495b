from odoo.tests import tagged

from .common import ServiceCommon

LINKS = {
    'open_claim_count': 'action_view_open_claims',
    'unassigned_claim_count': 'action_view_unassigned_claims',
    'open_ticket_count': 'action_view_open_tickets',
    'unassigned_ticket_count': 'action_view_unassigned_tickets',
}


@tagged('post_install', '-at_install')
class TestServiceTeam(ServiceCommon):
    def test_each_number_is_a_link_to_exactly_what_it_counts(self):
        for model_name in ('service.claim', 'service.ticket'):
            self.create_case(model_name)
            self.create_case(model_name, user_id=self.leader.id)
            self.create_case(model_name, user_id=self.agent.id).action_solve()
            self.create_case(model_name).action_reject()
            self.create_case(model_name, active=False)
            self.create_case(model_name, team_id=self.desk.id)
        team = self.repairs.with_user(self.agent)
        self.assertEqual(
            {field: team[field] for field in LINKS},
            {
                'open_claim_count': 2,
                'unassigned_claim_count': 1,
                'open_ticket_count': 2,
                'unassigned_ticket_count': 1,
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
