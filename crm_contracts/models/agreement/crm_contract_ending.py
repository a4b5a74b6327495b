from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...core.states import RUNNING_STATES


class CrmContract(models.Model):
    """The day on which a contract is closed: today, earlier or later.

    A later day is kept, and carried out by the daily check on the day after. Until then the
    contract runs, charges nothing beyond that day, and tells nobody to renew it.
    """

    _inherit = 'crm.contract'

    date_closing = fields.Date(
        string='Closes After',
        readonly=True,
        copy=False,
        tracking=True,
        index='btree_not_null',
        help='Last day of the contract; the daily check closes it on the day after.',
    )
    # === ACTIONS === #

    def action_reopen(self):
        """Let contracts go on that were closed by mistake, or whose end is taken back.

        They end where their terms do again, and what was called off or credited is charged again.

        :return: True
        :raises UserError: if a contract is neither closed nor about to end
        """
        self.check_access('write')
        for contract in self:
            if contract.state != 'closed' and not contract.date_closing:
                raise UserError(
                    self.env._(
                        'The contract "%(contract)s" is neither closed nor about to end.',
                        contract=contract.display_name,
                    )
                )
        closed = self.filtered(lambda contract: contract.state == 'closed')
        # sudo: the day of the end is kept from being typed
        self.sudo().write({'date_closing': False, 'close_reason': False})
        closed._reopen()
        self._on_touch()
        return True

    # === CLOSING === #

    def _close_after(self, day, reason=None):
        """Close the contracts after a day, at once if it has come.

        :param day: last day of the contracts, by default today
        """
        today = fields.Date.context_today(self)
        self._check_transition({'state': 'closed'})
        if day:
            self._check_last_day(day)
        reasons = {'close_reason': reason} if reason else {}
        if day and day > today:
            self._plan_closing(day)
            return self.write(reasons)
        # sudo: the day is kept from being typed
        self.sudo().date_closed = day or today
        return self._transition_to('closed', **reasons)

    def _plan_closing(self, day):
        """Keep the last day of the contracts; extend it with what follows from that."""
        # sudo: the day is kept from being typed
        self.sudo().date_closing = day
        self.filtered(lambda contract: contract.state != 'open')._transition_to('open')

    def _close_as_planned(self):
        for day, contracts in self.grouped('date_closing').items():
            contracts._close_after(day)

    def _reopen(self):
        """Move closed contracts back to running; extend it with what has to go back with them."""
        return self._transition_to('open')

    def _on_enter_state(self, state):
        """Whoever runs again has no day on which it was closed."""
        if state in RUNNING_STATES:
            closed = self.filtered('date_closed')
            closed._check_ran()
            # sudo: the day is kept from being typed
            closed.sudo().date_closed = False
        super()._on_enter_state(state)

    def _get_last_billable_day(self):
        ends = (super()._get_last_billable_day(), self.date_closing)
        return min(filter(None, ends), default=False)

    # === CHECKS === #

    def _check_not_closed(self):
        """Refuse to confirm again what was closed."""
        for contract in self.filtered(lambda contract: contract.state == 'closed'):
            raise UserError(
                self.env._(
                    'The contract "%(contract)s" is closed: reopen it if it was a mistake.',
                    contract=contract.display_name,
                )
            )

    def _check_last_day(self, day):
        for contract in self:
            if day < contract.date_start:
                raise UserError(
                    self.env._(
                        'The contract "%(contract)s" starts on %(start)s: it cannot end before.',
                        contract=contract.display_name,
                        start=format_date(self.env, contract.date_start),
                    )
                )
            is_over_before = contract.date_end and contract.renewal_type != 'tacit'
            if is_over_before and day > max(contract.date_end, fields.Date.context_today(self)):
                raise UserError(
                    self.env._(
                        'The contract "%(contract)s" ends on %(end)s: renew it before you let it '
                        'end later.',
                        contract=contract.display_name,
                        end=format_date(self.env, contract.date_end),
                    )
                )

    def _check_ran(self):
        """Refuse to let history go on that was entered as closed: all of it would be billed."""
        for contract in self.filtered(lambda contract: not contract.term_ids):
            raise UserError(
                self.env._(
                    'The contract "%(contract)s" was entered as closed and never ran here. Make '
                    'another one.',
                    contract=contract.display_name,
                )
            )
