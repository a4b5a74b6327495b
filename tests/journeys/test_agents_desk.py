"""What an agent has at hand: the next one, an answer, putting aside, merging and undoing it."""

import pytest

from odoo.tests import tagged

from .test_service_day import ServiceDayCase


class AgentsDeskCase(ServiceDayCase):
    def walk_the_desk(self):
        self.make_people('en_US')
        self.env['service.macro'].create(
            {
                'name': 'Ask which press it is',
                'user_id': False,
                'body': '<p>Dear <t t-out="object.partner_id.name"/>, which number has it?</p>',
            }
        )
        waiting, other = self.env['service.ticket'].create(
            [
                {
                    'name': name,
                    'partner_id': self.customer.id,
                    'team_id': self.team.id,
                    'user_id': user.id,
                    'date_open': f'2026-03-0{day} 09:00:00',
                }
                for day, (name, user) in enumerate(
                    (
                        ('The press leaks oil', self.env['res.users']),
                        ('Oil again', self.agent),
                    ),
                    start=1,
                )
            ]
        )
        self.start_tour(
            '/odoo/tickets?view_type=list', 'crm_claims_agents_desk', login=self.agent.login
        )
        self.assertRecordValues(
            waiting | other,
            [
                {'user_id': self.agent.id, 'stage_kind': 'waiting', 'active': True},
                {'user_id': self.agent.id, 'stage_kind': 'new', 'active': True},
            ],
        )


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestDeskOnTheDesktop(AgentsDeskCase):
    def test_agent_takes_answers_puts_aside_and_merges(self):
        self.walk_the_desk()
