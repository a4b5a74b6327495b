from odoo import api, fields, models


class CrmContract(models.Model):
    """Who pays a contract and how: proposed by the customer, and said on each invoice.

    The payer may be somebody else than the customer, another company too. It gets the invoices, and
    sees nothing else of the contract.
    """

    _inherit = 'crm.contract'

    invoice_partner_id = fields.Many2one(
        'res.partner',
        string='Payer',
        compute='_compute_invoice_partner_id',
        store=True,
        readonly=False,
        precompute=True,
        index='btree_not_null',
        check_company=True,
        ondelete='restrict',
        tracking=True,
        help='Gets the invoices: the customer, by its invoice address, or whoever pays for it, '
        'another company too.',
    )
    payment_term_id = fields.Many2one(
        compute='_compute_payment_term_id', store=True, readonly=False, precompute=True
    )
    preferred_payment_method_line_id = fields.Many2one(
        compute='_compute_preferred_payment_method_line_id',
        store=True,
        readonly=False,
        precompute=True,
    )
    fiscal_position_id = fields.Many2one(
        'account.fiscal.position',
        compute='_compute_fiscal_position_id',
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete='restrict',
        tracking=True,
        help='Which taxes the customer has instead of the usual ones. Proposed by the addresses of '
        'customer and payer, and again when those change.',
    )
    partner_bank_id = fields.Many2one(
        'res.partner.bank',
        string='Recipient Bank',
        check_company=True,
        ondelete='restrict',
        tracking=True,
        domain="[('partner_id.ref_company_ids', '=', company_id)]",
        help='Own account that the invoices are paid to. Empty: as for other invoices.',
    )
    invoice_user_id = fields.Many2one(
        'res.users',
        string='Invoicing Salesperson',
        compute='_compute_invoice_user_id',
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete='set null',
        tracking=True,
        domain="[('share', '=', False)]",
        help='Salesperson of the invoices. Is told, besides the account manager, when one of them '
        'cannot be posted or sent.',
    )

    # === COMPUTE === #

    @api.depends('partner_id')
    def _compute_invoice_partner_id(self):
        for contract in self:
            address = contract.partner_id.address_get(['invoice'])['invoice']
            contract.invoice_partner_id = address

    @api.depends('invoice_partner_id', 'company_id')
    def _compute_payment_term_id(self):
        for contract in self:
            contract.payment_term_id = contract._get_usual_of_payer('property_payment_term_id')

    @api.depends('invoice_partner_id', 'company_id')
    def _compute_preferred_payment_method_line_id(self):
        for contract in self:
            contract.preferred_payment_method_line_id = contract._get_usual_of_payer(
                'property_inbound_payment_method_line_id'
            )

    @api.depends('company_id', 'invoice_partner_id', 'partner_id')
    def _compute_fiscal_position_id(self):
        for contract, position in self._get_proposed_positions().items():
            contract.fiscal_position_id = position

    def _get_proposed_positions(self):
        """Return {contract: fiscal position of its addresses}."""
        groups = self.grouped(
            lambda contract: (
                contract.company_id,
                contract.invoice_partner_id,
                contract._get_delivery_address(),
            )
        )
        positions = self.env['account.fiscal.position']
        return {
            contract: position
            for (company, payer, delivery), contracts in groups.items()
            for position in [
                positions.with_company(company)._get_fiscal_position(payer, delivery=delivery)
            ]
            for contract in contracts
        }

    def _follow_addresses(self, proposed):
        """Take over the fiscal positions that addresses give since they changed.

        Where they give the same, what was chosen by hand stays: the position and the taxes.

        :param proposed: {contract: fiscal position before}
        """
        for contract, position in self._get_proposed_positions().items():
            if position != proposed[contract]:
                contract.fiscal_position_id = position

    @api.depends('manager_id')
    def _compute_invoice_user_id(self):
        for contract in self:
            contract.invoice_user_id = contract.manager_id

    def _get_usual_of_payer(self, name):
        """Return what the payer has under a field of the company, else what its own company has."""
        payer = self.invoice_partner_id.with_company(self.company_id)
        return payer[name] or payer.commercial_partner_id[name]

    # === ADDRESSES === #

    def _get_delivery_address(self):
        """Return the delivery address of the customer."""
        self.ensure_one()
        partners = self.env['res.partner']
        return partners.browse(self.partner_id.address_get(['delivery'])['delivery'])

    def _get_invoice_address(self):
        """Return who gets the invoices: a customer who pays itself by its address of today."""
        self.ensure_one()
        payer, customer = self.invoice_partner_id, self.partner_id
        is_gone = not payer.active and payer.commercial_partner_id == self.commercial_partner_id
        if payer and payer != customer and not is_gone:
            return payer
        return payer.browse(customer.address_get(['invoice'])['invoice'])

    # === WHAT INVOICES SAY OF IT === #

    @api.model
    def _get_payment_fields(self):
        """Return {field of a contract: field of its invoices}; add to it what else is agreed.

        Contracts that share an invoice have all of these in common. What is empty is left to Odoo.
        Five lines are enough for the mandate of a direct debit: a field here of that name, and::

            def _get_payment_fields(self):
                return {**super()._get_payment_fields(), 'mandate_id': 'mandate_id'}
        """
        return {
            'payment_term_id': 'invoice_payment_term_id',
            'preferred_payment_method_line_id': 'preferred_payment_method_line_id',
            'partner_bank_id': 'partner_bank_id',
        }

    def _prepare_payment(self):
        """Return the values of an invoice that say how it is paid."""
        contract = self[:1]
        return {
            target: self._fields[name].convert_to_write(contract[name], contract)
            for name, target in self._get_payment_fields().items()
            if contract[name]
        }

    def _get_payment_key(self):
        """Return what contracts have in common that share an invoice."""
        self.ensure_one()
        agreed = [self[name] for name in self._get_payment_fields()]
        return (
            self._get_invoice_address(),
            self._get_delivery_address(),
            self.fiscal_position_id,
            self.journal_id,
            *agreed,
        )
