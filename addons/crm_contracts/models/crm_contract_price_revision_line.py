from odoo import fields, models


class CrmContractPriceRevisionLine(models.Model):
    """One price of a contract before and after a revision."""

    _name = 'crm.contract.price.revision.line'
    _description = 'Revised Price of a Contract'
    _inherit = ['crm.contract.revised.price.mixin']
    _order = 'revision_id, id'

    revision_id = fields.Many2one(
        'crm.contract.price.revision', required=True, index=True, ondelete='cascade'
    )
    contract_id = fields.Many2one(
        related='revision_id.contract_id', store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(related='revision_id.company_id', store=True, precompute=True)
    currency_id = fields.Many2one(related='revision_id.currency_id')
