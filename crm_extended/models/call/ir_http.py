from odoo import models


class IrHttp(models.AbstractModel):
    """Tells the web client what a click on a phone number opens."""

    _inherit = 'ir.http'

    def session_info(self):
        info = super().session_info()
        address = self.env.company.crm_dial_address if self.env.user._is_internal() else None
        if address:
            info['crm_dial_address'] = address
            if '{extension}' in address:
                info['crm_dial_extension'] = self.env['crm.phone.extension']._get_own()
        return info
