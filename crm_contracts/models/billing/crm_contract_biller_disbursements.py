from dataclasses import replace

from odoo import api, models

from ...core.costs import Markup


class CrmContractBiller(models.AbstractModel):
    """What was paid in the name of the customer: passed on for the exact amount, by document."""

    _inherit = 'crm.contract.biller'

    def _plan_costs(self, costs):
        """Plan disbursements apart: no markup is added to them, and no refund settles others."""
        disbursed = {
            contract: items.filtered('product_id.crm_is_disbursement')
            for contract, items in costs.items()
        }
        others = {contract: items - disbursed[contract] for contract, items in costs.items()}
        return [*super()._plan_costs(others), *self._plan_disbursements(disbursed)]

    def _plan_disbursements(self, disbursed):
        """Return one entry for each document and product of {contract: items}."""
        return [
            self._make_disbursement_entry(contract, *key, own)
            for contract, items in disbursed.items()
            for key, own in items.grouped(
                lambda item: (item.move_line_id.move_id or item, item.product_id)
            ).items()
        ]

    def _make_disbursement_entry(self, contract, document, product, items):
        amount = sum(self._get_cost(contract, item) for item in items)
        amount = contract.currency_id.round(amount)
        return self._make_item_entry(
            contract,
            'cost',
            items,
            name=self._for_customer(contract)._get_disbursement_name(document, product, items),
            product_id=product.id,
            quantity=1.0,
            price_unit=amount,
            amount=amount,
            tax_ids=(),
        )

    def _get_markup(self, contract, kind):
        if kind == 'disbursement':
            return Markup(0.0, contract.currency_id.round)
        return super()._get_markup(contract, kind)

    def _make_cost_entry(self, contract, product, kind, costs):
        """What corrects a disbursement is none of ours either: it has no taxes."""
        entry = super()._make_cost_entry(contract, product, kind, costs)
        return replace(entry, tax_ids=()) if kind == 'disbursement' else entry

    def _get_disbursement_name(self, document, product, items):
        """Return who was paid for what, by which document."""
        supplier = items.partner_id[:1].name
        number = document.ref or document.name if document._name == 'account.move' else ''
        origin = ', '.join(filter(None, (supplier, number)))
        subjects = ', '.join(dict.fromkeys(filter(None, items.mapped('name'))))
        title = product.with_env(self.env).display_name
        return '\n'.join(filter(None, (': '.join(filter(None, (title, origin))), subjects)))

    def _get_no_tax_hold(self, contract, entry, usual):
        product = self.env['product.product'].browse(entry.product_id)
        if product.crm_is_disbursement:
            return ''
        return super()._get_no_tax_hold(contract, entry, usual)


class AccountAnalyticLine(models.Model):
    _inherit = 'account.analytic.line'

    @api.depends('product_id.crm_is_disbursement')
    def _compute_crm_contract_kind(self):
        return super()._compute_crm_contract_kind()

    def _get_crm_contract_kind(self):
        if self.sudo().product_id.crm_is_disbursement:
            return 'disbursement'
        return super()._get_crm_contract_kind()
