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
            index.last_month = self._get_month_text(last.month)
            index.last_value = last.value

    def _get_hold(self, company, months, values):
        """Return why prices of a company cannot be revised by two months of the index, or None.

        :param months: IndexMonths
        :param values: {month: value} of the index
        """
        if self.company_id not in (company, company.browse()):
            return self.env._('The index %(index)s is of another company.', index=self.name)
        if not months.is_ordered:
            return self.env._(
                'The index of %(month)s cannot be compared with the one of %(reference)s, which '
                'is not before it.',
                month=self._get_month_text(months.month),
                reference=self._get_month_text(months.reference_month),
            )
        missing = months.get_missing(values)
        if not missing:
            return None
        if not self:
            return self.env._('Choose the index by which the prices are revised.')
        return self.env._(
            'The index %(index)s has no value for %(month)s.',
            index=self.name,
            month=self._get_month_text(missing),
        )

    def _get_month_text(self, month):
        return format_date(self.env, month, date_format='MMMM yyyy')
