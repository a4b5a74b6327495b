from odoo import fields, models


class CrmContract(models.Model):
    """How costs are billed: with the markup of their kind, less the refunds of vendors."""

    _inherit = 'crm.contract'

    bill_costs = fields.Boolean(
        help="Bill the purchases, expenses and other costs on the contract's account."
    )
