from dataclasses import replace

from odoo import fields, models

from ...core.forecast import get_invoice_month
from ...core.plan import Plan, read_entry

# In the context, lets the months of a forecast follow one another. As an object of this process,
# no client can send it.
FORESEEING = object()


class CrmContract(models.Model):
    """What invoices to come are going to deduct: advances, and what is held back of them."""

    _inherit = 'crm.contract'

    def _deduct_from_forecast(self, entries, date_to):
        """Return the entries of a forecast with what each month deducts and releases.

        :param date_to: last day of the forecast
        """
        deducting = self.filtered(lambda one: one.retention_rate or one.advance_ids)
        if not deducting:
            return entries
        deducting = deducting.with_context(crm_contract_foresees=FORESEEING)
        ids = set(deducting.ids)
        others = [entry for entry in entries if entry['contract_id'] not in ids]
        own = [read_entry(entry) for entry in entries if entry['contract_id'] in ids]
        plan = Plan(tuple(own)).sort(deducting.ids)
        plan = deducting.env['crm.contract.biller']._get_deducted(deducting, plan)
        released = deducting._foresee_released(plan, date_to)
        plan = Plan((*plan.entries, *released)).sort(deducting.ids)
        return [*others, *(entry.as_dict() for entry in plan.entries)]

    def _foresee_released(self, plan, date_to):
        """Return the entries that release what a plan holds back, as far as that is due by then."""
        due = self.filtered(lambda contract: contract._is_retention_due(date_to))
        released = []
        for entry in plan.entries:
            if entry.kind == 'retention' and entry.amount < 0 and entry.contract_id in due.ids:
                day = due.browse(entry.contract_id).retention_date or entry.date_due
                amounts = {'price_unit': -entry.amount, 'amount': -entry.amount}
                released.append(replace(entry, date_due=max(day, entry.date_due), **amounts))
        return released

    def _get_invoice_key(self, entry):
        """Let each month of a forecast have invoices of its own."""
        key = super()._get_invoice_key(entry)
        if self.env.context.get('crm_contract_foresees') is not FORESEEING:
            return key
        return key, get_invoice_month(entry['date_due'], fields.Date.context_today(self))


class CrmContractBiller(models.AbstractModel):
    _inherit = 'crm.contract.biller'

    def _get_deductible_advances(self, invoice):
        """Let the months of a forecast deduct the advances of those before them."""
        if self.env.context.get('crm_contract_foresees') is not FORESEEING:
            return super()._get_deductible_advances(invoice)
        advances = self.env['crm.contract.advance']
        return {
            advances.browse(entry.advance_id): entry.amount
            for entry in invoice.entries
            if entry.kind == 'advance'
        }
