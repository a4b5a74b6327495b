from odoo import api, fields, models
from odoo.fields import Domain

from .crm_contract_amount_mixin import RUNNING_STATES

BATCH_SIZE = 500


class CrmContractMrrMixin(models.AbstractModel):
    """The log of a contract's monthly revenue: what is missing in it is written, never more."""

    _name = 'crm.contract.mrr.mixin'
    _description = 'Log of Monthly Revenue'
    _inherit = ['crm.contract.renewal.mixin']

    mrr_movement_ids = fields.One2many(
        'crm.contract.mrr.movement',
        'contract_id',
        string='Movements of Monthly Revenue',
        readonly=True,
    )

    @api.model
    def _cron_check_renewals(self):
        """Dates alone change the monthly revenue: lines start and end, suspensions too."""
        result = super()._cron_check_renewals()
        self._run_in_batches(
            self._get_mrr_domain(),
            lambda contracts: contracts._log_mrr(),
            size=BATCH_SIZE,
            give_up=lambda contract, error: None,
        )
        return result

    @api.model
    def _get_mrr_domain(self):
        """Return the domain of the contracts whose monthly revenue may have changed."""
        return Domain('state', 'in', RUNNING_STATES) | Domain('mrr_movement_ids', '!=', False)

    def _log_mrr(self):
        """Write by what the monthly revenue differs from the log; twice writes nothing."""
        contracts = self.sudo()
        logged = contracts._get_logged_mrr()
        today = fields.Date.context_today(self)
        self.env['crm.contract.mrr.movement'].sudo().create(
            [
                contract._prepare_mrr_movement(*logged.get(contract.id, (0.0, 0)), today)
                for contract in contracts
                if contract.currency_id.compare_amounts(
                    contract.mrr, logged.get(contract.id, (0.0, 0))[0]
                )
            ]
        )

    def _get_logged_mrr(self):
        """Return {contract id: (monthly revenue by the log, number of movements)}."""
        groups = self.env['crm.contract.mrr.movement']._read_group(
            [('contract_id', 'in', self.ids)], ['contract_id'], ['amount:sum', 'position:max']
        )
        return {contract.id: (amount, last) for contract, amount, last in groups}

    def _prepare_mrr_movement(self, before, last, day):
        """Return the values of the movement from the monthly revenue of the log to today's."""
        self.ensure_one()
        currency = self.currency_id
        before, after = currency.round(before), currency.round(self.mrr)
        amount = currency.round(after - before)
        movements = self.env['crm.contract.mrr.movement']
        return {
            'contract_id': self.id,
            'position': last + 1,
            'date': day,
            'kind': movements._get_kind(before, after, is_first=not last),
            'amount': amount,
            'mrr': after,
            'currency_id': currency.id,
            'company_amount': currency._convert(
                amount, self.company_id.currency_id, self.company_id, day
            ),
        }
