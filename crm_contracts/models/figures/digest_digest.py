from odoo import api, fields, models
from odoo.fields import Domain

from ...core.states import BILLABLE_STATES

SALESPEOPLE = 'sales_team.group_sale_salesman'


class DigestDigest(models.Model):
    """What contracts bring in, in Odoo's periodic mail of figures."""

    _inherit = 'digest.digest'

    kpi_crm_contract_mrr = fields.Boolean('Monthly Revenue of Contracts')
    kpi_crm_contract_mrr_value = fields.Monetary(
        compute='_compute_kpi_crm_contract_mrr_value', export_string_translation=False
    )
    kpi_crm_contract_new = fields.Boolean('New Contracts')
    kpi_crm_contract_new_value = fields.Integer(
        compute='_compute_kpi_crm_contract_new_value', export_string_translation=False
    )

    @api.depends_context('start_datetime', 'end_datetime', 'uid')
    def _compute_kpi_crm_contract_mrr_value(self):
        """At the end of the period, in the currency of the company."""
        self._check_crm_kpi(SALESPEOPLE)
        _start, end, _companies = self._get_kpi_compute_parameters()
        until = Domain('date', '<=', fields.Date.to_date(end))
        name, model = 'kpi_crm_contract_mrr_value', 'crm.contract.mrr.movement'
        self._set_crm_kpi(name, model, until, 'company_amount:sum')

    @api.depends_context('start_datetime', 'end_datetime', 'uid')
    def _compute_kpi_crm_contract_new_value(self):
        """Those whose first day is in the period."""
        self._check_crm_kpi(SALESPEOPLE)
        start, end, _companies = self._get_kpi_compute_parameters()
        started = (
            Domain('state', 'in', BILLABLE_STATES)
            & Domain('date_start', '>', fields.Date.to_date(start))
            & Domain('date_start', '<=', fields.Date.to_date(end))
        )
        self._set_crm_kpi('kpi_crm_contract_new_value', 'crm.contract', started)

    def _compute_kpis_actions(self, company, user):
        menu = f'?menu_id={self.env.ref("crm.crm_menu_root").id}'
        return {
            **super()._compute_kpis_actions(company, user),
            'kpi_crm_contract_mrr': f'crm_contracts.crm_contract_mrr_movement_action{menu}',
            'kpi_crm_contract_new': f'crm_contracts.crm_contract_action{menu}',
        }
