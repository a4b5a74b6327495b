from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    _name = 'res.partner'
    _inherit = ['crm.cadence.document.mixin', 'res.partner']

    def _get_crm_kept_data(self):
        """Tell by which cadences these people were followed up."""
        # sudo: who asks what is known is to hear of everything
        runs_sudo = self.env['crm.cadence.run'].sudo()
        leads = self._find_crm_personal('crm.lead')
        is_theirs = Domain('partner_id', 'in', self.ids) | Domain('lead_id', 'in', leads.ids)
        runs = runs_sudo.search(is_theirs)
        return [*super()._get_crm_kept_data(), (runs, ('state', 'reason', 'date_start'))]
