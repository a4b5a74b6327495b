from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_extended.core.campaign import convert


class UtmCampaign(models.Model):
    _inherit = 'utm.campaign'

    crm_analytic_account_id = fields.Many2one(
        comodel_name='account.analytic.account',
        string='Analytic Account of the Campaign',
        copy=False,
        index='btree_not_null',
        groups='analytic.group_analytic_accounting',
        help='What is spent on it is the cost of the campaign, in place of what was typed.',
    )

    crm_invoiced_revenue = fields.Monetary(
        string='Invoiced Revenue',
        compute='_compute_crm_invoiced_revenue',
        currency_field='crm_currency_id',
        groups='sales_team.group_sale_salesman',
        help='What was invoiced without taxes to customers whom the campaign brought, less credit '
        'notes, in the companies selected.',
    )

    @api.depends('crm_currency_id')
    @api.depends_context('allowed_company_ids')
    def _compute_crm_invoiced_revenue(self):
        # sudo: like its cost, the total of a campaign is for all who see the campaign
        groups = (
            self.env['account.move']
            .sudo()
            ._read_group(
                Domain('campaign_id', 'in', self._origin.ids)
                & Domain('move_type', 'in', ('out_invoice', 'out_refund', 'out_receipt'))
                & Domain('state', '=', 'posted')
                & Domain('company_id', 'in', self.env.companies.ids),
                ['campaign_id', 'company_id'],
                ['amount_untaxed_signed:sum'],
            )
        )
        rates = self._get_crm_currency_rates()
        invoiced = {campaign._origin.id: 0.0 for campaign in self}
        for campaign, company, amount in groups:
            currencies = company.currency_id.id, campaign.crm_currency_id.id
            invoiced[campaign.id] += convert(amount, rates, *currencies)
        for campaign in self:
            campaign.crm_invoiced_revenue = invoiced[campaign._origin.id]

    def _get_crm_money_fields(self):
        return [*super()._get_crm_money_fields(), 'crm_analytic_account_id']

    def _get_crm_costs(self):
        """Take what is booked on the campaign's account, in the companies selected.

        Who may see what a campaign costs may see the total, the items need their own rights.
        """
        costs = super()._get_crm_costs()
        campaigns = self.sudo().filtered('crm_analytic_account_id')
        if campaigns:
            spent = campaigns.crm_analytic_account_id._get_crm_campaign_spending()
            rates = self._get_crm_currency_rates()
            for campaign in campaigns:
                costs[campaign.id] = sum(
                    amount * rates[campaign.crm_currency_id.id] / rates[currency_id]
                    for currency_id, amount in spent[campaign.crm_analytic_account_id.id].items()
                )
        return costs
