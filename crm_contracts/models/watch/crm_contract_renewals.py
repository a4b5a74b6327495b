from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...core.states import RUNNING_STATES

RENEWAL_ACTIVITY = 'crm_contracts.mail_activity_type_renewal'
FAILURE_ACTIVITY = 'crm_contracts.mail_activity_type_failure'


class CrmContract(models.Model):
    """How contracts come to an end: notice, renewal, and the daily check of both."""

    _inherit = 'crm.contract'

    # === RENEWAL === #

    def _renew(self, date_end=None, price_increase=None):
        """Open the next term of each contract; the terms before it stay as they were.

        :param date_end: last day of the new term, by default the renewal months after its start
        :param price_increase: percent added to the agreed amount, the overage price and, from the
            first day of the new term, to the prices of recurring lines and rates; zero keeps the
            prices. By default the price revision of the contract says it; where that is not
            possible yet the prices stay, and who is responsible is told why
        :return: the new ``crm.contract.term`` records
        :raises UserError: if the contract cannot be renewed or its prices cannot be increased
        """
        self._check_renewable()
        revisions = self._plan_renewal_revisions(price_increase)
        held = [revision for revision in revisions if revision.held]
        if held and price_increase:
            raise UserError(held[0].held)
        terms = self._open_next_terms(
            dict.fromkeys(self, date_end),
            [revision for revision in revisions if not revision.held],
        )
        self._postpone_price_revisions(held)
        return terms

    def _open_next_terms(self, ends, revisions):
        """Open the next term of each contract, with its prices.

        :param ends: {contract: last day of the new term, or None for the one by its months}
        :param revisions: what ``_plan_price_revisions`` returned for it
        """
        terms_sudo = self.env['crm.contract.term'].sudo()
        terms_sudo = terms_sudo.create(
            [
                contract._prepare_term(
                    contract._get_next_term_day(), ends[contract] or contract._get_next_date_end()
                )
                for contract in self
            ]
        )
        for contract, term in zip(self, terms_sudo, strict=True):
            contract.date_end = term.date_end
        revisions_sudo = self.env['crm.contract.price.revision'].sudo()
        revisions_sudo._get_of_terms(terms_sudo)._change_term_prices()
        self._apply_price_revisions(revisions)
        self.sudo().activity_unlink([FAILURE_ACTIVITY])
        self.filtered(lambda contract: contract.state != 'open')._transition_to('open')
        return terms_sudo.sudo(self.env.su)

    def _check_renewable(self):
        for contract in self:
            if contract.state not in RUNNING_STATES:
                raise UserError(
                    self.env._(
                        'The contract "%(contract)s" is not running, so it cannot be renewed.',
                        contract=contract.display_name,
                    )
                )
            if not contract.date_end or contract.date_end == date.max:
                raise UserError(
                    self.env._(
                        'The contract "%(contract)s" has no end, so there is nothing to renew.',
                        contract=contract.display_name,
                    )
                )

    # === DAILY CHECK === #

    @api.model
    def _cron_check_renewals(self):
        """Do every step of the daily check, in committed batches."""
        for due, work in self._get_daily_steps():
            self._run_in_batches(
                due,
                work,
                give_up=lambda contract, error: contract._tell_of_failure(error),
                to_the_end=True,
            )

    @api.model
    def _get_daily_steps(self):
        """Move the contracts first: all else is done to what they are then."""
        moving = Domain.OR(self._get_due_domains().values())
        return [
            (moving, lambda contracts: contracts._check_renewals()),
            *super()._get_daily_steps(),
        ]

    def _get_due_domains(self):
        """Return {what happens: domain of the contracts to which it happens today}."""
        today = fields.Date.context_today(self)
        running = Domain('state', 'in', RUNNING_STATES)
        ended = running & Domain('date_end', '<', today)
        unplanned = Domain('date_closing', '=', False)
        return {
            'close_as_planned': running & Domain('date_closing', '<', today),
            'renew': ended
            & Domain('renewal_type', '=', 'tacit')
            & Domain('is_suspended', '=', False)
            & (unplanned | Domain('date_closing', '>=', today)),
            'close': ended & Domain('renewal_type', '=', 'none'),
            'notice': Domain('state', '=', 'open')
            & Domain('date_notice', '<=', today)
            & Domain('renewal_type', '!=', 'none')
            & unplanned,
        }

    def _check_renewals(self):
        """Close what ends, renew what renews itself, announce the rest."""
        due = self._get_due_domains()
        self.filtered_domain(due['close_as_planned'])._close_as_planned()
        unannounced = self.filtered(lambda contract: contract.state == 'open')
        surprising = unannounced.filtered_domain(due['renew'])
        while ended := self.filtered_domain(due['renew']):
            ended._renew()
        surprising.with_context(mail_activity_quick_update=True)._tell_responsible(
            RENEWAL_ACTIVITY, lambda env: env._('Renewed itself without being announced')
        )
        self.filtered_domain(due['close']).action_close(reason=self.env._('Ended without renewal'))
        self.filtered_domain(due['notice'])._transition_to('to_renew')

    def _tell_of_failure(self, error):
        """Tell who is responsible once why the daily check could not handle a contract."""
        self._schedule_once(FAILURE_ACTIVITY, note=self._get_failure_reason(error))

    # === ACTIVITIES === #

    def _on_enter_state(self, state):
        """What is to be renewed has one activity; mails come together, not one per contract."""
        super()._on_enter_state(state)
        if state == 'to_renew':
            silent = self.with_context(mail_activity_quick_update=True)
            silent._schedule_once(
                RENEWAL_ACTIVITY, get_note=lambda contract: contract._get_renewal_text()
            )
        elif state != 'draft':
            self.sudo().activity_unlink([RENEWAL_ACTIVITY, FAILURE_ACTIVITY])
