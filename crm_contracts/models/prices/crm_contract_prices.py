from __future__ import annotations

from collections import Counter

from odoo import fields, models
from odoo.tools import float_round, format_date

from ...core.prices import LastPrice, Price, Revision, read_price, read_revision
from ...core.states import RUNNING_STATES

# What is an amount of a whole period, and no price of a unit.
AMOUNT_KINDS = {'amount', 'minimum'}
REVISION_ACTIVITY = 'crm_contracts.mail_activity_type_revision'


class CrmContract(models.Model):
    """How the prices of contracts are revised: by the rule of each, from a day on.

    What was charged before stays. Recurring lines and rates change with any day. The agreed amount
    and the overage price belong to a term: they change with a day on which one begins. Milestones
    are agreed once.
    """

    _inherit = 'crm.contract'

    revision_type = fields.Selection(tracking=True)
    revision_base_month = fields.Date(
        string='Base Month',
        copy=False,
        tracking=True,
        help='Month of the index for which the prices as they are today stand. Empty: the one of '
        'the start of the contract, less the months before.',
    )
    date_revision_due = fields.Date(
        string='Prices to Revise From',
        copy=False,
        readonly=True,
        help='First day of the term whose prices wait to be revised, because it was not possible '
        'when it began.',
    )
    revision_ids = fields.One2many(
        'crm.contract.price.revision', 'contract_id', string='Price Revisions', readonly=True
    )

    # === PLAN === #

    def _plan_price_revisions(self, days, rule=None) -> list[Revision]:
        """Return by what the prices of the contracts are revised.

        Reads only, constantly often. What cannot be revised says why: it is ``held``.

        :param days: {contract: first day of the new prices, or False}
        :param rule: record with a revision rule for all, by default each contract's own
        """
        rules = {
            contract: rule or contract
            for contract in self
            if (rule or contract)._get_rule().changes_prices
        }
        months = {
            contract: contract._get_index_months(days[contract], rule)
            for contract, rule in rules.items()
            if rule.revision_type == 'index' and days[contract]
        }
        values = self.env['crm.contract.index.value']._get_values(
            {
                (rules[contract].revision_index_id, month)
                for contract, pair in months.items()
                for month in pair
            }
        )
        # Read together: those of each contract would be read one by one.
        self.sudo().line_ids.former_price_ids.fetch(['date_to'])
        charged = self._get_charged_counts(days)
        return [
            read_revision(
                contract._prepare_price_revision(days[contract], rule, months.get(contract), values)
            )._replace(charged_count=charged[contract.id])
            for contract, rule in rules.items()
        ]

    def _prepare_price_revision(self, day, rule, months, values):
        """Return the values of the revision of a contract; override to revise by another rule.

        :param months: IndexMonths, or None without index
        :param values: {(index id, month): value}
        :return: a ``Revision`` as a dictionary
        """
        revision = Revision(self.id, day, rule.revision_type, self._get_revision_hold(day))
        if rule.revision_type == 'index' and not revision.held:
            revision = revision._replace(**self._prepare_index_step(rule, months, values))
        elif rule.revision_type == 'percentage':
            percentage = rule.revision_percentage
            revision = revision._replace(percentage_raw=percentage, percentage=percentage)
        if not revision.held and revision.percentage <= -100:
            reason = self.env._('Prices cannot fall by 100 percent or more.')
            revision = revision._replace(held=reason)
        if revision.held:
            return revision.as_dict()
        prices = self._prepare_revised_prices(day, rule, revision.percentage)
        return {**revision.as_dict(), 'price_ids': prices}

    def _prepare_index_step(self, rule, months, values):
        """Return by what an index revises the prices, or why it does not."""
        index, calculation = rule.revision_index_id, rule._get_rule()
        known = {month: value for (id_, month), value in values.items() if id_ == index.id}
        held = index._get_hold(self.company_id, months, known)
        if held:
            return {'held': held}
        revised = [(one.date, one.percentage) for one in self.sudo().revision_ids]
        value, reference = (known[month] for month in months)
        level = calculation.get_level(months.reference_month, revised)
        step = calculation.get_step(value, reference, level)
        return {
            'index_id': index.id,
            'month': months.month,
            'value': value,
            'reference_month': months.reference_month,
            'reference_value': reference,
            'percentage_raw': step.raw,
            'percentage': step.percentage,
        }

    def _get_index_months(self, day, rule):
        """Return the IndexMonths of prices that hold from a day on."""
        calculation = rule._get_rule()
        base = self.revision_base_month or calculation.get_month(self.date_start)
        revised_days = self.sudo().revision_ids.mapped('date')
        return calculation.get_months(day, base.replace(day=1), revised_days)

    def _get_charged_counts(self, days):
        """Return {contract id: periods from its day on that are invoiced already}; extend it."""
        return Counter()

    def _get_revision_hold(self, day):
        """Return why the prices cannot be revised from a day on, or None."""
        if not day:
            return self.env._('The contract has no end: say from which day the prices change.')
        if self.state not in RUNNING_STATES:
            return self.env._('The contract is not running.')
        if day < self.date_start:
            return self.env._('The contract starts only later.')
        last_day = max(self.sudo().revision_ids.mapped('date'), default=None)
        if last_day and last_day >= day:
            return self.env._(
                'The prices were revised from %(day)s on already.',
                day=format_date(self.env, last_day),
            )
        priced = (*self._get_priced_lines({self: day}), *self._get_priced_rates())
        return next(filter(None, (one._get_price_order_hold(day) for one in priced)), None)

    def _get_revision_day(self):
        """Return from which day the prices are to be revised, or False where nobody knows."""
        self.ensure_one()
        return self.date_revision_due or self._get_next_term_day()

    # === PRICES === #

    def _prepare_revised_prices(self, day, rule, percentage):
        """Return the values of each price before and after a revision; override to add prices.

        :param day: first day of the new prices
        :param rule: record that says how prices are rounded
        :param percentage: percent added
        """
        self.ensure_one()
        known = self._get_last_prices() if rule._get_rule().is_from_base else {}
        step = rule.revision_rounding or self.revision_rounding or self.currency_id.rounding

        def round_to_step(price):
            return float_round(price, precision_rounding=step)

        return [
            price.revise(
                percentage,
                known.get(price.key),
                self.currency_id.round if price.kind in AMOUNT_KINDS else round_to_step,
            ).as_dict()
            for price in map(read_price, self._prepare_prices(day))
            if price.price_old
        ]

    def _prepare_prices(self, day):
        """Return the values of the prices that change with a day; override to add some."""
        current = max(self.sudo().term_ids.mapped('date_start'), default=None)
        starts_term = day in (current, self._get_next_term_day())
        lines = self._get_priced_lines({self: day})
        prices = [
            *(line._prepare_price() for line in lines),
            *(line._prepare_minimum() for line in lines.filtered('is_metered')),
            *(rate._prepare_price() for rate in self._get_priced_rates()),
            *(self._prepare_term_prices() if starts_term else []),
        ]
        return [price.as_dict() for price in prices]

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

    def _prepare_term_prices(self):
        """Return the prices that belong to a term."""
        kind = self.env['crm.contract.price.revision.line']._fields['kind']
        labels = dict(kind._description_selection(self.env))
        overage = self.prepaid_quantity and self.overage_price
        per_year = 12 / self.term_months if self.term_months else 1.0
        return [
            Price('amount', labels['amount'], self.fixed_amount, yearly_quantity=per_year),
            Price('overage', labels['overage'], overage),
        ]

    def _get_last_prices(self):
        """Return {key of a price: LastPrice} of the last revision of each."""
        return {
            (price.kind, price.line_id.id or price.rate_id.id): LastPrice(
                price.price_new, price.price_exact
            )
            for price in self.sudo().revision_ids.sorted('date').price_ids
        }

    # === CHANGE === #

    def _apply_price_revisions(self, revisions):
        """Change the prices as planned, and keep what was changed, when, by whom and by what.

        :param revisions: what ``_plan_price_revisions`` returned; prices may be left out or have
            another ``price_new``
        :return: the ``crm.contract.price.revision`` records
        :raises UserError: if the prices of a contract were revised from that day already
        """
        contracts = self.browse(revision.contract_id for revision in revisions)
        contracts.check_access('write')
        contracts.sudo()._lock_for_billing()
        history = self.env['crm.contract.price.revision'].sudo()
        history._check_new(contracts, [revision.date for revision in revisions])
        # The history comes first: the database refuses a second revision for the same day.
        history = history.create([history._prepare_from_plan(revision) for revision in revisions])
        history._change_prices()
        # What waited for this is done.
        contracts.sudo().filtered('date_revision_due').date_revision_due = False
        contracts.sudo().activity_unlink([REVISION_ACTIVITY])
        contracts._message_log_batch(
            {revision.contract_id.id: revision._get_note() for revision in history}
        )
        return history

    def _take_back_price_revisions(self, revisions):
        """Give the contracts the prices back that held before revisions, the last one first.

        :param revisions: ``crm.contract.price.revision`` records of the contracts
        :return: those that were taken back
        :raises UserError: if the prices of a contract changed again since
        """
        self.check_access('write')
        self.sudo()._lock_for_billing()
        revisions = revisions.sudo().filtered('active')
        charged = revisions._get_charged_counts()
        for _day, last in sorted(revisions.grouped('date').items(), reverse=True):
            last._check_unchanged_since()
            last._restore_prices()
            last.active = False
            # The day is free at once, for the database and for the list of the contract.
            last.flush_recordset(['active'])
            self.invalidate_recordset(['revision_ids'])
            self._message_log_batch(
                {one.contract_id.id: one._get_take_back_note(charged[one]) for one in last}
            )
        return revisions

    # === WITH THE NEXT TERM === #

    def _plan_renewal_revisions(self, price_increase=None) -> list[Revision]:
        """Return the revisions that belong to the next term of each contract.

        Without an agreed percentage by the rules; what was revised for that day before is left.

        :param price_increase: percent that was agreed in place of the rule
        """
        days = {contract: contract._get_next_term_day() for contract in self}
        if price_increase is None:
            waiting = self.filtered(
                lambda contract: days[contract] not in contract.sudo().revision_ids.mapped('date')
            )
            return waiting._plan_price_revisions(days)
        if not price_increase:
            return []
        rule = self.env['crm.contract.revision.rule.mixin'].new(
            {'revision_type': 'percentage', 'revision_percentage': price_increase}
        )
        return self._plan_price_revisions(days, rule)

    def _postpone_price_revisions(self, revisions):
        """Let prices wait that could not be revised, and tell who is responsible why."""
        reasons = {}
        for revision in revisions:
            contract = self.browse(revision.contract_id)
            # sudo: the day is kept from being typed
            contract.sudo().date_revision_due = contract.date_revision_due or revision.date
            reasons.setdefault(revision.held, self.browse())
            reasons[revision.held] |= contract
        for reason, contracts in reasons.items():
            silent = contracts.with_context(mail_activity_quick_update=True)
            silent.sudo().activity_unlink([REVISION_ACTIVITY])
            silent._tell_responsible(
                REVISION_ACTIVITY, lambda env: env._('Revise the prices'), note=reason
            )
