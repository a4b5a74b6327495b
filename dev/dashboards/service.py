"""How customers are served: promises, times, the backlog, satisfaction, what claims cost."""

from .parts import (
    GREEN,
    HOURS,
    ORANGE,
    PERCENT,
    PERIOD,
    RED,
    Card,
    Chart,
    Column,
    Curve,
    Dashboard,
    Filter,
    Series,
    Source,
    Table,
    share,
)

TEAM, AGENT = 'team', 'user'
PEOPLE = {TEAM: 'team_id', AGENT: 'user_id'}
OPENED = {**PEOPLE, PERIOD: 'date_open:datetime'}
PROMISED = {**PEOPLE, PERIOD: 'date_start:datetime'}
RATED = {**PEOPLE, PERIOD: 'date:datetime'}

promises = Source('service.sla.report', ['met_rate', 'met_count', 'missed_count'], PROMISED)
promises_by_month = Source(
    'service.sla.report',
    ['met_rate'],
    PROMISED,
    domain=[['state', 'in', ['met', 'missed', 'breached']]],
    rows=['date_start:month'],
)
promises_by_team = Source(
    'service.sla.report',
    ['met_rate', 'met_count', 'missed_count'],
    PROMISED,
    rows=['team_id'],
    sort='met_count',
)
times = Source(
    'service.case.report',
    ['response_hours_median', 'solution_hours_median', '__count'],
    OPENED,
)
times_by_month = Source(
    'service.case.report',
    ['response_hours_median', 'solution_hours_median'],
    OPENED,
    rows=['date_open:month'],
)
backlog = Source(
    'service.backlog.report',
    ['__count'],
    PEOPLE,
    domain=[['date', '=', 'today']],
    columns=['age_band'],
)
ratings = Source('service.rating.report', ['satisfied_rate', '__count'], RATED)
ratings_by_month = Source('service.rating.report', ['satisfied_rate'], RATED, rows=['date:month'])
ratings_by_agent = Source(
    'service.rating.report',
    ['satisfied_rate', 'rating', '__count'],
    RATED,
    rows=['user_id'],
    sort='__count',
)
claims = Source('service.claim', ['amount_net_cost', '__count'], OPENED)
claims_by_cause = Source(
    'service.claim',
    ['amount_net_cost', '__count'],
    OPENED,
    domain=[['amount_net_cost', '!=', 0]],
    rows=['cause_id'],
    sort='amount_net_cost',
)


DASHBOARD = Dashboard(
    filters=[
        Filter(PERIOD, 'Period'),
        Filter(TEAM, 'Team', 'service.team'),
        Filter(AGENT, 'Agent', 'res.users'),
    ],
    cards=[
        Card(
            'Promises Kept',
            lambda value: value(promises, 'met_rate'),
            menu='crm_claims.service_sla_report_menu',
            mode='difference',
            format=PERCENT,
            color=GREEN,
            sample=(0.93, 0.89),
        ),
        Card(
            'First Response',
            lambda value: value(times, 'response_hours_median'),
            menu='crm_claims.service_case_report_menu',
            mode='difference',
            format=HOURS,
            is_less_better=True,
            sample=(1.4, 2.1),
        ),
        Card(
            'Solution',
            lambda value: value(times, 'solution_hours_median'),
            menu='crm_claims.service_case_report_menu',
            mode='difference',
            format=HOURS,
            is_less_better=True,
            sample=(9.5, 12.3),
        ),
        Card(
            'Satisfied Customers',
            lambda value: value(ratings, 'satisfied_rate'),
            menu='crm_claims.service_rating_report_menu',
            mode='difference',
            format=PERCENT,
            color=GREEN,
            sample=(0.88, 0.85),
        ),
        Card(
            'Open Now',
            lambda value: value(backlog, '__count'),
            menu='crm_claims.service_backlog_report_menu',
            baseline=lambda value: value(backlog, '__count', age_band='over_30'),
            mode='text',
            text='older than 30 days',
            color=ORANGE,
            sample=(17, 2),
        ),
        Card(
            'New Cases',
            lambda value: value(times, '__count'),
            menu='crm_claims.service_case_report_menu',
            is_less_better=True,
            sample=(142, 151),
        ),
        Card(
            'Promises Broken',
            lambda value: value(promises, 'missed_count'),
            menu='crm_claims.service_sla_report_menu',
            color=RED,
            is_less_better=True,
            sample=(9, 15),
        ),
        Card(
            'Net Cost of Claims',
            lambda value: value(claims, 'amount_net_cost'),
            menu='crm_claims.service_claim_menu_pareto',
            color=RED,
            is_less_better=True,
            sample=(4350, 5100),
        ),
    ],
    bands=[
        [
            Curve(
                'Promises Kept by Month',
                'line',
                promises_by_month,
                [Series('Promises Kept', 'met_rate', format=PERCENT)],
                menu='crm_claims.service_sla_report_menu',
                sample={'Promises Kept': [0.86, 0.9, 0.88, 0.93, 0.95, 0.94]},
            ),
            Curve(
                'Response and Solution Times, Median Hours',
                'line',
                times_by_month,
                [
                    Series('First Response', 'response_hours_median'),
                    Series('Solution', 'solution_hours_median'),
                ],
                menu='crm_claims.service_case_report_menu',
                sample={
                    'First Response': [2.4, 2.1, 1.9, 1.6, 1.5, 1.4],
                    'Solution': [14, 12.5, 13, 11, 10, 9.5],
                },
            ),
        ],
        [
            Chart(
                'Open Cases in the Last 90 Days',
                'line',
                'service.backlog.report',
                ['date:day'],
                domain=[['date', '>', 'today -90d']],
                matching=PEOPLE,
                menu='crm_claims.service_backlog_report_menu',
                action='crm_claims.service_backlog_report_action',
                sample={'Cases': [24, 22, 25, 19, 18, 17]},
            ),
            Curve(
                'Satisfied Customers by Month',
                'line',
                ratings_by_month,
                [
                    Series(
                        'Satisfied Customers',
                        'satisfied_rate',
                        format=PERCENT,
                    )
                ],
                menu='crm_claims.service_rating_report_menu',
                sample={'Satisfied Customers': [0.81, 0.84, 0.83, 0.86, 0.9, 0.88]},
            ),
        ],
        [
            Curve(
                'Net Cost of Claims by Cause',
                'combo',
                claims_by_cause,
                [
                    Series('Net Cost', 'amount_net_cost', kind='bar'),
                    Series(
                        'Share of All, Together',
                        'amount_net_cost',
                        is_running_share=True,
                        format=PERCENT,
                    ),
                ],
                menu='crm_claims.service_claim_menu_pareto',
                rows=10,
                sample_labels=['Transport', 'Material', 'Manufacturing', 'Wrong Delivery'],
                sample={
                    'Net Cost': [2300, 1150, 600, 300],
                    'Share of All, Together': [0.53, 0.79, 0.93, 1],
                },
            ),
        ],
        [
            Table(
                'Promises by Team',
                'Team',
                promises_by_team,
                [
                    Column('Kept', lambda value: value('met_count')),
                    Column('Broken', lambda value: value('missed_count')),
                    Column('Kept (%)', lambda value: value('met_rate'), PERCENT),
                ],
                menu='crm_claims.service_sla_report_menu',
                rows=6,
            ),
            Table(
                'Satisfaction by Agent',
                'Agent',
                ratings_by_agent,
                [
                    Column('Ratings', lambda value: value('__count')),
                    Column('Satisfied', lambda value: value('satisfied_rate'), PERCENT),
                    Column('Rating', lambda value: value('rating'), '0.0'),
                ],
                menu='crm_claims.service_rating_report_menu',
                rows=6,
            ),
        ],
        [
            Table(
                'Causes of Claims',
                'Cause',
                claims_by_cause,
                [
                    Column('Claims', lambda value: value('__count')),
                    Column('Net Cost', lambda value: value('amount_net_cost')),
                    Column(
                        'Each',
                        lambda value: share(value('amount_net_cost'), value('__count')),
                    ),
                ],
                menu='crm_claims.service_claim_menu_pareto',
                rows=6,
            ),
        ],
    ],
)
