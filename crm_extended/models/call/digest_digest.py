from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class DigestDigest(models.Model):
    """The calls in Odoo's periodic mail of figures, and how the suite's own figures are made."""

    _inherit = 'digest.digest'

    kpi_crm_calls_held = fields.Boolean('Calls Held')
    kpi_crm_calls_held_value = fields.Integer(
        compute='_compute_kpi_crm_calls_held_value', export_string_translation=False
    )

    @api.depends_context('start_datetime', 'end_datetime', 'uid')
    def _compute_kpi_crm_calls_held_value(self):
        self._check_crm_kpi('sales_team.group_sale_salesman')
        held = Domain('state', '=', 'held') & self._get_crm_kpi_period('date')
        self._set_crm_kpi('kpi_crm_calls_held_value', 'crm.call', held)

    def _compute_kpis_actions(self, company, user):
        menu = self.env.ref('crm.crm_menu_root')
        return {
            **super()._compute_kpis_actions(company, user),
            'kpi_crm_calls_held': f'crm_extended.crm_call_action_report?menu_id={menu.id}',
        }

    def _check_crm_kpi(self, group):
        """Leave a figure out of the mail of who is not in a group."""
        if not self.env.user.has_group(group):
            raise AccessError(self.env._('This figure is not for the user of the digest.'))

    def _get_crm_kpi_period(self, field_name):
        """Return what was in the period of the mail: of dates, the days that are over."""
        start, end, _companies = self._get_kpi_compute_parameters()
        return Domain(field_name, '>=', start) & Domain(field_name, '<', end)

    def _set_crm_kpi(self, name, model, domain, aggregate='__count'):
        """Set a figure of each digest: that of its company, and of what belongs to none.

        Only what the user may read is counted.

        :param model: name of the model whose records are counted or added up
        :param aggregate: what is made of the records, as ``_read_group`` has it
        """
        groups = self.env[model]._read_group(domain, ['company_id'], [aggregate])
        figures = {company.id: figure or 0 for company, figure in groups}
        for digest in self:
            company = digest.company_id or self.env.company
            digest[name] = figures.get(company.id, 0) + figures.get(False, 0)
