from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    crm_dial_address = fields.Char(related='company_id.crm_dial_address', readonly=False)
