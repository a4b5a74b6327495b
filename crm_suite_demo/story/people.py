"""Who works in the company, and the customer who looks into the portal."""

from odoo.fields import Command

SALES = 'sales_team.group_sale_salesman'
ALL_SALES = 'sales_team.group_sale_salesman_all_leads'
AGENT = 'crm_claims.crm_claims_group_agent'
TIMESHEETS = 'hr_timesheet.group_hr_timesheet_user'
SALES_HOME = 'crm_extended.crm_home_action_sales'
AGENT_HOME = 'crm_claims.crm_home_action_agent'
# Login, which is the password too: groups, and the screen that opens first.
ROLES = {
    'sales': ([SALES], SALES_HOME),
    'sales2': ([SALES], SALES_HOME),
    'salesmanager': (['sales_team.group_sale_manager'], SALES_HOME),
    'agent': ([AGENT, TIMESHEETS], AGENT_HOME),
    'servicemanager': (['crm_claims.crm_claims_group_manager', TIMESHEETS], AGENT_HOME),
    'contracts': ([ALL_SALES, AGENT], 'crm_contracts.crm_home_action_contracts'),
    'accountant': (
        ['account.group_account_invoice'],
        'crm_contracts.crm_home_action_accounting',
    ),
}
NAMELESS = 'Administrator'
SELLERS = ('sales', 'sales2', 'salesmanager', 'admin')
AGENTS = ('agent', 'servicemanager', 'admin')
TECHNICIANS = {'agent': 26.0, 'servicemanager': 31.0}  # what an hour of them costs


def begin(story):
    story.users = create_users(story)
    story.admin = story.users['admin'] = prepare_admin(story)
    story.employees = create_employees(story)
    story.team = create_sales_team(story)
    story.service_teams = create_service_teams(story)


def create_users(story):
    """Return {login: user}."""
    domain = story.words.COMPANY['email'].partition('@')[2]
    users = story.env['res.users'].create(
        [
            {
                'name': story.words.PEOPLE[login],
                'login': login,
                'password': login,
                'email': f'{login}@{domain}',
                'phone': story.words.COMPANY['phone'],
                'notification_type': 'inbox',
                'company_id': story.company.id,
                'company_ids': [Command.set(story.company.ids)],
                'group_ids': [Command.link(story.env.ref(group).id) for group in groups],
                'action_id': story.env.ref(home).id,
                'lang': story.lang,
                'tz': story.words.ZONE,
                # its greeting would lie over the first screen of a phone
                'odoobot_state': 'disabled',
            }
            for login, (groups, home) in ROLES.items()
        ]
    )
    return dict(zip(ROLES, users, strict=True))


def prepare_admin(story):
    """Let who looks around first see all there is, and have work as well."""
    admin = story.env.ref('base.user_admin')
    everything = [
        'sales_team.group_sale_manager',
        'crm_claims.crm_claims_group_manager',
        'account.group_account_manager',
    ]
    admin.write(
        {
            'group_ids': [Command.link(story.env.ref(group).id) for group in everything],
            'action_id': story.env.ref(SALES_HOME).id,
            'tz': admin.tz or story.words.ZONE,
            'notification_type': 'inbox',
            'odoobot_state': 'disabled',
        }
    )
    if admin.name == NAMELESS:
        admin.name = story.words.PEOPLE['admin']
    story.env.ref('base.group_user').implied_ids = [
        Command.link(story.env.ref('crm.group_use_lead').id)
    ]
    return admin


def create_employees(story):
    """Return {login: employee} of those whose hours are booked."""
    employees = story.env['hr.employee'].create(
        [
            {
                'name': story.users[login].name,
                'user_id': story.users[login].id,
                'company_id': story.company.id,
                'hourly_cost': cost,
            }
            for login, cost in TECHNICIANS.items()
        ]
    )
    return dict(zip(TECHNICIANS, employees, strict=True))


def create_sales_team(story):
    return story.env['crm.team'].create(
        {
            'name': story.words.SALES_TEAM,
            'user_id': story.users['salesmanager'].id,
            'company_id': story.company.id,
            'use_leads': True,
            'crm_arrival': 'turn',
            'crm_team_member_ids': [
                Command.create({'user_id': story.users[login].id})
                for login in (*SELLERS, 'contracts')
            ],
        }
    )


def create_service_teams(story):
    """Return {'support' and 'claims': team}."""
    leader = story.users['servicemanager']
    members = [Command.set([story.users[login].id for login in AGENTS])]
    shared = {'company_id': story.company.id, 'leader_id': leader.id, 'member_ids': members}
    claims = get_first_team(story)
    claims.write(
        {
            **shared,
            'name': story.words.CLAIMS_TEAM,
            'sequence': 20,
            'color': 2,
            'approval_amount': 800,
            'rating_days': 0,
        }
    )
    support = story.env['service.team'].create(
        {
            **shared,
            'name': story.words.SUPPORT_TEAM,
            'sequence': 10,
            'color': 4,
            'escalation_team_id': claims.id,
            'waiting_warning_days': 5,
            'rating_days': 0,
        }
    )
    return {'support': support, 'claims': claims}


def get_first_team(story):
    """Return the team that comes with the addon, where nobody works in it, else another."""
    team = story.env.ref('crm_claims.service_team_after_sales', raise_if_not_found=False)
    is_free = team and not any(
        story.env[model].with_context(active_test=False).search_count([('team_id', '=', team.id)])
        for model in ('service.ticket', 'service.claim')
    )
    return team if is_free else story.env['service.team'].create({'name': story.words.CLAIMS_TEAM})
