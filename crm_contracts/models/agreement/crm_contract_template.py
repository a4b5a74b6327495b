from odoo import fields, models


class CrmContractTemplate(models.Model):
    """The usual conditions of a kind of contract, proposed to each new one."""

    _name = 'crm.contract.template'
    _description = 'Contract Template'
    _inherit = ['crm.linked.mixin', 'crm.contract.conditions.mixin']
    _order = 'name, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', default=lambda self: self.env.company)
    line_ids = fields.One2many(
        'crm.contract.template.line', 'template_id', string='Lines', copy=True
    )
    rate_ids = fields.One2many(
        'crm.contract.template.rate', 'template_id', string='Rates', copy=True
    )

    # What a template says otherwise
    terms = fields.Html(translate=True, help='Text that the contracts of this template start with.')
    span_months = fields.Integer(default=12)
    time_product_id = fields.Many2one(
        help="Hours that no rate fits are billed as this service. Empty: the company's."
    )
    cost_product_id = fields.Many2one(
        help="Gives account and taxes to costs that come without a product. Empty: the company's."
    )

    _prepaid_positive = models.Constraint(
        'CHECK (prepaid_quantity >= 0 AND overage_price >= 0)',
        'The prepaid units of a contract template and their price cannot be negative.',
    )
