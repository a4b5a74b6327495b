"""The company, its teams and its customers of the fortnight, in Odoo."""

from odoo import Command
from odoo.tests import TransactionCase, new_test_user

from .fortnight_script import (
    COLLEAGUES,
    CONTACTS,
    HOLIDAY,
    LEAVE,
    MEMBERS,
    PROMISES,
    WEEKS,
    ZONES,
    make_people,
    make_teams,
)

AGENT = 'crm_claims.crm_claims_group_agent'
MANAGER = 'crm_claims.crm_claims_group_manager'
DOMAIN = 'ebro.example.com'
GROUPS = {
    'Marta': MANAGER,
    'Bea': f'{AGENT},sales_team.group_sale_salesman',
    'Pedro': 'base.group_user',
}


class FortnightSetup(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('es_ES')
        cls.env['service.sla.policy'].search([]).active = False
        cls.domain = cls.env['mail.alias.domain'].create(
            {'name': DOMAIN, 'bounce_alias': 'bounces', 'catchall_alias': 'post'}
        )
        cls.company = cls.env['res.company'].create(
            {
                'name': 'Talleres Ebro',
                'country_id': cls.env.ref('base.es').id,
                'email': f'info@{DOMAIN}',
                'alias_domain_id': cls.domain.id,
            }
        )
        cls.company.partner_id.lang = 'es_ES'
        cls.make_colleagues()
        cls.make_customers()
        cls.make_teams()
        cls.env.flush_all()

    @classmethod
    def make_colleagues(cls):
        cls.users = {
            name: new_test_user(
                cls.env,
                f'fortnight_{name.lower()}',
                GROUPS.get(name, AGENT),
                name=name,
                email=f'{cls.get_local_part(name)}@{DOMAIN}',
                notification_type=way,
                lang=lang,
                tz='Europe/Madrid',
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name, (way, lang) in COLLEAGUES.items()
        }
        resource = cls.env['resource.resource'].create(
            {'name': 'Bea', 'user_id': cls.users['Bea'].id, 'company_id': cls.company.id}
        )
        cls.env['resource.calendar.leaves'].create(
            {
                'name': 'Bea is away',
                'resource_id': resource.id,
                'calendar_id': resource.calendar_id.id,
                'company_id': cls.company.id,
                'date_from': LEAVE[0],
                'date_to': LEAVE[1],
            }
        )

    @staticmethod
    def get_local_part(name):
        return name.lower().replace('é', 'e').replace('í', 'i')

    @classmethod
    def make_customers(cls):
        partners = cls.env['res.partner']
        cls.contacts = {}
        for name, company in CONTACTS.items():
            parent = company and (
                partners.search([('name', '=', company), ('is_company', '=', True)], limit=1)
                or partners.create({'name': company, 'is_company': True})
            )
            cls.contacts[name] = partners.create(
                {
                    'name': name,
                    'parent_id': parent and parent.id,
                    'email': f'{cls.get_local_part(name)}@altozano.example.com',
                    'lang': 'en_US' if name == 'Mateo' else 'es_ES',
                }
            )
        cls.portal_users = {
            'Lucía': new_test_user(
                cls.env,
                'fortnight_lucia',
                'base.group_portal',
                partner_id=cls.contacts['Lucía'].id,
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
        }
        cls.contacts['Lucía'].write({'name': 'Lucía', 'email': 'lucia@altozano.example.com'})

    @classmethod
    def make_teams(cls):
        people = make_people()
        cls.teams = {}
        for name, team in make_teams(people).items():
            members, leader = MEMBERS[name]
            cls.teams[name] = cls.env['service.team'].create(
                {
                    'name': name,
                    'company_id': cls.company.id,
                    'member_ids': [Command.set([cls.users[member].id for member in members])],
                    'leader_id': leader and cls.users[leader].id,
                    'calendar_id': cls.make_calendar(name).id,
                    'assignment': 'balanced' if team.is_balanced else 'manual',
                    'grace_days': team.grace_days,
                    'rating_days': team.rating_days,
                    'waiting_warning_days': (team.waiting or (0, 0))[0],
                    'waiting_close_days': (team.waiting or (0, 0))[1],
                }
            )
            followers = [cls.users[person.name].partner_id.id for person in team.followers]
            cls.teams[name].message_subscribe(followers)
        cls.teams['first'].escalation_team_id = cls.teams['second']
        cls.names = {team: name for name, team in cls.teams.items()}
        for name in cls.teams:
            cls.make_policy(name)
        cls.addresses = {
            (name, kind): cls.make_address(name, kind)
            for name in ('first', 'claims')
            for kind in ('ticket', 'claim')
        }
        cls.env['resource.calendar.leaves'].with_company(cls.company).create(
            {
                'name': 'All Saints',
                'calendar_id': False,
                'date_from': '2026-11-01 23:00:00',
                'date_to': f'{HOLIDAY} 22:59:59',
            }
        ).flush_recordset()  # while the company is the current one

    @classmethod
    def make_calendar(cls, name):
        return cls.env['resource.calendar'].create(
            {
                'name': name,
                'tz': ZONES[name],
                'company_id': cls.company.id,
                'global_leave_ids': [Command.clear()],
                'attendance_ids': [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                'name': f'{day} {start}',
                                'dayofweek': str(day),
                                'hour_from': start,
                                'hour_to': stop,
                                'day_period': 'full_day',
                            }
                        )
                        for day, spans in WEEKS[name].items()
                        for start, stop in spans
                    ),
                ],
            }
        )

    @classmethod
    def make_policy(cls, name):
        promise = PROMISES[name]
        cls.env['service.sla.policy'].create(
            {
                'name': name,
                'company_id': cls.company.id,
                'team_id': cls.teams[name].id,
                'first_response_hours': promise.first_response / 60,
                'next_response_hours': promise.next_response / 60,
                'resolution_hours': promise.resolution / 60,
                'warning_hours': promise.warning / 60,
                'escalate': promise.escalates,
            }
        )

    @classmethod
    def make_address(cls, name, kind):
        address = cls.env['service.team.alias'].create(
            {
                'team_id': cls.teams[name].id,
                'case_model': f'service.{kind}',
                'alias_name': f'{name}-{kind}s',
                'alias_domain_id': cls.domain.id,
            }
        )
        return address.alias_full_name
