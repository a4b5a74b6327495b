from odoo import api, fields, models


class CrmContractRateMixin(models.AbstractModel):
    """What somebody's time costs: the same for the rate of a contract and of a template."""

    _name = 'crm.contract.rate.mixin'
    _description = 'Price of Time'
    _inherit = ['crm.contract.priced.mixin']

    employee_id = fields.Many2one(
        'hr.employee', check_company=True, ondelete='cascade', help='Empty: everybody.'
    )
    job_id = fields.Many2one(
        'hr.job', check_company=True, ondelete='cascade', help='Empty: whatever the job.'
    )
    product_id = fields.Many2one(
        string='Service',
        domain="[('type', '=', 'service'), ('sale_ok', '=', True)]",
        help='Gives text, account and taxes of the invoice line. Empty: the service without rate '
        'of the contract, if it has one.',
    )
    product_uom_id = fields.Many2one(required=True, help='Hours or days.')
    price_unit = fields.Float(
        help="Per hour or per day, in the contract's currency, without taxes."
    )

    _price_not_negative = models.Constraint(
        'CHECK (price_unit >= 0)', 'The price of a contract rate cannot be negative.'
    )

    @api.depends('product_id')
    def _compute_product_uom_id(self):
        hour = self.env.ref('uom.product_uom_hour')
        for rate in self:
            unit = rate.product_id.uom_id or rate.product_uom_id
            rate.product_uom_id = unit if unit and unit._has_common_reference(hour) else hour

    @api.depends('product_id', 'employee_id', 'job_id')
    def _compute_display_name(self):
        for rate in self:
            whose = rate.employee_id.name or rate.job_id.name
            parts = filter(None, (rate.product_id.display_name, whose))
            rate.display_name = ' - '.join(parts) or self.env._('Everybody')
