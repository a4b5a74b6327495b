from odoo import models

# What decides a lead one way or the other (`won_status`). Whoever loses one archives it first.
DECIDING = {'stage_id', 'probability'}


class CrmLead(models.Model):
    _name = 'crm.lead'
    _inherit = ['crm.cadence.document.mixin', 'crm.lead']

    def write(self, vals):
        written = super().write(vals)
        if DECIDING & vals.keys():
            decided = self.filtered(lambda lead: lead.won_status != 'pending')
            if decided:
                # sudo: who decides need not be allowed to end what a colleague began
                self.env['crm.cadence.run'].sudo()._end_over(leads=decided)
        return written
