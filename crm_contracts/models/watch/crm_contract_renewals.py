from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...core.periods import move_day
from ...core.states import RUNNING_STATES

ACTIVITY_TYPE = 'crm_contracts.mail_activity_type_renewal'
FAILURE_TYPE = 'crm_contracts.mail_activity_type_failure'


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
        held = [revision for revision in revisions if revision['held']]
        if held and price_increase:
            raise UserError(held[0]['held'])
        terms = self._open_next_terms(
            dict.fromkeys(self, date_end),
            [revision for revision in revisions if not revision['held']],
        )
        self._postpone_price_revisions(held)
        return terms

    def _open_next_terms(self, ends, revisions):
        """Open the next term of each contract, with its prices.

        :param ends: {contract: last day of the new term, or None for the one by its months}
        :param revisions: values of the price revisions that go with it
        """
        terms = (
            self.env['crm.contract.term']
            .sudo()
            .create([contract._prepare_next_term(ends[contract]) for contract in self])
        )
        for contract, term in zip(self, terms, strict=True):
            contract.date_end = term.date_end
        self._get_revisions_of_terms(terms)._change_term_prices()
        self._apply_price_revisions(revisions)
        self.sudo().activity_unlink([FAILURE_TYPE])
        self.filtered(lambda contract: contract.state != 'open')._transition_to('open')
        return terms.sudo(self.env.su)

    def _prepare_next_term(self, date_end=None):
        """Return the values of the term that follows the last one."""
        self.ensure_one()
        return self._prepare_term(self._get_next_term_day(), date_end or self._get_next_date_end())

    def _get_revisions_of_terms(self, terms):
        """Return the price revisions that were made for terms before these began."""
        days = {term.contract_id: term.date_start for term in terms}
        return self.sudo().revision_ids.filtered(
            lambda revision: revision.date == days[revision.contract_id]
        )

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

    def _get_next_date_end(self):
        """Return the last day of the next term, anchored to the day of the month of the start.

        Monthly from 31 January: until 27 February, 30 March, 29 April.
        """
        self.ensure_one()
        if not self.term_months:
            raise UserError(
                self.env._(
                    'Say until when the contract "%(contract)s" is renewed, or give it renewal '
                    'months.',
                    contract=self.display_name,
                )
            )
        start = self._get_next_term_day()
        anchor = self.date_start
        months = (start.year - anchor.year) * 12 + start.month - anchor.month
        if move_day(anchor, months=months) != start:
            anchor, months = start, 0
        return move_day(anchor, months=months + self.term_months, days=-1)

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
        """Return the steps of the daily check in their order; override to add to the list.

        Each is the domain of its contracts and what is done to a batch of them.
        """
        moving = Domain.OR(self._get_due_domains().values())
        return [(moving, lambda contracts: contracts._check_renewals())]

    def _get_due_domains(self):
        """Return {what happens: domain of the contracts to which it happens today}."""
        today = fields.Date.context_today(self)
        running = Domain('state', 'in', RUNNING_STATES)
        ended = running & Domain('date_end', '<', today)
        return {
            'renew': ended
            & Domain('renewal_type', '=', 'tacit')
            & Domain('is_suspended', '=', False),
            'close': ended & Domain('renewal_type', '=', 'none'),
            'notice': Domain('state', '=', 'open')
            & Domain('date_notice', '<=', today)
            & Domain('renewal_type', '!=', 'none'),
        }

    def _check_renewals(self):
        """Renew what renews itself, close what does not, announce the rest."""
        due = self._get_due_domains()
        unannounced = self.filtered(lambda contract: contract.state == 'open')
        surprising = unannounced.filtered_domain(due['renew'])
        while ended := self.filtered_domain(due['renew']):
            ended._renew()
        surprising._tell_of_renewal()
        self.filtered_domain(due['close']).action_close(reason=self.env._('Ended without renewal'))
        self.filtered_domain(due['notice'])._transition_to('to_renew')

    # === ACTIVITIES === #

    def _tell_of_failure(self, error):
        """Tell who is responsible once why the daily check could not handle a contract."""
        self._schedule_once(FAILURE_TYPE, note=self._get_failure_reason(error))

    def _tell_of_renewal(self):
        """Tell who is responsible what renewed itself before anybody could be asked."""
        silent = self.with_context(mail_activity_quick_update=True)
        for user, contracts in silent._group_by_responsible().items():
            told = contracts.with_context(lang=user.lang)
            told.activity_schedule(
                ACTIVITY_TYPE,
                user_id=user.id,
                summary=told.env._('Renewed itself without being announced'),
            )

    def _schedule_renewal(self):
        """Give each contract one renewal activity; mails come together, not one per contract."""
        self.with_context(mail_activity_quick_update=True)._schedule_once(ACTIVITY_TYPE)

    def _schedule_once(self, type_xmlid, **values):
        """Give who is responsible an activity for each contract that has none of the type."""
        activity_type = self.env.ref(type_xmlid, raise_if_not_found=False)
        waiting = self.filtered(
            lambda contract: activity_type not in contract.sudo().activity_ids.activity_type_id
        )
        for user, contracts in waiting._group_by_responsible().items():
            contracts.with_context(lang=user.lang).activity_schedule(
                type_xmlid, user_id=user.id, **values
            )

    def _group_by_responsible(self, is_fit=lambda user: user.active):
        """Return {user who decides on the renewal: contracts}.

        The account manager, else the team's leader, else a sales administrator: the first who
        fits, or nobody.
        """
        administrators = self._get_administrators()

        def get_responsible(contract):
            candidates = (
                contract.manager_id,
                contract.team_id.user_id,
                administrators[contract.company_id],
            )
            return next(filter(is_fit, candidates), self.env['res.users'])

        return self.grouped(get_responsible)

    def _get_administrators(self):
        """Return {company: its first sales administrator, or nobody}."""
        users = self.env.ref('sales_team.group_sale_manager').sudo().all_user_ids.sorted('id')
        return {
            company: users.filtered(lambda user, company=company: company in user.company_ids)[
                :1
            ].sudo(False)
            for company in self.company_id
        }

    def _drop_renewal_activities(self):
        self.sudo().activity_unlink([ACTIVITY_TYPE, FAILURE_TYPE])
