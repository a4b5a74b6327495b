from odoo import api, models


class CrmCall(models.Model):
    """Whoever was spoken with needs no cadence any more."""

    _inherit = 'crm.call'

    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create(vals_list)
        calls._end_crm_cadences()
        return calls

    def write(self, vals):
        written = super().write(vals)
        if vals.get('state') == 'held':
            self._end_crm_cadences()
        return written

    def _end_crm_cadences(self):
        held = self.filtered(lambda call: call.state == 'held')
        if held:
            # sudo: who calls need not be allowed to end what a colleague began
            runs_sudo = self.env['crm.cadence.run'].sudo()
            runs_sudo._end_over(leads=held.lead_id, customers=held.partner_id)
