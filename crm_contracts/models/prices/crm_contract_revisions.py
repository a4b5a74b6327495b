from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple

from odoo import fields, models
from odoo.tools import format_date

from ...core.periods import move_day
from ...core.revisions import get_level, get_variation
from ...core.states import RUNNING_STATES

ACTIVITY_TYPE = 'crm_contracts.mail_activity_type_revision'


class IndexMonths(NamedTuple):
    """The month whose index value counts, and the one with which it is compared."""

    month: date
    reference_month: date


class CrmContract(models.Model):
    """When and by what the prices of a contract are revised: its rule, and what the rule says."""

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

    # === WHAT THE RULE SAYS === #

    def _plan_price_revisions(self, days, rule=None):
        """Return by what the prices of the contracts are revised, as a list of values.

        Reads only, constantly often. What cannot be revised has the reason under ``held``.

        :param days: {contract: first day of the new prices, or False}
        :param rule: record with a revision rule for all, by default each contract's own
        """
        rules = {
            contract: rule or contract for contract in self if (rule or contract)._has_revision()
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
            {
                **contract._prepare_price_revision(
                    days[contract], rule, months.get(contract), values
                ),
                'charged_count': charged[contract.id],
            }
            for contract, rule in rules.items()
        ]

    def _prepare_price_revision(self, day, rule, months, values):
        """Return the values of the revision of a contract; override to revise by another rule.

        :param months: IndexMonths, or None without index
        :param values: {(index id, month): value}
        """
        revision = {
            'contract_id': self.id,
            'date': day,
            'revision_type': rule.revision_type,
            'price_ids': [],
            'held': self._get_revision_hold(day),
        }
        if rule.revision_type == 'index' and not revision['held']:
            revision.update(self._prepare_index_step(rule, months, values))
        elif rule.revision_type == 'percentage':
            revision['percentage_raw'] = revision['percentage'] = rule.revision_percentage
        if not revision['held'] and revision['percentage'] <= -100:
            revision['held'] = self.env._('Prices cannot fall by 100 percent or more.')
        if not revision['held']:
            revision['price_ids'] = self._prepare_revised_prices(day, rule, revision['percentage'])
        return revision

    def _prepare_index_step(self, rule, months, values):
        """Return by what an index revises the prices, or why it does not."""
        index = rule.revision_index_id
        if index.company_id not in (self.company_id, index.company_id.browse()):
            reason = self.env._('The index %(index)s is of another company.', index=index.name)
            return {'held': reason}
        if months.month <= months.reference_month:
            return {'held': self._get_early_month_hold(months)}
        for month in reversed(months):
            if (index.id, month) not in values:
                return {'held': self._get_missing_value_hold(index, month)}
        value, reference = (values[index.id, month] for month in months)
        raw = get_variation(value, reference, self._get_price_level(rule, months.reference_month))
        return {
            'index_id': index.id,
            'month': months.month,
            'value': value,
            'reference_month': months.reference_month,
            'reference_value': reference,
            'percentage_raw': raw,
            'percentage': rule._get_limited(raw),
        }

    def _get_index_months(self, day, rule):
        """Return the IndexMonths of prices that hold from a day on."""
        base = (self.revision_base_month or rule._get_index_month(self.date_start)).replace(day=1)
        revised = [base]
        if not rule._is_from_base():
            revised += map(rule._get_index_month, self.sudo().revision_ids.mapped('date'))
        return IndexMonths(rule._get_index_month(day), max(revised))

    def _get_price_level(self, rule, base_month):
        """Return the prices in force as a multiple of those of the base month.

        Compared with the previous revision the prices in force are the base: 1.
        """
        if not rule._is_from_base():
            return 1.0
        since = self.sudo().revision_ids.filtered(
            lambda revision: rule._get_index_month(revision.date) > base_month
        )
        return get_level(since.mapped('percentage'))

    def _get_charged_counts(self, days):
        """Return {contract id: periods from its day on that are invoiced at the old price}."""
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
        return Counter(
            row.contract_id.id for row in rows if row.period_start >= known[row.contract_id.id]
        )

    # === HOLDS === #

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
        return self._get_price_order_hold(day)

    def _get_missing_value_hold(self, index, month):
        if not index:
            return self.env._('Choose the index by which the prices are revised.')
        return self.env._(
            'The index %(index)s has no value for %(month)s.',
            index=index.name,
            month=format_date(self.env, month, date_format='MMMM yyyy'),
        )

    def _get_early_month_hold(self, months):
        month, reference = (
            format_date(self.env, month, date_format='MMMM yyyy') for month in months
        )
        return self.env._(
            'The index of %(month)s cannot be compared with the one of %(reference)s, which is '
            'not before it.',
            month=month,
            reference=reference,
        )

    # === DAYS === #

    def _get_next_term_day(self):
        """Return the first day of the term after the last one, or False without an end."""
        return self.date_end and move_day(self.date_end, days=1)

    def _get_revision_day(self):
        """Return from which day the prices are to be revised, or False where nobody knows."""
        self.ensure_one()
        return self.date_revision_due or self._get_next_term_day()

    # === RENEWAL === #

    def _plan_renewal_revisions(self, price_increase=None):
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
            contract = self.browse(revision['contract_id'])
            # sudo: the day is kept from being typed
            contract.sudo().date_revision_due = contract.date_revision_due or revision['date']
            reasons.setdefault(revision['held'], self.browse())
            reasons[revision['held']] |= contract
        for reason, contracts in reasons.items():
            contracts._schedule_revision(reason)

    def _schedule_revision(self, reason):
        silent = self.with_context(mail_activity_quick_update=True)
        silent.sudo().activity_unlink([ACTIVITY_TYPE])
        for user, contracts in silent._group_by_responsible().items():
            told = contracts.with_context(lang=user.lang)
            told.activity_schedule(
                ACTIVITY_TYPE,
                user_id=user.id,
                summary=told.env._('Revise the prices'),
                note=reason,
            )

    def _settle_due_revisions(self):
        """Forget what waited: the prices are revised."""
        self.sudo().filtered('date_revision_due').date_revision_due = False
        self.sudo().activity_unlink([ACTIVITY_TYPE])
