from odoo import fields, models

RENEWAL_TYPES = [
    ('manual', 'By hand'),
    ('tacit', 'Tacit'),
    ('none', 'Not renewed'),
]


class CrmContractTemplate(models.Model):
    """The usual conditions of a kind of contract, proposed to each new one."""

    _name = 'crm.contract.template'
    _description = 'Contract Template'
    _order = 'name, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', default=lambda self: self.env.company)
    terms = fields.Html(
        string='Terms and Conditions',
        translate=True,
        help='Text that the contracts of this template start with.',
    )
    span_months = fields.Integer(
        string='Initial Months',
        default=12,
        help='Length of the first term. Zero leaves the end open.',
    )
    renewal_type = fields.Selection(RENEWAL_TYPES, default='manual', required=True)
    term_months = fields.Integer(
        string='Renewal Months', default=12, help='Length of each further term.'
    )
    notice_days = fields.Integer(
        default=30, help='Days before the end of a term in which the renewal is decided.'
    )

    _months_positive = models.Constraint(
        'CHECK (span_months >= 0 AND term_months >= 0)',
        'The months of a contract template cannot be negative.',
    )
    _notice_positive = models.Constraint(
        'CHECK (notice_days >= 0)', 'The notice days of a contract template cannot be negative.'
    )
