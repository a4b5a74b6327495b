from odoo import api, fields, models

# More contracts than these are handed over to the scheduled billing instead of being waited for.
MOST_AT_ONCE = 100


class CrmContractInvoicing(models.TransientModel):
    """Shows what contracts would be billed for up to a day, and bills it."""

    _name = 'crm.contract.invoicing'
    _description = 'Bill Contracts'
    _inherit = ['crm.linked.mixin']

    contract_ids = fields.Many2many('crm.contract', string='Contracts', required=True)
    date_until = fields.Date(
        string='Up To',
        required=True,
        default=lambda self: fields.Date.context_today(self),
        help='What is due up to this day, it included, is invoiced.',
    )
    line_ids = fields.One2many(
        'crm.contract.invoicing.line',
        'invoicing_id',
        string='Preview',
        compute='_compute_line_ids',
        store=True,
    )
    can_bill = fields.Boolean(compute='_compute_can_bill')
    is_large = fields.Boolean(
        compute='_compute_is_large',
        help='Too many contracts to wait for: the scheduled billing takes them.',
    )

    @api.depends('contract_ids', 'date_until')
    def _compute_line_ids(self):
        for invoicing in self:
            shown = self.env['crm.contract.invoicing.line']._fields
            contracts = invoicing.contract_ids._origin
            shown_at_once = contracts and not invoicing.is_large
            plan = contracts._preview_billing(invoicing.date_until) if shown_at_once else []
            invoicing.line_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create(
                        {name: value for name, value in entry.items() if name in shown}
                    )
                    for entry in plan
                ),
            ]

    @api.depends('contract_ids')
    def _compute_is_large(self):
        for invoicing in self:
            invoicing.is_large = len(invoicing.contract_ids) > MOST_AT_ONCE

    @api.depends('line_ids.held', 'is_large')
    def _compute_can_bill(self):
        for invoicing in self:
            invoicing.can_bill = invoicing.is_large or any(
                not line.held for line in invoicing.line_ids
            )

    def action_bill(self):
        """Bill what the preview shows and open the invoices, or the run that makes them."""
        self.ensure_one()
        if self.is_large:
            return self._hand_over()
        moves = self.contract_ids._bill(self.date_until)
        return moves._get_crm_contract_action('account.action_move_out_invoice_type')

    def _hand_over(self):
        run = self.env['crm.contract.billing.run']._hand_over(self.contract_ids, self.date_until)
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_contracts.crm_contract_billing_run_action'
        )
        action.update({'view_mode': 'form', 'views': [(False, 'form')], 'res_id': run.id})
        return action


class CrmContractInvoicingLine(models.TransientModel):
    _name = 'crm.contract.invoicing.line'
    _description = 'Bill Contracts: Preview'
    _inherit = ['crm.linked.mixin']
    _parent_link = 'invoicing_id'

    invoicing_id = fields.Many2one('crm.contract.invoicing', required=True, ondelete='cascade')
    contract_id = fields.Many2one('crm.contract', readonly=True)
    name = fields.Text(string='Description', readonly=True)
    date_due = fields.Date(string='Due', readonly=True)
    period_start = fields.Date(string='From', readonly=True)
    period_end = fields.Date(string='Until Before', readonly=True)
    quantity = fields.Float(digits='Product Unit', readonly=True)
    price_unit = fields.Float(
        string='Unit Price', min_display_digits='Product Price', readonly=True
    )
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one('res.currency', readonly=True)
    tax_ids = fields.Many2many(
        'account.tax', string='Taxes', readonly=True, context={'active_test': False}
    )
    held = fields.Char(string='Held Back', readonly=True)
