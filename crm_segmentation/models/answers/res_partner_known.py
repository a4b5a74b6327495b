from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    """In which segments people are and were belongs to what is known about them."""

    _inherit = 'res.partner'

    def _get_crm_kept_data(self):
        # sudo: who asks what is known is to hear of everything
        everything = self.env['crm.segment'].sudo().with_context(active_test=False)
        memberships = everything.env['crm.segment.membership'].search(
            [('partner_id', 'in', self.ids)]
        )
        segments = everything.search(
            Domain('include_partner_ids', 'in', self.ids)
            | Domain('exclude_partner_ids', 'in', self.ids)
        )
        return [
            *super()._get_crm_kept_data(),
            (memberships, ('date_in', 'date_out')),
            (segments, ('name',)),
        ]
