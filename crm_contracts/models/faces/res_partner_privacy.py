from odoo import models

# An invoice has to name its customer for as long as the law says.
ON_INVOICES = {'name', 'vat', 'street', 'street2', 'zip', 'city', 'company_name'}


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def _get_crm_personal_fields(self):
        """Keep what posted invoices name, if one of these people has any."""
        names = super()._get_crm_personal_fields()
        # sudo: who asks need not read invoices to keep them as they are
        invoices = self.env['account.move'].sudo()
        if not invoices.search_count(
            [('partner_id', 'in', self.ids), ('state', '=', 'posted')], limit=1
        ):
            return names
        return tuple(name for name in names if name not in ON_INVOICES)
