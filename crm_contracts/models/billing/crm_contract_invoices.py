from odoo import fields, models


class CrmContract(models.Model):
    """The invoices of contracts: what shares one, what is written, who posts and sends them."""

    _inherit = 'crm.contract'

    def _get_invoice_key(self, entry):
        """Return what the entries of one invoice have in common.

        Override to make more invoices of a plan. Company and currency are always the same.
        """
        contract = self.browse(entry['contract_id']).with_prefetch(self._prefetch_ids)
        if contract.invoice_grouping == 'period':
            # Hours and costs have no day of their own that an invoice of the run could go by.
            return contract, entry['kind'] not in ('time', 'cost') and entry['date_due']
        if contract.invoice_grouping == 'customer':
            return self.env['crm.contract.biller']._get_customer_key(contract)
        return contract

    def _prepare_invoice(self, entries, journal):
        """Return the values of an invoice of one or more contracts; override to add to it."""
        addresses = self.partner_id[:1].address_get(['invoice', 'delivery'])
        partner = self.env['res.partner'].browse(addresses['invoice'])
        partner = partner.with_company(self.company_id)
        managers = self.manager_id
        contracts = {contract.id: contract for contract in self}
        return {
            'move_type': 'out_invoice',
            'partner_id': partner.id,
            'partner_shipping_id': addresses['delivery'],
            'company_id': self.company_id.id,
            'journal_id': journal.id,
            'currency_id': self.currency_id.id,
            'invoice_user_id': managers.id if len(managers) == 1 else False,
            'invoice_origin': ', '.join(filter(None, self.mapped('code'))),
            'ref': ', '.join(filter(None, self.mapped('customer_ref'))),
            'invoice_payment_term_id': partner.property_payment_term_id.id,
            'invoice_line_ids': [
                fields.Command.create(
                    contracts[entry['contract_id']]._prepare_invoice_line(
                        entry, journal, partner.lang
                    )
                )
                for entry in entries
            ],
        }

    def _prepare_invoice_line(self, entry, journal, lang):
        """Return the values of the invoice line of an entry; override to add to it."""
        self.ensure_one()
        account = self.analytic_account_id
        values = {
            'name': self.env['crm.contract.biller']._get_line_name(entry, lang),
            'product_id': entry['product_id'],
            'product_uom_id': entry['product_uom_id'],
            'quantity': entry['quantity'],
            'price_unit': entry['price_unit'],
            'discount': entry['discount'],
            'analytic_distribution': {str(account.id): 100} if account else False,
            'crm_contract_billing_id': entry['billing_id'],
        }
        if not entry['product_id'] and journal.default_account_id:
            values['account_id'] = journal.default_account_id.id
        return values
