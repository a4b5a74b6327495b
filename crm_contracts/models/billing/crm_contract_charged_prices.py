from odoo import models


class CrmContract(models.Model):
    """Periods that are invoiced at a price which a revision is about to change."""

    _inherit = 'crm.contract'

    def _get_charged_counts(self, days):
        counts = super()._get_charged_counts(days)
        known = {contract.id: day for contract, day in days.items() if day}
        rows = (
            self.env['crm.contract.billing']
            .sudo()
            .search_fetch(
                [
                    ('contract_id', 'in', list(known)),
                    ('kind', '=', 'recurring'),
                    ('state', '=', 'invoiced'),
                    ('period_start', '>=', min(known.values(), default=False)),
                ],
                ['contract_id', 'period_start'],
            )
        )
        counts.update(
            row.contract_id.id for row in rows if row.period_start >= known[row.contract_id.id]
        )
        return counts


class CrmContractPriceRevision(models.Model):
    """Periods that are invoiced at the prices of a revision which is taken back."""

    _inherit = 'crm.contract.price.revision'

    def _get_charged_counts(self):
        counts = super()._get_charged_counts()
        prices = self._get_changed_prices().filtered('line_id')
        rows = self.env['crm.contract.billing'].search(
            [('line_id', 'in', prices.line_id.ids), ('state', '=', 'invoiced')]
        )
        rows = rows.grouped('line_id')
        counts.update(
            price.revision_id
            for price in prices
            for row in rows.get(price.line_id, ())
            if row.period_start >= price.revision_id.date and row.price_unit == price.price_new
        )
        return counts
