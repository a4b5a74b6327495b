from odoo import api, fields, models

from ...core.days import move_day
from .crm_contract_line_mixin import INTERVAL_UNITS


class CrmContractTemplateLine(models.Model):
    """A line that a template proposes, its dates counted from the start of the contract."""

    _name = 'crm.contract.template.line'
    _description = 'Contract Template Line'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin', 'crm.contract.line.mixin']
    _order = 'template_id, sequence, id'
    _check_company_auto = True
    _parent_link = 'template_id'

    template_id = fields.Many2one(
        'crm.contract.template', required=True, index=True, ondelete='cascade', check_company=True
    )
    company_id = fields.Many2one(related='template_id.company_id', store=True)
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    tax_ids = fields.Many2many(
        'account.tax',
        string='Taxes',
        check_company=True,
        context={'active_test': False},
        domain="[('type_tax_use', '=', 'sale')]",
        help="Taxes of the contract line before the customer's fiscal position. Empty: those of "
        'the product, else of the company.',
    )
    offset_count = fields.Integer(
        string='Starts After', help="Counted from the contract's start: days, weeks, months, years."
    )
    offset_unit = fields.Selection(INTERVAL_UNITS, default='month', required=True)
    has_date = fields.Boolean(
        string='On a Date',
        default=True,
        help='Without a date the milestone waits until it is marked as reached.',
    )

    _offset_not_negative = models.Constraint(
        'CHECK (offset_count >= 0 AND offset_count <= 1000)',
        'A template line starts with its contract, or at most 1,000 days, weeks, months or years '
        'after it.',
    )

    @api.depends('company_id')
    @api.depends_context('company')
    def _compute_currency_id(self):
        for line in self:
            line.currency_id = (line.company_id or self.env.company).currency_id

    @api.model
    def _get_proposed_fields(self):
        """Return the fields that a contract line gets as they are; extend the list."""
        return [
            'sequence',
            'kind',
            'product_id',
            'name',
            'quantity',
            'product_uom_id',
            'price_unit',
            'discount',
            'is_metered',
            'minimum_amount',
            'counts_hours',
            'interval_count',
            'interval_unit',
            'timing',
            'prorate',
            'align_month',
        ]

    def _prepare_contract_line(self, date_start):
        """Return the values of the line of a contract that starts on a day."""
        self.ensure_one()
        return {
            **self._prepare_proposed(),
            'template_line_id': self.id,
            **self._prepare_dates(date_start),
        }

    def _prepare_proposed(self):
        """Return what a contract line gets as it is; override to propose more."""
        return {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in self._get_proposed_fields()
        }

    def _prepare_dates(self, date_start):
        """Return the dates of the line of a contract that starts on a day."""
        day = move_day(date_start, **{f'{self.offset_unit}s': self.offset_count})
        if self.kind == 'milestone':
            return {'date_start': date_start, 'date_due': self.has_date and day}
        return {'date_start': day}
