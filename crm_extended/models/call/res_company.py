from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.phone_post import is_dial_address


class ResCompany(models.Model):
    _inherit = 'res.company'

    crm_dial_address = fields.Char(
        string='Click to Call',
        help='What a click on a phone number opens: an address with {number} and, if wanted, the '
        "user's own {extension} in it. Empty: tel:{number}.",
    )

    @api.constrains('crm_dial_address')
    def _check_crm_dial_address(self):
        for company in self.filtered('crm_dial_address'):
            if not is_dial_address(company.crm_dial_address):
                raise ValidationError(
                    self.env._(
                        'Click to Call takes an address with {number} in it that begins with '
                        'tel:, sip:, callto: or https://, for example '
                        'sip:{number}@pbx.example.com.'
                    )
                )
