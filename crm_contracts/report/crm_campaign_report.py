from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmCampaignReport(models.Model):
    _inherit = 'crm.campaign.report'

    def _get_campaign_cost(self):
        """Take the costs that analytic accounts know from the campaigns themselves."""
        typed = super()._get_campaign_cost()
        campaigns = self.env['utm.campaign'].sudo().with_context(active_test=False)
        costs = campaigns.search(Domain('crm_analytic_account_id', '!=', False))._get_crm_costs()
        if not costs:
            return typed
        return SQL(
            'COALESCE((SELECT spent.cost FROM (VALUES %s) AS spent (campaign_id, cost)'
            ' WHERE spent.campaign_id = campaign.id), %s)',
            SQL(', ').join(
                SQL('(%s, %s::numeric)', campaign_id, cost) for campaign_id, cost in costs.items()
            ),
            typed,
        )
