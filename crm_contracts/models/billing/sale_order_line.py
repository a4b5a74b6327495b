from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """An order line that a contract took over: the contract bills it, the order does not.

    It points at one contract, so the database lets one of two takeovers at once through.
    """

    _inherit = 'sale.order.line'

    crm_contract_id = fields.Many2one(
        'crm.contract',
        string='Billed by the Contract',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        groups='sales_team.group_sale_salesman,account.group_account_invoice',
        help='The contract charges this line; the order invoices nothing of it.',
    )

    # === WHAT IS LEFT TO THE ORDER === #

    @api.depends('crm_contract_id')
    def _compute_qty_to_invoice(self):
        result = super()._compute_qty_to_invoice()
        self._filter_crm_contract_taken().qty_to_invoice = 0.0
        return result

    @api.depends('crm_contract_id')
    def _compute_untaxed_amount_to_invoice(self):
        result = super()._compute_untaxed_amount_to_invoice()
        self._filter_crm_contract_taken().untaxed_amount_to_invoice = 0.0
        return result

    @api.depends('crm_contract_id')
    def _compute_amount_to_invoice(self):
        result = super()._compute_amount_to_invoice()
        self._filter_crm_contract_taken().amount_to_invoice = 0.0
        return result

    def _filter_crm_contract_taken(self):
        # sudo: also for who may not read contracts, the order invoices nothing of them
        return self.filtered(lambda line: line.sudo().crm_contract_id)

    @api.model
    def _has_field_access(self, field, operation):
        """Refuse to let anybody but the contracts take lines from their orders."""
        return super()._has_field_access(field, operation) and (
            operation == 'read' or field.name != 'crm_contract_id' or self.env.su
        )

    # === WHAT A CONTRACT MAKES OF IT === #

    def _get_crm_contract_lines(self):
        """Return the lines that a contract takes over: nobody billed or took them before."""
        return self.filtered(
            lambda line: (
                not line.display_type
                and not line.is_downpayment
                and line.product_id.crm_contract_kind not in (False, 'none')
                and line.product_uom_qty > 0
                and not line.qty_invoiced
                and not line.crm_contract_id
            )
        )

    def _prepare_crm_contract_items(self):
        """Return the values of what lines become: lines, rates and prepaid units of a contract."""
        rates = self.filtered(lambda line: line.product_id.crm_contract_kind == 'rate')
        lines = [line._prepare_crm_contract_line() for line in self - rates]
        values = {'line_ids': [fields.Command.create(line) for line in lines]}
        if rates:
            commands = [fields.Command.create(rate._prepare_crm_contract_rate()) for rate in rates]
            values.update(rate_ids=commands, bill_time=True)
        return {**values, **self._prepare_crm_contract_units()}

    def _prepare_crm_contract_line(self):
        """Return the values of the contract line that charges the order line."""
        self.ensure_one()
        product = self.product_id
        return {
            'sale_line_id': self.id,
            'kind': 'milestone' if product.crm_contract_kind == 'milestone' else 'recurring',
            'product_id': product.id,
            'product_uom_id': self.product_uom_id.id,
            'name': self.name,
            'quantity': self.product_uom_qty,
            'price_unit': self._get_crm_contract_price(),
            'discount': self.discount,
            'interval_count': product.crm_contract_interval_count,
            'interval_unit': product.crm_contract_interval_unit,
            'timing': product.crm_contract_timing,
            **self._prepare_crm_contract_taxes(),
        }

    def _prepare_crm_contract_rate(self):
        """Return the values of the rate that the order line agreed; it keeps the discount."""
        self.ensure_one()
        return {
            'sale_line_id': self.id,
            'product_id': self.product_id.id,
            'product_uom_id': self._get_crm_contract_time_unit().id,
            'price_unit': self._get_crm_contract_price() * (1 - self.discount / 100),
            **self._prepare_crm_contract_taxes(),
        }

    def _prepare_crm_contract_taxes(self):
        """Return the taxes that were agreed; without any the contract proposes its own."""
        taxes = self.tax_ids
        return {'tax_ids': [fields.Command.set(taxes.ids)]} if taxes else {}

    def _prepare_crm_contract_units(self):
        """Return the prepaid units of a term that lines sold, in the unit of the first of them."""
        prepaid = self.filtered(lambda line: line.product_id.crm_contract_kind == 'prepaid')
        if not prepaid:
            return {}
        unit = prepaid[0]._get_crm_contract_time_unit()
        return {
            'prepaid_uom_id': unit.id,
            'prepaid_quantity': sum(
                line._get_crm_contract_time_unit()._compute_quantity(line.product_uom_qty, unit)
                for line in prepaid
            ),
        }

    def _get_crm_contract_time_unit(self):
        """Return the unit of time that is sold; what is sold by the piece is sold by the hour."""
        hour = self.env.ref('uom.product_uom_hour')
        unit = self.product_uom_id
        return unit if unit._has_common_reference(hour) else hour

    def _get_crm_contract_price(self):
        """Return the unit price without the taxes that are in it."""
        return self.tax_ids._exclude_from_crm_contract_price(
            self.price_unit, self.product_id, self.product_uom_id
        )
