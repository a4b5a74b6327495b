from odoo import fields, models


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
