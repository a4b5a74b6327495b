"""What contracts bring in: monthly revenue and its movements, renewals, margins, next invoices."""

from .parts import (
    GREEN,
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
    Records,
    Series,
    Source,
    Table,
    share,
)

TEAM, MANAGER = 'team', 'user'
PEOPLE = {TEAM: 'team_id', MANAGER: 'manager_id'}
DATED = {**PEOPLE, PERIOD: 'date:date'}
RUNNING = ['state', 'in', ['open', 'to_renew']]

revenue = Source('crm.contract.mrr.movement', ['company_amount'], PEOPLE)
movements = Source(
    'crm.contract.mrr.movement', ['company_amount', '__count'], DATED, columns=['kind']
)
renewals = Source(
    'crm.contract.renewal.report', ['renewal_rate', 'yearly_value', 'renewed_value'], DATED
)
renewals_by_quarter = Source(
    'crm.contract.renewal.report', ['renewal_rate'], DATED, rows=['date:quarter']
)
results = Source('crm.contract.report', ['revenue', 'cost', 'margin'], DATED)
results_by_month = Source(
    'crm.contract.report', ['revenue', 'cost', 'margin'], DATED, rows=['date:month']
)
running = Source('crm.contract', ['__count', 'yearly_value'], PEOPLE, domain=[RUNNING])
to_renew = Source(
    'crm.contract',
    ['__count', 'yearly_value'],
    PEOPLE,
    domain=[RUNNING, ['date_end', '>=', 'today'], ['date_end', '<=', 'today +90d']],
)
customers = Source(
    'crm.contract',
    ['yearly_value', '__count'],
    PEOPLE,
    domain=[RUNNING],
    rows=['partner_id'],
    sort='yearly_value',
)
margins = Source(
    'crm.contract.report',
    ['revenue', 'margin'],
    DATED,
    rows=['contract_id'],
    sort='revenue',
)


def _moved(value, *kinds):
    return '+'.join(value(movements, 'company_amount', kind=kind) for kind in kinds)


DASHBOARD = Dashboard(
    filters=[
        Filter(PERIOD, 'Period'),
        Filter(TEAM, 'Sales Team', 'crm.team'),
        Filter(MANAGER, 'Account Manager', 'res.users'),
    ],
    cards=[
        Card(
            'Monthly Revenue',
            lambda value: value(revenue, 'company_amount'),
            menu='crm_contracts.crm_contract_menu_mrr',
            baseline=lambda value: value(movements, 'company_amount'),
            mode='text',
            text='change in the period',
            color=GREEN,
            sample=(18450, 3200),
        ),
        Card(
            'New and Grown',
            lambda value: _moved(value, 'new', 'expansion', 'reactivation'),
            menu='crm_contracts.crm_contract_menu_mrr',
            color=GREEN,
            sample=(4600, 3900),
        ),
        Card(
            'Lost and Shrunk',
            lambda value: _moved(value, 'churn', 'contraction'),
            menu='crm_contracts.crm_contract_menu_mrr',
            color=RED,
            sample=(-1400, -1750),
        ),
        Card(
            'Renewal Rate',
            lambda value: value(renewals, 'renewal_rate'),
            menu='crm_contracts.crm_contract_menu_renewal_rate',
            mode='difference',
            format=PERCENT,
            color=GREEN,
            sample=(0.91, 0.87),
        ),
        Card(
            'Running Contracts',
            lambda value: value(running, '__count'),
            menu='crm_contracts.crm_contract_menu',
            baseline=lambda value: value(running, 'yearly_value'),
            mode='text',
            text='a year',
            sample=(46, 221400),
        ),
        Card(
            'Ending within 90 Days',
            lambda value: value(to_renew, '__count'),
            menu='crm_contracts.crm_contract_menu_renewals',
            baseline=lambda value: value(to_renew, 'yearly_value'),
            mode='text',
            text='a year at stake',
            color=ORANGE,
            sample=(7, 38200),
        ),
        Card(
            'Margin',
            lambda value: value(results, 'margin'),
            menu='crm_contracts.crm_contract_menu_results',
            sample=(74300, 68100),
        ),
        Card(
            'Margin Rate',
            lambda value: share(value(results, 'margin'), value(results, 'revenue')),
            menu='crm_contracts.crm_contract_menu_results',
            mode='difference',
            format=PERCENT,
            sample=(0.38, 0.36),
        ),
    ],
    bands=[
        [
            Chart(
                'Monthly Revenue',
                'line',
                'crm.contract.mrr.movement',
                ['date:month'],
                measure='company_amount',
                matching=DATED,
                menu='crm_contracts.crm_contract_menu_mrr',
                action='crm_contracts.crm_contract_mrr_movement_action',
                is_cumulated=True,
                sample={'Monthly Revenue': [15250, 600, 900, -350, 1250, 800]},
            ),
            Chart(
                'What Changed the Monthly Revenue',
                'bar',
                'crm.contract.mrr.movement',
                ['date:month', 'kind'],
                measure='company_amount',
                matching=DATED,
                menu='crm_contracts.crm_contract_menu_mrr',
                action='crm_contracts.crm_contract_mrr_movement_action',
                is_stacked=True,
                sample={
                    'New': [900, 600, 700, 300, 900, 800],
                    'Expansion': [200, 300, 400, 150, 500, 300],
                    'Churn': [-300, -300, -200, -800, -150, -300],
                },
            ),
        ],
        [
            Curve(
                'Revenue, Cost and Margin by Month',
                'bar',
                results_by_month,
                [
                    Series('Revenue', 'revenue'),
                    Series('Cost', 'cost'),
                    Series('Margin', 'margin'),
                ],
                menu='crm_contracts.crm_contract_menu_results',
                sample={
                    'Revenue': [15400, 16200, 16900, 16500, 17800, 18450],
                    'Cost': [9800, 10100, 10700, 10300, 10900, 11200],
                    'Margin': [5600, 6100, 6200, 6200, 6900, 7250],
                },
            ),
        ],
        [
            Curve(
                'Renewal Rate by Quarter',
                'line',
                renewals_by_quarter,
                [Series('Renewal Rate', 'renewal_rate', format=PERCENT)],
                menu='crm_contracts.crm_contract_menu_renewal_rate',
                rows=16,
                sample={'Renewal Rate': [0.85, 0.87, 0.86, 0.9, 0.92, 0.91]},
            ),
            Chart(
                'Yearly Value by Month of the End',
                'bar',
                'crm.contract',
                ['date_end:month'],
                measure='yearly_value',
                domain=[RUNNING, ['date_end', '>=', 'today'], ['date_end', '<', 'today +1y']],
                matching=PEOPLE,
                menu='crm_contracts.crm_contract_menu_renewals',
                action='crm_contracts.crm_contract_action',
                sample={'Yearly Value': [12400, 8600, 17200, 9800, 22100, 6400]},
            ),
        ],
        [
            Records(
                'Next Invoices',
                'crm.contract',
                {
                    'display_name': 'Contract',
                    'manager_id': 'Responsible',
                    'next_billing_date': 'Due',
                    'yearly_value': 'Yearly Value',
                },
                order=[('next_billing_date', True)],
                domain=[RUNNING, ['next_billing_date', '!=', False]],
                matching=PEOPLE,
                menu='crm_contracts.crm_contract_menu_to_bill',
            ),
            Table(
                'Customers by Value',
                'Customer',
                customers,
                [
                    Column('Yearly Value', lambda value: value('yearly_value')),
                    Column('Contracts', lambda value: value('__count')),
                ],
                menu='crm_contracts.crm_contract_menu',
            ),
        ],
        [
            Table(
                'Margin by Contract',
                'Contract',
                margins,
                [
                    Column('Revenue', lambda value: value('revenue')),
                    Column('Margin', lambda value: value('margin')),
                    Column(
                        'Margin (%)',
                        lambda value: share(value('margin'), value('revenue')),
                        PERCENT,
                    ),
                ],
                menu='crm_contracts.crm_contract_menu_results',
            ),
        ],
    ],
)
