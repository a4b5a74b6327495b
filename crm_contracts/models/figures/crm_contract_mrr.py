from odoo import api, fields, models
from odoo.fields import Domain

from ...core.states import RUNNING_STATES


class CrmContract(models.Model):
    """The log of a contract's monthly revenue: what is missing in it is written, never more."""

    _inherit = 'crm.contract'

    mrr_movement_ids = fields.One2many(
        'crm.contract.mrr.movement',
        'contract_id',
        string='Movements of Monthly Revenue',
        readonly=True,
    )

    @api.model
    def _get_daily_steps(self):
        """Dates alone change the monthly revenue: lines start and end, suspensions too."""
        return [
            *super()._get_daily_steps(),
            (self._get_mrr_domain(), lambda contracts: contracts._log_mrr()),
        ]

    @api.model
    def _get_mrr_domain(self):
        """Return the domain of the contracts whose monthly revenue may have changed."""
        return Domain('state', 'in', RUNNING_STATES) | Domain('mrr_movement_ids', '!=', False)

    def _log_mrr(self):
        """Write by what the monthly revenue differs from the log; twice writes nothing.

        Revised prices move it on the first day of the new prices, however late that is noticed.
        """
        contracts, today = self.sudo(), fields.Date.context_today(self)
        for day, revisions in contracts._get_unlogged_revisions(today).items():
            revisions.contract_id._log_mrr_of(day)
            revisions.is_in_mrr = True
        contracts._log_mrr_of(today)

    def _log_mrr_of(self, day, date=None):
        """Write by what the monthly revenue of a day differs from the log.

        :param date: day of the movement, if another one
        """
        logged = {contract.id: (0.0, 0) for contract in self} | self._get_logged_mrr()
        amounts = {contract: contract._get_mrr(day) for contract in self}
        self.env['crm.contract.mrr.movement'].create(
            [
                contract._prepare_mrr_movement(*logged[contract.id], amount, date or day)
                for contract, amount in amounts.items()
                if contract.currency_id.compare_amounts(amount, logged[contract.id][0])
            ]
        )

    def _get_unlogged_revisions(self, today):
        """Return {first day of the new prices: price revisions that the log does not hold yet}."""
        revisions = self.env['crm.contract.price.revision'].search(
            [
                ('contract_id', 'in', self.ids),
                ('is_in_mrr', '=', False),
                ('date', '<=', today),
            ],
            order='date, id',
        )
        return revisions.grouped('date')

    def _apply_price_revisions(self, revisions):
        """Revised prices that hold already are written at once, on their first day."""
        today = fields.Date.context_today(self)
        past = {revision['contract_id'] for revision in revisions if revision['date'] <= today}
        self.browse(past)._log_mrr()
        history = super()._apply_price_revisions(revisions)
        for day, late in history.filtered(lambda one: one.date <= today).grouped('date').items():
            late.contract_id._log_mrr_of(today, date=day)
            late.is_in_mrr = True
        return history

    def _take_back_price_revisions(self, revisions):
        """What revised prices moved goes back on the same day."""
        self._log_mrr()
        taken_back = super()._take_back_price_revisions(revisions)
        today = fields.Date.context_today(self)
        for day, logged in taken_back.filtered('is_in_mrr').grouped('date').items():
            logged.contract_id._log_mrr_of(today, date=day)
        return taken_back

    def _get_logged_mrr(self):
        """Return {contract id: (monthly revenue by the log, number of movements)}."""
        groups = self.env['crm.contract.mrr.movement']._read_group(
            [('contract_id', 'in', self.ids)], ['contract_id'], ['amount:sum', 'position:max']
        )
        return {contract.id: (amount, last) for contract, amount, last in groups}

    def _prepare_mrr_movement(self, before, last, after, day):
        """Return the values of the movement from the monthly revenue of the log to another one."""
        self.ensure_one()
        currency = self.currency_id
        before, after = currency.round(before), currency.round(after)
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
