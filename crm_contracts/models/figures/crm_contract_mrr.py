from odoo import api, fields, models
from odoo.fields import Domain

from ...core.states import RUNNING_STATES


class CrmContract(models.Model):
    """When the monthly revenue of contracts is logged: daily, with each state and revision."""

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
        may_have_changed = Domain('state', 'in', RUNNING_STATES) | Domain(
            'mrr_movement_ids', '!=', False
        )
        return [
            *super()._get_daily_steps(),
            (may_have_changed, lambda contracts: contracts._log_mrr()),
        ]

    def _on_enter_state(self, state):
        super()._on_enter_state(state)
        if state != 'draft':
            self._log_mrr()

    def _log_mrr(self):
        """Write by what the monthly revenue differs from the log; twice writes nothing.

        Revised prices move it on the first day of the new prices, however late that is noticed.
        """
        movements = self.env['crm.contract.mrr.movement'].sudo()
        contracts, today = self.sudo(), fields.Date.context_today(self)
        unlogged = self.env['crm.contract.price.revision'].sudo()
        unlogged = unlogged.search(
            [
                ('contract_id', 'in', self.ids),
                ('is_in_mrr', '=', False),
                ('date', '<=', today),
            ],
            order='date, id',
        )
        for day, revisions in unlogged.grouped('date').items():
            movements._log(revisions.contract_id, day)
            revisions.is_in_mrr = True
        movements._log(contracts, today)

    def _apply_price_revisions(self, revisions):
        """Revised prices that hold already are written at once, on their first day."""
        today = fields.Date.context_today(self)
        past = {revision.contract_id for revision in revisions if revision.date <= today}
        self.browse(past)._log_mrr()
        history = super()._apply_price_revisions(revisions)
        movements = self.env['crm.contract.mrr.movement'].sudo()
        for day, late in history.filtered(lambda one: one.date <= today).grouped('date').items():
            movements._log(late.contract_id, today, date=day)
            late.is_in_mrr = True
        return history

    def _take_back_price_revisions(self, revisions):
        """What revised prices moved goes back on the same day."""
        self._log_mrr()
        taken_back = super()._take_back_price_revisions(revisions)
        today = fields.Date.context_today(self)
        movements = self.env['crm.contract.mrr.movement'].sudo()
        for day, logged in taken_back.filtered('is_in_mrr').grouped('date').items():
            movements._log(logged.contract_id, today, date=day)
        return taken_back
