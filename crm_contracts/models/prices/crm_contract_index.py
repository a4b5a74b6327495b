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


class CrmContractIndexValue(models.Model):
    """The value of an index in one month, which is stored as the first day of that month."""

    _name = 'crm.contract.index.value'
    _description = 'Value of a Price Index'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin']
    _order = 'index_id, month desc'
    _parent_link = 'index_id'

    index_id = fields.Many2one('crm.contract.index', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='index_id.company_id', store=True)
    month = fields.Date(required=True, help='Any day of the month; kept as its first day.')
    value = fields.Float(min_display_digits=1, required=True, help='As published, more than zero.')

    _month_unique = models.Constraint('UNIQUE (index_id, month)', 'An index has one value a month.')
    _month_is_first_day = models.Constraint(
        'CHECK (EXTRACT(DAY FROM month) = 1)', 'The month of an index value is its first day.'
    )
    _value_positive = models.Constraint(
        'CHECK (value > 0)', 'The value of an index must be more than zero.'
    )

    @api.depends('index_id', 'month')
    def _compute_display_name(self):
        for value in self:
            month = format_date(self.env, value.month, date_format='MMMM yyyy')
            value.display_name = f'{value.index_id.name or ""} {month}'.strip()

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._complete_month(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._complete_month(vals))

    @api.model
    def _complete_month(self, vals):
        """Return the values with the first day of the month in place of another one."""
        month = fields.Date.to_date(vals.get('month'))
        return {**vals, 'month': month.replace(day=1)} if month else vals

    @api.model
    def _get_values(self, wanted):
        """Return {(index id, month): value} of those wanted that are known, in one query.

        :param wanted: (index, first day of the month) pairs
        """
        rows = self.sudo().search_fetch(
            [
                ('index_id', 'in', [index.id for index, _month in wanted]),
                ('month', 'in', [month for _index, month in wanted]),
            ],
            ['index_id', 'month', 'value'],
        )
        return {(row.index_id.id, row.month): row.value for row in rows}
