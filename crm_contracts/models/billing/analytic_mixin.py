from odoo import api, models


class AnalyticMixin(models.AbstractModel):
    _inherit = 'analytic.mixin'

    @api.onchange('analytic_distribution')
    def _onchange_crm_contract_over(self):
        """Say that what is being entered goes to a contract that is over."""
        return self.distribution_analytic_account_ids._get_crm_over_warning()

    def _validate_distribution(self, **kwargs):
        """Say so too when an order is confirmed; Odoo comes through here, whoever sells."""
        result = super()._validate_distribution(**kwargs)
        if kwargs.get('business_domain') == 'sale_order':
            accounts = self.distribution_analytic_account_ids
            accounts._report_crm_booking_when_over({self: accounts})
        return result
