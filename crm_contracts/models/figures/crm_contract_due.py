from collections import defaultdict

from odoo import models

from ...core.ledger import overlap


class CrmContract(models.Model):
    """What is due of the contracts, and which of it was invoiced before."""

    _inherit = 'crm.contract'

    def _mark_open_again(self, entries):
        """Return entries of the plan with ``is_again``: whether they were invoiced before.

        Their invoice was credited or cancelled, or they were released by hand. One query, however
        many entries.
        """
        released = (
            self.env['crm.contract.billing']
            .sudo()
            .search([('contract_id', 'in', self.ids), ('state', '=', 'released')])
        )
        item_ids = set(released.analytic_line_ids.ids)
        periods = defaultdict(list)
        for row in released:
            periods[row.line_id.id].append(row._get_period())
        return [
            {**entry, 'is_again': self._was_invoiced(entry, periods, item_ids)} for entry in entries
        ]

    def _was_invoiced(self, entry, periods, item_ids):
        """Say whether an entry takes up what was released.

        :param periods: {line id: periods of its released rows}
        :param item_ids: ids of the hours and costs of released rows
        """
        if entry.get('billing_id') or not item_ids.isdisjoint(entry.get('item_ids', ())):
            return True
        period = entry['period_start'] and (entry['period_start'], entry['period_end'])
        released = periods[entry['line_id']] if entry['line_id'] else []
        return any(not period or not one or overlap(period, one) for one in released)
