from odoo import models

from ...core.costs import Cost


class CrmContractBiller(models.AbstractModel):
    """What costs that were passed on have become since: the difference goes with further costs."""

    _inherit = 'crm.contract.biller'

    def _with_corrected(self, contracts, costs):
        """Return {contract: costs} with the contracts of which only corrections are left."""
        corrected = self._get_corrected_rows(contracts).contract_id
        return {**dict.fromkeys(corrected, self.env['account.analytic.line']), **costs}

    def _get_cost_corrections(self, contracts):
        """Return [(contract, kind, product, Cost)] of what corrected costs differ by.

        While one of their documents is a draft nobody knows what it will come to.
        """
        rows = self._get_corrected_rows(contracts)
        return [
            (contract, kind, own.product_id[:1], Cost(False, difference))
            for (contract, kind), own in rows.grouped(
                lambda row: (row.contract_id, row.cost_kind)
            ).items()
            if 'draft' not in own.corrected_move_ids.mapped('state')
            and not contract.currency_id.is_zero(difference := self._get_difference(own))
        ]

    def _get_corrected_rows(self, contracts):
        """Return the rows whose costs were corrected, without those that were given back whole."""
        rows = self.env['crm.contract.billing'].search(
            [
                ('is_corrected', '=', True),
                ('origin_id', '=', False),
                ('contract_id', 'in', [contract.id for contract in contracts]),
            ],
            order='id',
        )
        return rows.filtered(lambda row: row._counts_costs())

    def _get_difference(self, rows):
        """Return what the costs of rows of one contract come to, less what the rows charge."""
        costs = sum(
            self._get_cost(row.contract_id, item) for row in rows for item in row.analytic_line_ids
        )
        return costs - sum(row._get_charged_cost() for row in rows)
