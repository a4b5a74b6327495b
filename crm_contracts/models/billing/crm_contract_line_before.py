from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...core.days import move_day


class CrmContractLine(models.Model):
    """What was billed elsewhere, before the contract was entered here.

    The rhythm stays that of the first day: a period that was begun by the old system is charged
    by it in full, or for its days where periods are prorated.
    """

    _inherit = 'crm.contract.line'

    date_billed = fields.Date(
        string='Billed Up To',
        copy=False,
        help='Last day that was billed before the contract was entered here: nothing up to it is '
        'billed again, reported usage neither. A milestone with such a day is billed.',
    )

    # === COMPUTE === #

    @api.depends('date_billed')
    def _compute_next_billing(self):
        return super()._compute_next_billing()

    # === NOTES === #

    @api.model
    def _get_noted_fields(self):
        return [*super()._get_noted_fields(), 'date_billed']

    # === CRUD === #

    def write(self, vals):
        if 'date_billed' in vals:
            self._check_billed_before(fields.Date.to_date(vals['date_billed']))
        return super().write(vals)

    def _check_billed_before(self, day):
        """Refuse another day once invoices stand for the days after the first one."""
        for line in self:
            if (line.date_billed or False) != (day or False) and line._is_invoiced():
                raise UserError(
                    self.env._(
                        'The line "%(line)s" of the contract "%(contract)s" was billed here '
                        'already: up to when it was billed before cannot change any more.',
                        line=line.name,
                        contract=line.contract_id.display_name,
                    )
                )

    # === PLAN === #

    def _get_open_periods(self, billed):
        return super()._get_open_periods([*billed, *self._get_ranges_before()])

    def _get_ranges_before(self):
        """Return what was billed before as ranges: one, or none."""
        return [(date.min, move_day(self.date_billed, days=1))] if self.date_billed else []

    def _get_settled_day(self):
        """Return the last day of which nothing is charged: whole periods were billed in full."""
        day = self.date_billed
        if not day or self.kind != 'recurring' or self.is_metered or self.prorate:
            return day
        return move_day(self._get_period_on(day).end, days=-1)

    def _get_charged_until(self):
        ends = [end for _start, end in self._get_ranges_before()]
        return max([super()._get_charged_until(), *ends])

    def _get_minimum(self, period):
        is_billed = self.date_billed and period.start <= self.date_billed
        return 0.0 if is_billed else super()._get_minimum(period)

    # === USAGE === #

    def _get_open_usage(self):
        """Leave out what was billed before: it is history."""
        found = super()._get_open_usage()
        for line in self._origin.filtered('date_billed'):
            found[line] = found[line].filtered(
                lambda one, last_day=line.date_billed: one.date > last_day
            )
        return found

    def _get_billed_usage(self, open_usage):
        """Count what was billed before in the tiers of the period that goes on; one query."""
        billed = super()._get_billed_usage(open_usage)
        begun = {
            line: line._get_period_on(usage[:1].date).start
            for line, usage in open_usage.items()
            if line.date_billed
        }
        begun = {line: start for line, start in begun.items() if start <= line.date_billed}
        if not begun:
            return billed
        reports = self.env['crm.contract.usage']
        groups = reports._read_group(
            Domain('line_id', 'in', [line.id for line in begun])
            & Domain('date', '>=', min(begun.values()))
            & Domain('date', '<=', max(line.date_billed for line in begun))
            & reports._get_open_domain(),
            ['line_id', 'date:day'],
            ['quantity:sum'],
        )
        for line, day, quantity in groups:
            if day <= line.date_billed:
                billed[line][day] = quantity
        return billed

    # === MILESTONES === #

    def _get_milestone_date(self):
        return not self.date_billed and super()._get_milestone_date()
