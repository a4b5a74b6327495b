from odoo import api, fields, models
from odoo.exceptions import UserError

# {field of the contract: field of the order that says the same}, as far as contracts have it
SAME_FIELDS = {
    'partner_id': 'partner_id',
    'company_id': 'company_id',
    'currency_id': 'currency_id',
    'customer_ref': 'client_order_ref',
    'terms': 'note',
    'team_id': 'team_id',
    'template_id': 'crm_contract_template_id',
    'opportunity_id': 'opportunity_id',
    'invoice_partner_id': 'partner_invoice_id',
    'payment_term_id': 'payment_term_id',
    'preferred_payment_method_line_id': 'preferred_payment_method_line_id',
    'fiscal_position_id': 'fiscal_position_id',
    'journal_id': 'journal_id',
}


class SaleOrder(models.Model):
    """A quotation or an order that becomes a contract, with what its products say of it."""

    _name = 'sale.order'
    _inherit = ['crm.linked.mixin', 'sale.order']

    crm_contract_id = fields.Many2one(
        'crm.contract',
        string='Contract',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        groups='sales_team.group_sale_salesman,account.group_account_invoice',
        help='Contract that the order became.',
    )
    crm_contract_template_id = fields.Many2one(
        'crm.contract.template',
        string='Contract Template',
        check_company=True,
        compute='_compute_crm_contract_template_id',
        store=True,
        readonly=False,
        ondelete='set null',
        index='btree_not_null',
        groups='sales_team.group_sale_salesman',
        help='Conditions of the contract that is made of the order; proposed by its products.',
    )
    crm_is_contract = fields.Boolean(
        string='Becomes a Contract',
        compute='_compute_crm_is_contract',
        help='Has lines that a contract bills, by what their products say.',
    )

    # === COMPUTE === #

    @api.depends('order_line.product_id')
    def _compute_crm_contract_template_id(self):
        for order in self:
            # sudo: who sells a product gets its template, whoever may read that of the product
            products = order.order_line.product_id.sudo().with_company(order.company_id)
            proposed = products.crm_contract_template_id[:1]
            order.crm_contract_template_id = order.crm_contract_template_id or proposed

    @api.depends(
        'state', 'order_line.crm_contract_id', 'order_line.qty_invoiced', 'order_line.product_id'
    )
    def _compute_crm_is_contract(self):
        for order in self:
            lines = order.sudo().order_line._get_crm_contract_lines()
            order.crm_is_contract = order.state != 'cancel' and bool(lines)

    @api.model
    def _get_guarded_links(self):
        """Guard what contracts added; what Odoo's own fields point at is Odoo's to guard."""
        return frozenset({'crm_contract_id', 'crm_contract_template_id'})

    @api.model
    def _has_field_access(self, field, operation):
        """Refuse to let anybody but the contracts say which orders they come from."""
        return super()._has_field_access(field, operation) and (
            operation == 'read' or field.name != 'crm_contract_id' or self.env.su
        )

    # === ACTIONS === #

    def action_create_crm_contract(self):
        """Make a draft contract of each order or quotation, and open them.

        It gets customer, manager, team, terms and reference of the order, and what its products
        say of the lines that nobody invoiced yet. Those are the contract's to bill from then on.

        :return: an action that opens the contracts
        :raises UserError: if an order is cancelled, has nothing for a contract, or has a down
            payment or a discount on a line of its own
        """
        self.check_access('write')
        for order in self:
            order._check_crm_contract_possible()
        contracts = self.env['crm.contract'].create(
            [order._prepare_crm_contract() for order in self]
        )
        for order, contract in zip(self, contracts, strict=True):
            order._hand_over_to_crm_contract(contract)
        return contracts._get_opening_action()

    def action_view_crm_contract(self):
        """Open the contract that the order became."""
        self.ensure_one()
        return self.crm_contract_id._get_opening_action()

    # === CHECKS === #

    def _check_crm_contract_possible(self):
        """Refuse what cannot become a contract, with the reason."""
        self.ensure_one()
        reason = self._get_crm_contract_hold()
        if reason:
            raise UserError(reason)

    def _get_crm_contract_hold(self):
        """Return why the order cannot become a contract, or an empty string."""
        names = {'order': self.name}
        if self.state == 'cancel':
            return self.env._('The order %(order)s is cancelled.', **names)
        if not self.order_line._get_crm_contract_lines():
            return self._get_crm_contract_empty_hold(names)
        if any(line.is_downpayment and line.qty_invoiced for line in self.order_line):
            return self.env._(
                'The order %(order)s has a down payment, which no contract takes off its '
                'invoices. Credit it first, or leave the order to be invoiced as it is.',
                **names,
            )
        if any(line.price_subtotal < 0 and not line.is_downpayment for line in self.order_line):
            return self.env._(
                'The order %(order)s has a discount on a line of its own, which no contract takes '
                'over. Give it to the lines that it is for.',
                **names,
            )
        return ''

    def _get_crm_contract_empty_hold(self, names):
        if self.order_line.crm_contract_id:
            return self.env._(
                'What the order %(order)s sold was taken over by the contract %(contract)s '
                'already.',
                contract=self.order_line.crm_contract_id.sudo()[:1].display_name,
                **names,
            )
        return self.env._(
            'No line of the order %(order)s is for a contract, or it was invoiced already. Say '
            'on the products, under "In a Contract", what becomes of them.',
            **names,
        )

    # === CONTRACT === #

    def _prepare_crm_contract(self):
        """Return the values of the contract of the orders of one customer; override to add."""
        first = self[:1]
        return {
            **first._prepare_crm_contract_head(),
            'name': first.opportunity_id.name or first.client_order_ref or first.name,
            'manager_id': (first.user_id or self.env.user).id,
            **self.order_line._get_crm_contract_lines()._prepare_crm_contract_items(),
        }

    def _prepare_crm_contract_head(self):
        """Return what contract and order say alike; the terms of a template go before a note."""
        fields_ = self.env['crm.contract']._fields
        values = {
            name: self._fields[origin].convert_to_write(self[origin], self)
            for name, origin in self._get_crm_contract_fields().items()
            if name in fields_ and self[origin]
        }
        if self.crm_contract_template_id.terms:
            values.pop('terms', None)
        return values

    @api.model
    def _get_crm_contract_fields(self):
        """Return {field of the contract: field of the order}; override to take more over."""
        return {name: origin for name, origin in SAME_FIELDS.items() if origin in self._fields}

    def _hand_over_to_crm_contract(self, contract):
        """Leave the lines of orders that are for a contract to one, and link both ways."""
        self.check_access('write')
        lines = self.order_line._get_crm_contract_lines()
        lines.sudo().crm_contract_id = contract
        self.sudo().crm_contract_id = contract
        self._message_log_batch(
            {
                order.id: self.env._('Became the contract %s', contract._get_html_link())
                for order in self
            }
        )
        links = [order._get_html_link() for order in self]
        contract._message_log(body=self.env._('Made of the order %s', links))
