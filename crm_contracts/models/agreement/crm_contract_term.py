from odoo import api, fields, models


class CrmContractTerm(models.Model):
    """One period for which a contract was agreed, with the amount agreed for it.

    Terms are opened by confirming and renewing; together they are the contract's history.
    """

    _name = 'crm.contract.term'
    _description = 'Contract Term'
    _order = 'date_start desc, id desc'
    _check_company_auto = True

    contract_id = fields.Many2one(
        'crm.contract', required=True, index=True, ondelete='cascade', check_company=True
    )
    company_id = fields.Many2one(related='contract_id.company_id', store=True)
    currency_id = fields.Many2one(related='contract_id.currency_id')
    date_start = fields.Date(string='From', required=True)
    date_end = fields.Date(string='To', help='Last day included; empty while the end is open.')
    fixed_amount = fields.Monetary(string='Agreed Amount')
    customer_notice = fields.Selection(
        [('sent', 'Sent'), ('missed', 'Not sent in time')],
        help='Whether the customer was told that the term ends.',
    )
    date_customer_notice = fields.Date(string='Customer Told On')
    date_digest = fields.Date(
        string='Last Digest', help='Day of the last weekly mail that listed the contract.'
    )
    is_digest_due = fields.Boolean(
        string='Told as Due', help='A weekly mail listed the contract as to renew already.'
    )
    prepaid_quantity = fields.Float(string='Prepaid Units', digits='Product Unit')
    prepaid_uom_id = fields.Many2one(
        'uom.uom',
        string='Prepaid Unit',
        ondelete='restrict',
        compute='_compute_prepaid_conditions',
        store=True,
        readonly=False,
        precompute=True,
    )
    overage_price = fields.Float(
        min_display_digits='Product Price',
        compute='_compute_prepaid_conditions',
        store=True,
        readonly=False,
        precompute=True,
        help='Price of a unit over the prepaid ones of this term.',
    )
    prepaid_alerted = fields.Float(
        string='Alerted At (%)',
        help='The highest threshold of consumed units of which the account manager was told.',
    )

    _dates_ordered = models.Constraint(
        'CHECK (date_end >= date_start)', 'A term cannot end before it starts.'
    )
    # A range of one id instead of "=" spares an extension of the database.
    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(contract_id, contract_id, '[]') WITH &&,
            daterange(date_start, date_end, '[]') WITH &&)""",
        'The terms of a contract cannot overlap.',
    )

    @api.depends('contract_id')
    def _compute_prepaid_conditions(self):
        for term in self:
            term.prepaid_uom_id = term.contract_id.prepaid_uom_id
            term.overage_price = term.contract_id.overage_price

    @api.depends('contract_id', 'date_start', 'date_end')
    def _compute_display_name(self):
        for term in self:
            term.display_name = self.env._(
                '%(contract)s: %(start)s to %(end)s',
                contract=term.contract_id.display_name,
                start=term.date_start or '',
                end=term.date_end or '…',
            )
