"""What sales teams bring in: the pipeline, what is won, channels, campaigns, calls."""

from .parts import (
    GREEN,
    ORANGE,
    PERCENT,
    PERIOD,
    RED,
    Card,
    Chart,
    Column,
    Dashboard,
    Filter,
    Source,
    Table,
    share,
)

TEAM, SALESPERSON, CHANNEL = 'team', 'user', 'medium'
PEOPLE = {TEAM: 'team_id', SALESPERSON: 'user_id'}
OPEN = (['type', '=', 'opportunity'], ['won_status', '=', 'pending'])

arrived = Source(
    'crm.lead',
    ['__count'],
    matching={**PEOPLE, CHANNEL: 'medium_id', PERIOD: 'create_date:datetime'},
    columns=['won_status'],
    context={'active_test': False},
)
closed = Source(
    'crm.lead',
    ['__count'],
    matching={**PEOPLE, CHANNEL: 'medium_id', PERIOD: 'date_closed:datetime'},
    domain=[['type', '=', 'opportunity'], ['won_status', 'in', ['won', 'lost']]],
    columns=['won_status'],
    context={'active_test': False},
)
pipeline = Source(
    'crm.lead',
    ['expected_revenue', 'prorated_revenue', '__count'],
    matching={**PEOPLE, CHANNEL: 'medium_id'},
    domain=OPEN,
)
results = Source(
    'crm.target.report',
    ['amount'],
    matching={**PEOPLE, PERIOD: 'date:date'},
    columns=['figure'],
)
calls = Source(
    'crm.call',
    ['__count'],
    matching={**PEOPLE, PERIOD: 'date:datetime'},
    columns=['state'],
)
channels = Source(
    'crm.lead',
    ['__count'],
    matching={**PEOPLE, CHANNEL: 'medium_id', PERIOD: 'create_date:datetime'},
    domain=[['medium_id', '!=', False]],
    rows=['medium_id'],
    columns=['won_status'],
    sort='__count',
    context={'active_test': False},
)
campaigns = Source(
    'crm.campaign.report',
    ['cost', 'won_revenue', 'roi'],
    rows=['campaign_id'],
    sort='won_revenue',
)


def _won(value):
    return value(closed, '__count', won_status='won')


def _won_and_lost(value):
    return f'{_won(value)}+{value(closed, "__count", won_status="lost")}'


def _target(value):
    """Return the targets of people, or without any those of teams."""
    of_people = value(results, 'amount', figure='target')
    of_teams = value(results, 'amount', figure='team_target')
    return f'IF({of_people}+0>0,{of_people},{of_teams})'


DASHBOARD = Dashboard(
    filters=[
        Filter(PERIOD, 'Period'),
        Filter(TEAM, 'Sales Team', 'crm.team'),
        Filter(SALESPERSON, 'Salesperson', 'res.users'),
        Filter(CHANNEL, 'Channel', 'utm.medium'),
    ],
    cards=[
        Card(
            'Won Revenue',
            lambda value: value(results, 'amount', figure='won'),
            menu='crm_extended.crm_target_report_menu',
            color=GREEN,
            sample=(148200, 121500),
        ),
        Card(
            'Won against Target',
            lambda value: value(results, 'amount', figure='won'),
            menu='crm_extended.crm_target_report_menu',
            baseline=_target,
            mode='progress',
            text='',
            color=GREEN,
            sample=(148200, 180000),
        ),
        Card(
            'Win Rate',
            lambda value: share(_won(value), _won_and_lost(value)),
            menu='crm.crm_opportunity_report_menu',
            mode='difference',
            format=PERCENT,
            color=GREEN,
            sample=(0.42, 0.38),
        ),
        Card(
            'Pipeline',
            lambda value: value(pipeline, 'expected_revenue'),
            menu='crm.menu_crm_opportunities',
            baseline=lambda value: value(pipeline, 'prorated_revenue'),
            mode='text',
            text='by probability',
            sample=(212000, 96400),
        ),
        Card(
            'New Leads',
            lambda value: value(arrived, '__count'),
            menu='crm.crm_opportunity_report_menu_lead',
            sample=(64, 58),
        ),
        Card(
            'Open Opportunities',
            lambda value: value(pipeline, '__count'),
            menu='crm.menu_crm_opportunities',
            baseline=_won,
            mode='text',
            text='won in the period',
            sample=(31, 18),
        ),
        Card(
            'Calls Held',
            lambda value: value(calls, '__count', state='held'),
            menu='crm_extended.crm_call_menu_report',
            color=ORANGE,
            sample=(186, 164),
        ),
        Card(
            'Calls Not Held',
            lambda value: value(calls, '__count', state='not_held'),
            menu='crm_extended.crm_call_menu_report',
            color=RED,
            is_less_better=True,
            sample=(22, 31),
        ),
    ],
    bands=[
        [
            Chart(
                'Won and Targets by Month',
                'bar',
                'crm.target.report',
                ['date:month', 'figure'],
                measure='amount',
                domain=[['figure', 'in', ['won', 'target', 'team_target']]],
                matching={**PEOPLE, PERIOD: 'date:date'},
                menu='crm_extended.crm_target_report_menu',
                action='crm_extended.crm_target_report_action',
                sample={
                    'Won': [21000, 24500, 18200, 31000, 26300, 27200],
                    'Target': [25000, 25000, 25000, 28000, 28000, 28000],
                },
            ),
        ],
        [
            Chart(
                'Pipeline by Stage',
                'bar',
                'crm.lead',
                ['stage_id'],
                measure='expected_revenue',
                domain=OPEN,
                matching={**PEOPLE, CHANNEL: 'medium_id'},
                menu='crm.menu_crm_opportunities',
                action='crm.crm_opportunity_report_action',
                sample={
                    'New': 64000,
                    'Qualified': 71000,
                    'Proposition': 48000,
                    'Negotiation': 29000,
                },
            ),
            Chart(
                'Calls by Month',
                'bar',
                'crm.call',
                ['date:month', 'state'],
                domain=[['state', 'in', ['held', 'not_held']]],
                matching={**PEOPLE, PERIOD: 'date:datetime'},
                menu='crm_extended.crm_call_menu_report',
                action='crm_extended.crm_call_action_report',
                is_stacked=True,
                sample={'Held': [28, 31, 25, 38, 30, 34], 'Not Held': [4, 3, 6, 2, 5, 2]},
            ),
        ],
        [
            Table(
                'Conversion by Channel',
                'Channel',
                channels,
                [
                    Column('Leads', lambda value: value('__count')),
                    Column('Won', lambda value: value('__count', won_status='won')),
                    Column(
                        'Conversion',
                        lambda value: share(value('__count', won_status='won'), value('__count')),
                        PERCENT,
                    ),
                ],
                menu='crm.crm_opportunity_report_menu_lead',
            ),
            Table(
                'Return of Campaigns',
                'Campaign',
                campaigns,
                [
                    Column('Revenue', lambda value: value('won_revenue')),
                    Column('Cost', lambda value: value('cost')),
                    Column('Return', lambda value: value('roi'), PERCENT),
                ],
                menu='crm_extended.crm_campaign_report_menu',
            ),
        ],
        [
            Chart(
                'Won by Channel, Each Contact Its Share',
                'bar',
                'crm.attribution.report',
                ['medium_id'],
                measure='even_amount',
                order='DESC',
                matching={**PEOPLE, CHANNEL: 'medium_id', PERIOD: 'date:datetime'},
                menu='crm_extended.crm_attribution_report_menu',
                action='crm_extended.crm_attribution_report_action',
                sample={'Phone': 52000, 'Email': 41000, 'Website': 33000, 'Direct': 22000},
            ),
        ],
    ],
)
