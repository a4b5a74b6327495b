"""The day of an agent, from a call to a merge, and the manager's look at the teams."""

from datetime import timedelta

import pytest
from pytz import UTC, timezone

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged

from .common import OnAPhone, OnTheDesktop

AGENT = 'crm_claims.crm_claims_group_agent'
MANAGER = 'crm_claims.crm_claims_group_manager'


class ServiceDayCase(HttpCase):
    def make_people(self, language):
        self.env['res.lang']._activate_lang(language)
        self.agent, self.manager = (
            new_test_user(
                self.env,
                login=login,
                name=name,
                groups=f'{group},sales_team.group_sale_salesman',
                lang=language,
                tz='Europe/Madrid',
            )
            for login, name, group in (
                ('day_agent', 'Alba Ruiz', AGENT),
                ('day_manager', 'Marta Gil', MANAGER),
            )
        )
        self.team = self.env['service.team'].create(
            {'name': 'Front Desk', 'sequence': -1, 'member_ids': [Command.set(self.agent.ids)]}
        )
        self.customer = self.env['res.partner'].create(
            {'name': 'Bodegas Altozano', 'is_company': True, 'email': 'info@altozano.example.com'}
        )

    def walk_the_agents_day(self, language):
        self.make_people(language)
        short = language.partition('_')[0]
        call = self.env['crm.call'].create(
            {
                'name': 'The press leaks oil',
                'direction': 'inbound',
                'state': 'held',
                'partner_id': self.customer.id,
                'phone': '+34 600 111 222',
                'user_id': self.agent.id,
            }
        )
        self.start_tour(
            f'/odoo/action-crm_extended.crm_call_action_all/{call.id}',
            f'crm_claims_agents_day_{short}',
            login=self.agent.login,
        )
        self.ticket = call.service_ticket_id
        self.assertRecordValues(
            self.ticket,
            [
                {
                    'phone': '+34 600 111 222',
                    'user_id': self.agent.id,
                    'stage_kind': 'solved',
                    'partner_id': self.customer.id,
                }
            ],
        )
        self.assertIn('Which size do you use?', str(self.ticket.message_ids.mapped('body')))
        return short

    def walk_the_merge(self, short):
        other = self.env['service.ticket'].create(
            {'name': 'Oil again', 'partner_id': self.customer.id, 'team_id': self.team.id}
        )
        self.start_tour(
            '/odoo/tickets?view_type=list', f'crm_claims_merge_{short}', login=self.agent.login
        )
        self.assertEqual(other.merged_into_id, self.ticket)
        self.assertEqual(self.ticket.stage_kind, 'open')

    def walk_the_dashboard(self, language):
        self.make_people(language)
        now = fields.Datetime.now()
        self.env['service.ticket'].create(
            [
                {'name': f'Ticket {index}', 'team_id': self.team.id, **values}
                for index, values in enumerate(
                    (
                        {'user_id': self.agent.id},
                        {'date_deadline': now - timedelta(days=2)},
                        {'date_deadline': self.get_end_of_today()},
                        {},
                    )
                )
            ]
        )
        short = language.partition('_')[0]
        self.start_tour(
            '/odoo/after-sales',
            f'crm_claims_managers_dashboard_{short}',
            login=self.manager.login,
        )

    def get_end_of_today(self):
        """Return the last moment of the manager's day, which is late for nobody."""
        zone = timezone(self.manager.tz)
        now = UTC.localize(fields.Datetime.now()).astimezone(zone)
        return now.replace(hour=23, minute=59, second=59).astimezone(UTC).replace(tzinfo=None)


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestOnTheDesktop(OnTheDesktop, ServiceDayCase):
    def test_agents_day_in_english(self):
        self.require('en_US')
        self.walk_the_merge(self.walk_the_agents_day('en_US'))

    def test_agents_day_in_spanish(self):
        self.require('es_ES')
        self.walk_the_merge(self.walk_the_agents_day('es_ES'))

    def test_dashboard_in_english(self):
        self.require('en_US')
        self.walk_the_dashboard('en_US')

    def test_dashboard_in_spanish(self):
        self.require('es_ES')
        self.walk_the_dashboard('es_ES')


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestOnThePhone(OnAPhone, ServiceDayCase):
    def test_agents_day_in_english(self):
        self.require('en_US')
        self.walk_the_agents_day('en_US')

    def test_agents_day_in_spanish(self):
        self.require('es_ES')
        self.walk_the_agents_day('es_ES')

    def test_dashboard_in_english(self):
        self.require('en_US')
        self.walk_the_dashboard('en_US')

    def test_dashboard_in_spanish(self):
        self.require('es_ES')
        self.walk_the_dashboard('es_ES')
