from odoo import models


class AccountPayment(models.Model):
    _inherit = 'account.payment'

    # The timeline of a customer among very many.
    _crm_contracts_partner_idx = models.Index('(partner_id) WHERE partner_id IS NOT NULL')
