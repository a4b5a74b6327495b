from odoo import fields, models


class CrmContractLinePrice(models.Model):
    """A price that a contract line had, and the last day for which it is charged.

    The line itself carries the price of the days after. Periods that start up to the last day keep
    the former price, however late they are billed.
    """

    _name = 'crm.contract.line.price'
    _description = 'Former Price of a Contract Line'
    _order = 'line_id, date_to'

    line_id = fields.Many2one('crm.contract.line', required=True, index=True, ondelete='cascade')
    contract_id = fields.Many2one(
        related='line_id.contract_id', store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(related='line_id.company_id', store=True, precompute=True)
    date_to = fields.Date(
        string='Until', required=True, help='Periods that start up to this day have this price.'
    )
    price_unit = fields.Float(
        string='Unit Price', min_display_digits='Product Price', required=True
    )

    minimum_amount = fields.Float(
        string='Minimum',
        min_display_digits='Product Price',
        help='Least amount of a whole period by usage that starts up to this day.',
    )

    _day_unique = models.Constraint(
        'UNIQUE (line_id, date_to)', 'A contract line has one price on a day.'
    )
