from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_date


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
        """Return {index id: {month: value}} of those wanted that are known, in one query.

        :param wanted: (index, first day of the month) pairs
        """
        rows = self.sudo().search_fetch(
            [
                ('index_id', 'in', [index.id for index, _month in wanted]),
                ('month', 'in', [month for _index, month in wanted]),
            ],
            ['index_id', 'month', 'value'],
        )
        values = defaultdict(dict)
        for row in rows:
            values[row.index_id.id][row.month] = row.value
        return values
