from odoo import api, models

from .res_partner_acquisition import ACQUISITION_FIELDS


class CrmLead(models.Model):
    """Tells the customer of a lead how it was met."""

    _inherit = 'crm.lead'

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._fill_customer_acquisition()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if not {'partner_id', *ACQUISITION_FIELDS.values()}.isdisjoint(vals):
            self._fill_customer_acquisition()
        return result

    def _fill_customer_acquisition(self):
        """Keep on the customer how it was met.

        Asks nothing where the leads know nothing or the customers know it all already.
        """
        waiting = set()
        for lead in self.sudo().filtered('partner_id'):
            customers = lead.partner_id | lead.partner_id.commercial_partner_id
            for ours, theirs in ACQUISITION_FIELDS.items():
                if lead[theirs]:
                    waiting.update(customers.filtered(lambda c, name=ours: not c[name])._ids)
        waiting = [partner_id for partner_id in waiting if partner_id]
        if waiting:
            self.env['res.partner']._fill_crm_acquisition(waiting)
