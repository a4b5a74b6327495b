from odoo import api, fields, models
from odoo.tools import format_date


class CrmContractIndex(models.Model):
    """A published series of monthly values by which prices are revised, like a consumer price
    index.

    Only the relation of two values counts. When the office that publishes it moves its base year,
    all values have to be imported anew, so that they stay comparable.
    """

    _name = 'crm.contract.index'
    _description = 'Price Index'
    _order = 'name, id'

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', help='Empty: for the contracts of all companies.')
    source = fields.Char(help='Who publishes the values, and where.')
    value_ids = fields.One2many('crm.contract.index.value', 'index_id', string='Values', copy=True)
    last_month = fields.Char(compute='_compute_last_value', help='Month of the latest value.')
    last_value = fields.Float(compute='_compute_last_value', min_display_digits=1)

    @api.depends('value_ids.month', 'value_ids.value')
    @api.depends_context('lang')
    def _compute_last_value(self):
        for index in self:
            last = index.value_ids.sorted('month')[-1:]
            index.last_month = format_date(self.env, last.month, date_format='MMMM yyyy')
            index.last_value = last.value
