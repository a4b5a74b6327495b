from odoo import models

from ...core.deductions import get_left


class CrmContractAdvance(models.Model):
    """What was deducted of an advance whose own invoice was credited since: the customer owes it.

    While the contract runs, its next invoice brings it back. When it is closed there may be none,
    so that the debt is billed by itself.
    """

    _inherit = 'crm.contract.advance'

    def _get_debts(self):
        """Return {advance of a closed contract: what of it is owed, beside what is billed anew}."""
        closed = self.filtered(lambda advance: advance.contract_id.state == 'closed')
        rests = closed._get_rests()
        debts = {}
        for advance in closed.filtered(lambda one: rests[one] < 0):
            anew = advance.amount if advance._filter_open() else 0.0
            debts[advance] = advance.currency_id.round(-get_left(rests[advance], anew))
        return {advance: debt for advance, debt in debts.items() if debt}


class CrmContract(models.Model):
    _inherit = 'crm.contract'

    def _get_next_billing_days(self):
        debts = self.advance_ids._get_debts() if self.state == 'closed' else ()
        return [*super()._get_next_billing_days(), *(self.date_closed for _advance in debts)]

    def _note_advances_owed(self, refunds):
        """Say of contracts where that goes which credit notes gave back and invoices deducted.

        :param refunds: credit notes that were posted just now
        """
        biller = self.env['crm.contract.biller']
        for contract in self:
            owed = contract.currency_id.round(-contract.advance_rest)
            if owed > 0:
                contract._message_log(
                    body=self.env._(
                        '%(refunds)s gives back %(amount)s of the advances that invoices had '
                        'deducted: the next invoice charges it again. A closed contract is to be '
                        'billed once more for it, a cancelled one by hand.',
                        refunds=refunds._get_crm_contract_links(),
                        amount=biller._get_money_text(owed, contract.currency_id),
                    )
                )


class CrmContractBiller(models.AbstractModel):
    _inherit = 'crm.contract.biller'

    def _plan_advances(self, contracts, until):
        """Bill also what of advances was deducted and credited, when the contract is closed."""
        advances = contracts.advance_ids.filtered(
            lambda advance: (
                advance.contract_id.date_closed and advance.contract_id.date_closed <= until
            )
        )
        debts = advances._get_debts()
        charged = self.env['crm.contract.advance'].union(*debts)._get_charged_values()
        return [
            *super()._plan_advances(contracts, until),
            *(
                advance._prepare_entry(
                    debt,
                    name=self._get_deduction_name(advance),
                    date_due=advance.contract_id.date_closed,
                    extra={'part': advance._get_next_return()},
                    **charged.get(advance, {}),
                )
                for advance, debt in debts.items()
            ),
        ]


class AccountMove(models.Model):
    _inherit = 'account.move'

    def _sync_crm_contract_billing(self, before):
        """Say where that goes which credit notes give back of advances that were deducted."""
        result = super()._sync_crm_contract_billing(before)
        for refund in self.filtered(lambda move: move.move_type == 'out_refund'):
            lines = refund.sudo().invoice_line_ids
            advances = lines.crm_contract_billing_id.advance_id
            if refund.state == 'posted' and advances:
                advances.contract_id._note_advances_owed(refund)
        return result
