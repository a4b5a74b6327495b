from dataclasses import replace

from odoo import models

from ...core.plan import Plan

REFUND_ACTIVITY = 'crm_contracts.mail_activity_type_refund'


def _is_refund(kind, quantity):
    """Say whether an entry gives the customer back what vendors refunded."""
    return kind == 'cost' and quantity < 0


class CrmContractBiller(models.AbstractModel):
    """Refunds of costs that were passed on: the customer gets them back by a draft credit note.

    First they lower the other costs of their kind. What is left is offered, as far as costs were
    charged at all; somebody checks and posts it, and is told once.
    """

    _inherit = 'crm.contract.biller'

    def _plan_costs(self, costs):
        entries = super()._plan_costs(costs)
        below = self.env['crm.contract'].browse(
            {entry.contract_id for entry in entries if entry.amount < 0}
        )
        charged = self._get_charged_amounts(below) if below else {}
        left = {contract.id: own['cost'].amount for contract, own in charged.items()}
        return [self._settle_refund(entry, left) for entry in entries]

    def _settle_refund(self, entry, left):
        """Return an entry of costs: offered to the customer where more was refunded than spent.

        :param left: {contract id: what was charged of its costs and is not given back}, lowered
            by what the entry gives back
        """
        if entry.amount == 0:
            return replace(entry, state='waived', held='', waits=None)
        if entry.amount > 0 or -entry.amount > left.get(entry.contract_id, 0.0):
            return entry
        left[entry.contract_id] += entry.amount
        return replace(entry, quantity=-1.0, price_unit=-entry.amount, held='', waits=None)

    def _hold_below_zero(self, contracts, plan):
        """Refunds come on credit notes of their own, so they lower no invoice."""
        groups = plan.group(lambda entry: _is_refund(entry.kind, entry.quantity))
        refunds, others = groups.get(True, Plan()), groups.get(False, Plan())
        return Plan(super()._hold_below_zero(contracts, others).entries + refunds.entries)

    def _post_and_queue(self, moves):
        """Credit notes of refunds stay drafts, for somebody to check."""
        refunds = moves.filtered(lambda move: move.move_type == 'out_refund')
        self._tell_of_refunds(refunds)
        return super()._post_and_queue(moves - refunds)

    def _tell_of_refunds(self, refunds):
        """Tell who is responsible for the contracts of credit notes that they are to be checked."""
        for contract in refunds.crm_contract_ids:
            own = refunds.filtered(lambda move, one=contract: one in move.crm_contract_ids)
            contract._tell_responsible(
                REFUND_ACTIVITY,
                note=self.env._(
                    'A vendor refunded costs that were passed on to the customer. Check and '
                    'confirm %(refunds)s; what is not to be given back, mark as not billed '
                    'before you delete it.',
                    refunds=own._get_crm_contract_links(),
                ),
            )


class CrmContract(models.Model):
    """The credit notes of refunds are made as the invoices of costs are."""

    _inherit = 'crm.contract'

    def _get_invoice_key(self, entry):
        key = super()._get_invoice_key(entry)
        return ('refund', key) if _is_refund(entry['kind'], entry['quantity']) else key

    def _prepare_invoice(self, entries, journal):
        values = super()._prepare_invoice(entries, journal)
        if all(_is_refund(entry['kind'], entry['quantity']) for entry in entries):
            values['move_type'] = 'out_refund'
        return values

    def _prepare_invoice_line(self, entry, journal, lang):
        values = super()._prepare_invoice_line(entry, journal, lang)
        if _is_refund(entry['kind'], entry['quantity']):
            values['quantity'] = -entry['quantity']
        return values


class CrmContractBilling(models.Model):
    """Rows of refunds have a quantity below 0, and a credit note stands for them."""

    _inherit = 'crm.contract.billing'

    def _is_refund(self):
        """Say whether a credit note gives the customer back what the row stands for."""
        return _is_refund(self.kind, self.quantity)
