from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Lead documents of what disappears to the company of what stays.

        Odoo would lead them to the contact that stays, which may be no company of its own.
        """
        company = dst_partner.commercial_partner_id
        for documents in self.env['crm.commercial.partner.mixin']._get_commercial_partner_models():
            documents.flush_model(['commercial_partner_id'])
            self.env.cr.execute(
                SQL(
                    """UPDATE %s SET commercial_partner_id = %s
                        WHERE commercial_partner_id IN %s""",
                    SQL.identifier(documents._table),
                    company.id,
                    tuple(src_partners.ids),
                )
            )
        return super()._update_foreign_keys(src_partners, dst_partner)
