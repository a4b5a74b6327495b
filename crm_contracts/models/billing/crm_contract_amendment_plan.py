from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from odoo.addons.crm_extended.tools.numbers import format_number

from ...core.amendments import Terms, get_boundary, get_difference, get_split
from ...core.days import move_day
from ..agreement.crm_contract_noted_mixin import NOTED_ELSEWHERE

PRICED = ('date_to', 'price_unit', 'minimum_amount')


class CrmContractAmendmentLine(models.Model):
    """What one change makes of its line, as values that preview and carrying out share."""

    _inherit = 'crm.contract.amendment.line'

    adjustment_amount = fields.Monetary(
        string='For Charged Days',
        compute='_compute_adjustment_amount',
        help='What is charged beside what was charged already, less what is credited of it, '
        'without taxes.',
    )
    adjustment_applied = fields.Monetary(
        readonly=True, copy=False, help='What it was when the amendment was applied.'
    )

    @api.depends(
        'action', 'line_id', 'quantity', 'price_unit', 'amendment_id.date', 'amendment_id.state'
    )
    def _compute_adjustment_amount(self):
        for change in self:
            if change.amendment_id.state == 'applied':
                change.adjustment_amount = change.adjustment_applied
            else:
                is_plannable = change.contract_id and not change.sudo()._get_hold()
                change.adjustment_amount = is_plannable and change.sudo()._get_adjustment()

    # === CHECKS === #

    def _check_possible(self):
        for change in self:
            reason = change._get_hold()
            if reason:
                raise UserError(reason)

    def _get_hold(self):
        """Return why the line cannot change from the day on, or an empty string."""
        self.ensure_one()
        line, day = self.line_id._origin, self._get_day()
        if not line:
            return ''
        if line.date_end and line.date_end < day:
            return self.env._(
                '"%(line)s" ends on %(day)s, before the amendment.',
                line=line.name,
                day=format_date(self.env, line.date_end),
            )
        if self._get_kept_until() < line.date_start and not self._is_in_place():
            return self.env._(
                '"%(line)s" starts on %(day)s: choose a later day, or take the line off the '
                'contract if nothing of it is billed.',
                line=line.name,
                day=format_date(self.env, line.date_start),
            )
        return (self._changes_price() and line._get_price_order_hold(day)) or ''

    def _get_kept_until(self):
        """Return the last day of the line as it was."""
        if self.action == 'end':
            return move_day(self._get_first_day(), days=-1)
        return self._get_split().kept_until

    def _is_dearer(self):
        """Say whether a whole period costs as much as before, or more."""
        return self.action != 'end' and (self._compare_amounts() >= 0)

    def _compare_amounts(self):
        """Return less than 0, 0 or more, as a period costs less than before, as much or more."""
        currency = self.contract_id._origin.currency_id
        return currency.compare_amounts(self.amount, self.amount_before)

    def _is_in_place(self):
        """Say whether the line itself changes: it has not begun, and nothing of it is charged."""
        if self.action != 'change' or self._get_kept_until() >= self.line_id.date_start:
            return False
        return self.line_id._origin._get_charged_until() <= self._get_first_day()

    # === PLAN === #

    def _get_split(self):
        """Return what becomes of the line, as a ``Split``; dearer ones go on while charged."""
        line, day = self.line_id._origin, self._get_first_day()
        schedule = line._get_schedule()
        boundary = get_boundary(schedule, day)
        if self._is_dearer():
            boundary = max(boundary, get_boundary(schedule, max(day, line._get_charged_until())))
        return get_split(day, boundary, line.date_end or None, self._is_dearer())

    def _get_first_day(self):
        """Return the first day of the change: not before the line starts."""
        return max(self._get_day(), self.line_id.date_start or date.min)

    def _prepare_new_lines(self):
        """Return the values of the lines that the change adds to the contract."""
        self.ensure_one()
        if self.action == 'add':
            return self._prepare_added_lines()
        if self.action == 'end' or self._is_in_place():
            return []
        split, lines = self._get_split(), []
        if split.bridge and self._compare_amounts():
            lines.append(self._prepare_bridge(split.bridge))
        if split.starts:
            lines.append(self._prepare_line(self._get_terms(), split.starts))
        return lines

    def _get_terms(self):
        """Return quantity and price of the line from the day on.

        A price that stays is that of the line, which may be one that holds from a later day on.
        """
        price = self.price_unit if self._changes_price() else self.line_id.price_unit
        return Terms(self.quantity, price)

    def _prepare_bridge(self, span):
        """Return the values of what is charged by days until whole periods have the new price."""
        terms = self._get_terms()
        if self._is_dearer():
            terms = get_difference(Terms(self.quantity_before, self.line_id.price_unit), terms)
        values = self._prepare_line(terms, span.start)
        name = self._in_customer_lang().env._(
            '%(line)s (amendment %(number)s)',
            line=self.line_id.name,
            number=self.amendment_id.number or '…',
        )
        return {**values, 'date_end': span.end, 'prorate': True, 'name': name}

    def _prepare_line(self, terms, first):
        """Return the values of a line that goes on as the old one, in its rhythm."""
        line = self.line_id._origin
        return {
            **line.copy_data()[0],
            'contract_id': line.contract_id.id,
            'quantity': terms.quantity,
            'price_unit': terms.price,
            'date_start': first,
            'date_end': line.date_end,
            'prorate_end': line.prorate_end,
            'date_anchor': line.date_anchor or line.date_start,
            'date_billed': line._get_settled_day(),
            'former_price_ids': self._prepare_former_prices(first),
        }

    def _prepare_former_prices(self, first):
        """Return commands for the prices of days from one on, if a later day changes them."""
        if self._changes_price():
            return []
        return [
            Command.create({name: former[name] for name in PRICED})
            for former in self.line_id._origin.former_price_ids
            if former.date_to >= first
        ]

    def _prepare_added_lines(self):
        """Return the values of the lines that an added one becomes: the days before its rhythm."""
        contract, day = self.contract_id._origin, self._get_day()
        values = {
            **{
                name: self._fields[name].convert_to_write(self[name], self)
                for name in self._get_shared_fields()
            },
            'contract_id': contract.id,
            'date_start': day,
            'date_due': self.date_due,
        }
        leader = self.is_aligned and self._get_leader()
        if not leader:
            return [values]
        values['date_anchor'] = leader.date_anchor or leader.date_start
        boundary = get_boundary(leader._get_schedule(), day)
        if boundary == day or self.prorate:
            return [values]
        bridge = {**values, 'date_end': move_day(boundary, days=-1), 'prorate': True}
        return [bridge, {**values, 'date_start': boundary}]

    @api.model
    def _get_shared_fields(self):
        """Return the fields that a line of a contract gets from one that is added."""
        fields_of_both = self.env['crm.contract.line.mixin']._fields
        return [
            name
            for name, field in fields_of_both.items()
            if field.store and name not in (*models.MAGIC_COLUMNS, 'company_id', 'currency_id')
        ]

    def _get_leader(self):
        """Return a line of the contract with the same period, which the added one follows."""
        return self.contract_id._origin.line_ids.filtered(
            lambda line: (
                self.kind == line.kind == 'recurring'
                and line._is_on(self._get_day())
                and (line.interval_count, line.interval_unit)
                == (self.interval_count, self.interval_unit)
            )
        )[:1]

    # === PREVIEW === #

    def _get_adjustment(self):
        """Return what is charged beside what was charged already, less what is credited of it."""
        self.ensure_one()
        if not self._is_effective() or self.kind == 'milestone' or self._is_in_place():
            return 0.0
        until = self._get_adjusted_until()
        lines = self.env['crm.contract.line'].concat(
            *map(self.env['crm.contract.line'].new, self._prepare_new_lines())
        )
        charged = sum(line._get_charged_before(until) for line in lines)
        return charged - self._get_credit()

    def _get_adjusted_until(self):
        """Return the day after the last one of which the amendment changes what it costs."""
        if self.action == 'add':
            first = self._prepare_new_lines()[0]
            return move_day(first['date_end'], days=1) if first.get('date_end') else date.min
        line = self.line_id._origin
        if self.action == 'change' and self._is_dearer():
            return self._get_split().starts or move_day(line.date_end, days=1)
        return line._get_charged_until()

    def _get_credit(self):
        """Return what is charged of days that the line does not cover any more."""
        if self.action == 'add' or self._is_dearer():
            return 0.0
        rows = self.line_id._origin.billing_ids
        rests = [(self._get_first_day(), date.max)]
        before = sum(unused.amount for unused in rows._get_unused().values())
        return sum(one.amount for one in rows._get_unused(rests, by_days=True).values()) - before

    # === CARRYING OUT === #

    def _apply(self):
        """Change the lines of the contract."""
        lines = self.env['crm.contract.line'].with_context(crm_contract_noted=NOTED_ELSEWHERE)
        for change in self:
            values = change._prepare_new_lines()
            change.adjustment_applied = change._get_adjustment()
            lines.create([{**vals, 'amendment_line_id': change.id} for vals in values])
            if change.line_id:
                line = change.line_id.with_context(crm_contract_noted=NOTED_ELSEWHERE)
                line.write(change._prepare_line_change())

    def _prepare_line_change(self):
        """Return the values of the line: it ends where what took its place begins, or changes."""
        if self._is_in_place():
            terms = self._get_terms()
            return {'quantity': terms.quantity, 'price_unit': terms.price}
        kept_until = self._get_kept_until()
        # An end by days stays one, where what costs more leaves it.
        is_cut = not self._is_dearer() or (
            self.line_id.prorate_end and kept_until == self.line_id.date_end
        )
        return {'date_end': kept_until, 'prorate_end': is_cut}

    # === TEXTS === #

    def _in_customer_lang(self):
        return self.with_context(lang=self.contract_id.partner_id.lang or self.env.lang)

    def _get_text(self):
        """Return the change in words, for the chatter."""
        name = (self.line_id.name or self.name).partition('\n')[0]
        if self.action == 'end':
            return self.env._('%s ends', name)
        if self.action == 'add':
            return self.env._('%s is added', name)
        return self.env._(
            '%(line)s: quantity %(quantity_before)s → %(quantity)s, price %(price_before)s → '
            '%(price)s',
            line=name,
            quantity_before=format_number(self.env, self.quantity_before),
            quantity=format_number(self.env, self.quantity),
            price_before=format_number(self.env, self.price_before, least=2),
            price=format_number(self.env, self.price_unit, least=2),
        )
