from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# What was billed of a report.
BILLED_FIELDS = {'line_id', 'date', 'quantity'}


class CrmContractUsage(models.Model):
    """How much of something a customer used on a day, as somebody else reports it.

    A line by usage charges what was reported for each of its periods. Reports come by hand, by
    import or over RPC; the reference of who reports makes sure that each counts once.
    """

    _name = 'crm.contract.usage'
    _description = 'Reported Usage'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin']
    _order = 'date desc, id desc'
    _parent_link = 'line_id'
    _rec_name = 'external_ref'

    line_id = fields.Many2one(
        'crm.contract.line',
        string='Contract Line',
        required=True,
        index=True,
        ondelete='restrict',
        domain="[('is_metered', '=', True)]",
        help='Line by usage that charges it.',
    )
    contract_id = fields.Many2one(
        related='line_id.contract_id', store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(related='line_id.company_id', store=True, precompute=True)
    product_uom_id = fields.Many2one(related='line_id.product_uom_id')
    date = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self),
        help='Day of the usage. What is reported for a period that was billed already comes with '
        'the next invoice.',
    )
    quantity = fields.Float(
        digits='Product Unit',
        required=True,
        help='In the unit of the line; below zero for a correction.',
    )
    external_ref = fields.Char(
        string='External Reference',
        copy=False,
        help='Reference of who reports: no two reports of a line have the same.',
    )
    billing_id = fields.Many2one(
        'crm.contract.billing',
        string='Contract Billing',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='restrict',
        help='Row of the billing ledger that bills it.',
    )

    _reference_unique = models.UniqueIndex(
        "(line_id, external_ref) WHERE external_ref IS NOT NULL AND external_ref <> ''",
        'Usage with this external reference was reported for the line already.',
    )

    # === CHECKS === #

    @api.constrains('line_id')
    def _check_line_is_metered(self):
        for usage in self:
            if not usage.line_id.is_metered:
                raise ValidationError(
                    self.env._(
                        'The line "%(line)s" does not charge by usage.',
                        line=usage.line_id._get_title(),
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        reports.contract_id.sudo()._unpark_billing()
        return reports

    def write(self, vals):
        if vals.keys() & BILLED_FIELDS:
            self._check_unbilled()
            self._let_rows_go()
        result = super().write(vals)
        if vals.keys() & BILLED_FIELDS:
            self.contract_id.sudo()._unpark_billing()
        return result

    def unlink(self):
        self._check_unbilled()
        self._let_rows_go()
        return super().unlink()

    def _check_unbilled(self):
        """Refuse to change what an invoice stands for, or is to be billed again as it was."""
        for usage in self.sudo():
            row = usage.billing_id
            if row._binds_items():
                raise UserError(
                    self.env._(
                        'The usage of %(day)s was billed by the contract "%(contract)s". Report a '
                        'correction, or cancel or credit that invoice first.',
                        day=fields.Date.to_string(usage.date),
                        contract=row.contract_id.display_name,
                    )
                )

    def _let_rows_go(self):
        """Forget released rows, so that no document stands for what is not what it charged."""
        rows = self.sudo().billing_id
        rows.usage_ids.filtered(lambda usage: not usage.billing_id._binds_items()).sudo().write(
            {'billing_id': False}
        )

    # === BILLING === #

    @api.model
    def _get_open_domain(self):
        """Return the domain of what no invoice stands for."""
        released = Domain('billing_id.state', '=', 'released')
        released &= Domain('billing_id.rebill', '=', False)
        return Domain('billing_id', '=', False) | released


class CrmContractBilling(models.Model):
    _inherit = 'crm.contract.billing'

    usage_ids = fields.One2many(
        'crm.contract.usage', 'billing_id', string='Reported Usage', readonly=True
    )
