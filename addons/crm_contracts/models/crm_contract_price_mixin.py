from odoo import models


class CrmContractPriceMixin(models.AbstractModel):
    """How the prices of contracts change from a day on, and what was charged before stays."""

    _name = 'crm.contract.price.mixin'
    _description = 'Contract Prices'

    def _increase_prices(self, percentage, days):
        """Raise the prices of recurring lines and rates, rounded by the currency.

        The agreed amount belongs to the term and is raised with it; milestones are agreed once.

        :param percentage: percent added
        :param days: {contract: first day of the new prices}
        """
        for priced in (self._get_priced_lines(days), self._get_priced_rates()):
            priced._change_prices(
                {
                    record: record.currency_id.round(record.price_unit * (1 + percentage / 100))
                    for record in priced
                },
                days,
            )

    def _get_priced_lines(self, days):
        """Return the recurring lines that still run when new prices start; override to except some.

        :param days: {contract: first day of the new prices}
        """
        return self.line_ids.filtered(
            lambda line: (
                line.kind == 'recurring'
                and (not line.date_end or line.date_end >= days[line.contract_id])
            )
        )

    def _get_priced_rates(self):
        """Return the rates as they are at last; override to except some."""
        return self.rate_ids._get_latest()
