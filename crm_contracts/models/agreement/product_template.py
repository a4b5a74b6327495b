from odoo import fields, models

from .crm_contract_line_mixin import INTERVAL_UNITS, TIMINGS

SOLD_AS = [
    ('none', 'Billed by the order'),
    ('recurring', 'Recurring line'),
    ('milestone', 'Milestone'),
    ('rate', 'Rate of time'),
    ('prepaid', 'Prepaid units'),
]


class ProductTemplate(models.Model):
    """What becomes of a product when the order or opportunity that sold it becomes a contract."""

    _inherit = 'product.template'

    crm_contract_kind = fields.Selection(
        SOLD_AS,
        string='In a Contract',
        default='none',
        required=True,
        help='What a contract makes of an order line with the product.\n'
        'Billed by the order: the contract leaves it there.\n'
        'Recurring line: charged again for each period.\n'
        'Milestone: charged once, when it is marked as reached.\n'
        'Rate of time: what an hour or a day costs; the hours worked are charged.\n'
        'Prepaid units: hours or days of each term, whose price is charged every period. Choose '
        'the length of a term as the period.',
    )
    crm_contract_interval_count = fields.Integer(
        string='Contract Period', default=1, required=True, help='How many of them a period has.'
    )
    crm_contract_interval_unit = fields.Selection(
        INTERVAL_UNITS, string='Unit of the Contract Period', default='month', required=True
    )
    crm_contract_timing = fields.Selection(
        TIMINGS,
        string='Contract Invoice',
        default='advance',
        required=True,
        help='In advance: due on the first day of the period. '
        'In arrears: due on the day after its last one.',
    )
    crm_contract_template_id = fields.Many2one(
        'crm.contract.template',
        string='Contract Template',
        company_dependent=True,
        check_company=True,
        groups='sales_team.group_sale_salesman',
        help='Gives its conditions to the contract of an order with the product.',
    )
    crm_is_disbursement = fields.Boolean(
        string='Disbursement',
        help="Paid in the customer's name, like a fee of a registry: contracts pass it on for the "
        'exact amount, each document on a line of its own, without markup and without taxes. It is '
        'neither revenue nor cost of the contract. Give it an account that is neither, too.',
    )

    _crm_contract_interval_positive = models.Constraint(
        'CHECK (crm_contract_interval_count BETWEEN 1 AND 1000)',
        'The contract period of a product has between 1 and 1,000 days, weeks, months or years.',
    )
