from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...core.campaign import (
    LEAD_COUNTERS,
    LeadGroup,
    add_up,
    convert,
    divide,
    get_ratios,
)

MONEY_FIELDS = ('crm_currency_id', 'crm_budget', 'crm_cost')


class UtmCampaign(models.Model):
    _name = 'utm.campaign'
    _inherit = [
        'crm.counter.mixin',
        'crm.audience.mixin',
        'crm.import.mixin',
        'utm.campaign',
    ]
    _import_addon = 'crm_extended'

    crm_type_id = fields.Many2one(
        comodel_name='crm.campaign.type',
        string='Campaign Type',
        index='btree_not_null',
        groups='sales_team.group_sale_salesman',
    )
    crm_date_start = fields.Date(
        string='Campaign Start',
        copy=False,
        groups='sales_team.group_sale_salesman',
    )
    crm_date_end = fields.Date(
        string='Campaign End',
        copy=False,
        groups='sales_team.group_sale_salesman',
    )
    crm_currency_id = fields.Many2one(
        comodel_name='res.currency',
        string='Campaign Currency',
        required=True,
        default=lambda self: self.env.company.currency_id,
        copy=False,
        help='The currency of budget and cost. Revenues are converted to it at the rate of the '
        'day.',
    )
    crm_budget = fields.Monetary(
        string='Budget',
        currency_field='crm_currency_id',
        copy=False,
        groups='sales_team.group_sale_salesman',
        help='What the campaign may cost.',
    )
    crm_cost = fields.Monetary(
        string='Cost',
        currency_field='crm_currency_id',
        copy=False,
        groups='sales_team.group_sale_salesman',
        help='What the campaign has cost. Its costs per lead and its return follow from it.',
    )
    crm_can_edit_money = fields.Boolean(
        compute='_compute_crm_can_edit_money',
        export_string_translation=False,
    )
    crm_opportunity_count = fields.Integer(
        string='Opportunity Count',
        compute='_compute_crm_figures',
        groups='sales_team.group_sale_salesman',
        help='Leads of the campaign that have become opportunities, whatever came of them.',
    )
    crm_won_count = fields.Integer(
        string='Won Opportunities',
        compute='_compute_crm_figures',
        groups='sales_team.group_sale_salesman',
    )
    crm_lost_count = fields.Integer(
        string='Lost Opportunities',
        compute='_compute_crm_figures',
        groups='sales_team.group_sale_salesman',
        help='Leads and opportunities that were marked as lost.',
    )
    crm_open_count = fields.Integer(
        string='Open',
        compute='_compute_crm_figures',
        groups='sales_team.group_sale_salesman',
        help='Leads and opportunities that are neither won nor lost.',
    )
    crm_won_revenue = fields.Monetary(
        string='Won Revenue',
        compute='_compute_crm_figures',
        currency_field='crm_currency_id',
        groups='sales_team.group_sale_salesman',
        help='Expected revenue of the won opportunities.',
    )
    crm_total_cost = fields.Monetary(
        string='Total Cost',
        compute='_compute_crm_figures',
        currency_field='crm_currency_id',
        groups='sales_team.group_sale_salesman',
        help='The cost that the ratios are made with.',
    )
    crm_conversion_rate = fields.Float(
        string='Conversion Rate',
        compute='_compute_crm_figures',
        groups='sales_team.group_sale_salesman',
        help='Won / leads, as a ratio: 0.25 is 25 %.',
    )
    crm_cost_per_lead = fields.Monetary(
        string='Cost per Lead',
        compute='_compute_crm_figures',
        currency_field='crm_currency_id',
        groups='sales_team.group_sale_salesman',
        help='Cost / leads, 0 while there are no leads.',
    )
    crm_cost_per_won = fields.Monetary(
        string='Cost per Won',
        compute='_compute_crm_figures',
        currency_field='crm_currency_id',
        groups='sales_team.group_sale_salesman',
        help='Cost / won opportunities, 0 while nothing is won.',
    )
    crm_roi = fields.Float(
        string='Return on Investment',
        compute='_compute_crm_figures',
        groups='sales_team.group_sale_salesman',
        help='(Won revenue - cost) / cost, as a ratio: 4.0 is 400 %; 0 when the cost is 0.',
    )
    crm_budget_used = fields.Float(
        string='Budget Used',
        compute='_compute_crm_figures',
        groups='sales_team.group_sale_salesman',
        help='100 x cost / budget, in percent; 0 without a budget.',
    )

    _crm_dates_in_order = models.Constraint(
        'CHECK (crm_date_end >= crm_date_start)',
        'A campaign cannot end before it starts.',
    )
    _crm_money_not_negative = models.Constraint(
        'CHECK (crm_budget >= 0 AND crm_cost >= 0)',
        'Budget and cost of a campaign cannot be negative.',
    )

    @api.depends_context('uid')
    def _compute_crm_can_edit_money(self):
        self.crm_can_edit_money = self._can_edit_crm_money()

    @api.depends('crm_cost', 'crm_budget', 'crm_currency_id')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_crm_figures(self):
        costs = self._get_crm_costs()
        results = self._get_crm_lead_groups()
        for campaign in self:
            groups = results.get(campaign._origin.id, ())
            cost = costs.get(campaign.id, 0.0)
            campaign.update(campaign._prepare_crm_figures(add_up(groups), cost))

    @api.model_create_multi
    def create(self, vals_list):
        money = self._get_crm_money_fields()
        if any(vals.get(name) for vals in vals_list for name in money if name != 'crm_currency_id'):
            self._check_can_edit_crm_money()
        return super().create(vals_list)

    def write(self, vals):
        if not set(self._get_crm_money_fields()).isdisjoint(vals):
            self._check_can_edit_crm_money()
        return super().write(vals)

    @api.model
    def _get_crm_audience_anchor(self):
        return 'crm_date_end'

    @api.model
    def _get_view(self, view_id=None, view_type='form', **options):
        """Let salespeople open campaigns beside Email Marketing.

        It shows a number to everybody that only its users may compute.
        """
        arch, view = super()._get_view(view_id, view_type, **options)
        for node in arch.xpath("//field[@name='ab_testing_mailings_count']"):
            node.set('groups', 'mass_mailing.group_mass_mailing_campaign')
        return arch, view

    # === ACTIONS === #

    def action_view_crm_opportunities(self):
        """Open the opportunities that the button counts."""
        return self._get_crm_counter_action('crm_opportunity_count')

    def action_view_crm_won(self):
        """Open the won opportunities that the button counts."""
        return self._get_crm_counter_action('crm_won_count')

    def action_view_crm_lost(self):
        """Open the lost leads and opportunities that the button counts."""
        return self._get_crm_counter_action('crm_lost_count')

    def action_view_crm_open(self):
        """Open the leads and opportunities that the button counts as open."""
        return self._get_crm_counter_action('crm_open_count')

    # === BUSINESS === #

    @api.model
    def _can_edit_crm_money(self):
        return self.env.su or self.env.user.has_group('sales_team.group_sale_manager')

    @api.model
    def _get_crm_money_fields(self):
        """Return the fields that only sales managers may write."""
        return MONEY_FIELDS

    def _check_can_edit_crm_money(self):
        if not self._can_edit_crm_money():
            raise AccessError(
                self.env._('Only sales administrators may enter what a campaign costs.')
            )

    def _get_crm_costs(self):
        """Return what each campaign has cost, in its own currency.

        To be extended by addons that know it better than the person who typed it.

        :return: {campaign id: amount}
        """
        return {campaign.id: campaign.crm_cost for campaign in self}

    def _get_crm_leads_domain(self):
        """Return the leads and opportunities of the campaigns, as core counts them."""
        return Domain('campaign_id', 'in', self._origin.ids)

    def _get_crm_lead_groups(self):
        """Count the leads that the user may see, archived ones included, in one query.

        :return: {campaign id: [LeadGroup]}
        """
        rows = (
            self.env['crm.lead']
            .with_context(active_test=False)
            ._read_group(
                self._get_crm_leads_domain(),
                ['campaign_id', 'company_id', 'type', 'won_status'],
                ['__count', 'expected_revenue:sum'],
            )
        )
        rates = self._get_crm_currency_rates()
        groups = defaultdict(list)
        for campaign, company, lead_type, won_status, count, revenue in rows:
            currency = (company or self.env.company).sudo().currency_id
            own_revenue = convert(revenue or 0.0, rates, currency.id, campaign.crm_currency_id.id)
            groups[campaign.id].append(LeadGroup(lead_type, won_status, count, own_revenue))
        return groups

    @api.model
    def _get_crm_currency_rates(self):
        """Return today's rates of all currencies: {currency id: rate}, in one query."""
        currencies = self.env['res.currency'].with_context(active_test=False)
        return currencies.search(Domain.TRUE)._get_rates(
            self.env.company, fields.Date.context_today(self)
        )

    def _prepare_crm_figures(self, results, cost):
        return {
            **results.counters,
            **{f'crm_{name}': ratio for name, ratio in get_ratios(results, cost).items()},
            'crm_won_revenue': results.won_revenue,
            'crm_total_cost': cost,
            'crm_budget_used': divide(100 * cost, self.crm_budget),
        }

    def _get_crm_counter_action(self, name):
        """Return the window action that lists exactly what the counter counted."""
        field_name, value = LEAD_COUNTERS[name]
        action = self._get_crm_list_action(
            'crm.crm_lead_opportunities',
            self._get_crm_leads_domain() & Domain(field_name, '=', value),
            {'active_test': False, 'create': False},
        )
        return self._put_crm_list_first(action)
