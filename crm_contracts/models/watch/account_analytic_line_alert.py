from odoo import api, models
from odoo.fields import Domain

# Fields by which hours consume the prepaid units of a contract.
CONSUMING_FIELDS = {'crm_contract_non_billable', 'date', 'project_id', 'unit_amount'}


class AccountAnalyticLine(models.Model):
    """Hours that reach a threshold of prepaid units are told of at once."""

    _inherit = 'account.analytic.line'

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._alert_crm_contract_prepaid()
        return items

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {*CONSUMING_FIELDS, *self._get_plan_fnames()}:
            self._alert_crm_contract_prepaid()
        return result

    def _alert_crm_contract_prepaid(self):
        """Alert at once when hours reach a threshold of a contract's prepaid units."""
        accounts = self.sudo().filtered('project_id')._get_crm_contract_accounts()
        if accounts:
            contracts = self.env['crm.contract'].sudo()
            contracts.search(
                Domain('analytic_account_id', 'in', accounts.ids)
                & contracts._get_prepaid_alert_domain()
            )._alert_prepaid()
