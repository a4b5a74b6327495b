from odoo import api, fields, models
from odoo.fields import Domain

AGENTS = 'crm_claims.crm_claims_group_agent'


class DigestDigest(models.Model):
    """What was solved, promised and claimed in Odoo's periodic mail of figures."""

    _inherit = 'digest.digest'

    kpi_service_tickets_solved = fields.Boolean('Tickets Solved')
    kpi_service_tickets_solved_value = fields.Integer(
        compute='_compute_kpi_service_tickets_solved_value', export_string_translation=False
    )
    kpi_service_promises_kept = fields.Boolean('Promises Kept (%)')
    kpi_service_promises_kept_value = fields.Float(
        compute='_compute_kpi_service_promises_kept_value', export_string_translation=False
    )
    kpi_service_claims_open = fields.Boolean('Open Claims')
    kpi_service_claims_open_value = fields.Integer(
        compute='_compute_kpi_service_claims_open_value', export_string_translation=False
    )

    @api.depends_context('start_datetime', 'end_datetime', 'uid')
    def _compute_kpi_service_tickets_solved_value(self):
        self._check_crm_kpi(AGENTS)
        solved = Domain('stage_kind', '=', 'solved') & self._get_crm_kpi_period('date_closed')
        self._set_crm_kpi('kpi_service_tickets_solved_value', 'service.ticket', solved)

    @api.depends_context('start_datetime', 'end_datetime', 'uid')
    def _compute_kpi_service_promises_kept_value(self):
        """In percent of the promises that fell due; all are kept where none did."""
        self._check_crm_kpi(AGENTS)
        due = Domain('met_rate', '>=', 0) & self._get_crm_kpi_period('deadline')
        groups = self.env['service.sla.report']._read_group(due, ['company_id'], ['met_rate:avg'])
        rates = {company: 100 * rate for company, rate in groups}
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_service_promises_kept_value = rates.get(company, 100)

    @api.depends_context('start_datetime', 'end_datetime', 'uid')
    def _compute_kpi_service_claims_open_value(self):
        """At the end of the period."""
        self._check_crm_kpi(AGENTS)
        _start, end, _companies = self._get_kpi_compute_parameters()
        still_open = Domain('date_closed', '=', False) | Domain('date_closed', '>=', end)
        were_open = Domain('date_open', '<', end) & still_open
        self._set_crm_kpi('kpi_service_claims_open_value', 'service.claim', were_open)

    def _compute_kpis_actions(self, company, user):
        menu = f'?menu_id={self.env.ref("crm_claims.crm_claims_menu_root").id}'
        return {
            **super()._compute_kpis_actions(company, user),
            'kpi_service_tickets_solved': f'crm_claims.service_ticket_action_report{menu}',
            'kpi_service_promises_kept': f'crm_claims.service_sla_report_action{menu}',
            'kpi_service_claims_open': f'crm_claims.service_claim_action{menu}',
        }
