from odoo import models

from ...core.deferral import get_earned_share, get_worked_share

# What is paid before or after it is earned.
UNEARNED_KINDS = ('advance', 'retention')


class CrmContract(models.Model):
    """Advances and retentions are no revenue: what is left of them on a closing day is not.

    An advance is deferred until it is deducted, what is held back is accrued until it is released.
    """

    _inherit = 'crm.contract'

    def _get_rows_across(self, day):
        unearned = self.env['crm.contract.billing'].search(
            [('contract_id', 'in', self.ids), ('kind', 'in', UNEARNED_KINDS)]
        )
        return super()._get_rows_across(day) | unearned

    def _get_begun_entries(self, day):
        entries = super()._get_begun_entries(day)
        return [entry for entry in entries if entry['kind'] not in UNEARNED_KINDS]


class CrmContractBilling(models.Model):
    """What usage, minimums, advances and retentions charge for the time before a closing day."""

    _inherit = 'crm.contract.billing'

    def _get_earned_share(self, line, day):
        """Let usage be earned on its days, and advance and retention by what is charged beside."""
        if self.kind == 'usage':
            reports = (self.origin_id or self).usage_ids
            return get_worked_share([(one.date, one.quantity) for one in reports], day)
        if self.kind == 'minimum':
            return get_earned_share([self._get_period()], day)
        return 0.0 if self.kind in UNEARNED_KINDS else super()._get_earned_share(line, day)

    def _prepare_deferral(self, kind, account, shares):
        """What documents hold back is earned all the same: it is accrued, not deferred."""
        deferral = super()._prepare_deferral(kind, account, shares)
        if self.kind != 'retention':
            return deferral
        amounts = {name: -deferral[name] for name in ('amount', 'company_amount')}
        return {**deferral, **amounts, 'kind': 'accrued'}
