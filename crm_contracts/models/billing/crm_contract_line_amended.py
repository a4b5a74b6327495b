from datetime import date

from odoo import api, fields, models


class CrmContractLine(models.Model):
    """A line that an amendment made or ended: it keeps the rhythm of the one before it.

    Where an amendment ends a line within a period, that period is charged by its days, whatever
    was agreed for the end of the contract.
    """

    _inherit = 'crm.contract.line'

    date_anchor = fields.Date(
        string='Periods Counted From',
        readonly=True,
        copy=False,
        help='Day from which the periods are counted, if not the first day charged.',
    )
    prorate_end = fields.Boolean(
        string='Ended by the Day',
        readonly=True,
        copy=False,
        help='An amendment ended the line: its last period is charged by days.',
    )
    amendment_line_id = fields.Many2one(
        'crm.contract.amendment.line',
        string='Amendment',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        help='Change that made the line.',
    )
    change_ids = fields.One2many(
        'crm.contract.amendment.line',
        'line_id',
        string='Amended By',
        readonly=True,
        help='Changes of the line by amendments.',
    )

    @api.depends('date_anchor', 'prorate_end')
    def _compute_next_billing(self):
        return super()._compute_next_billing()

    def _get_schedule(self):
        schedule = super()._get_schedule()
        if not self.date_anchor:
            return schedule
        anchor = self.date_anchor
        return schedule._replace(anchor=anchor.replace(day=1) if self.align_month else anchor)

    def _is_prorated(self, start, end):
        return super()._is_prorated(start, end) or self._is_cut_in(start, end)

    def _is_cut_in(self, start, end):
        """Say whether an amendment ended the line within a period, or with its last day.

        :param end: the day after the last one
        """
        if not self.prorate_end:
            return False
        cut = fields.Date.add(self.date_end, days=1)
        return self._get_schedule().date_to == cut and start < cut <= end

    def _filter_not_amended_away(self):
        """Leave out what customers need not read any more: amendments ended it before today."""
        today = fields.Date.context_today(self)
        return self.filtered(
            lambda line: (
                not line.date_end
                or line.date_end >= today
                or not (line.amendment_line_id or line.change_ids.filtered('is_applied'))
            )
        )

    def _get_charged_until(self):
        """Return the day after the last one that is billed, or the least day there is."""
        return max((end for _start, end in self._get_billed_ranges()[self.id]), default=date.min)

    def _get_charged_before(self, day):
        """Return what the periods of a new line come to that start before a day."""
        entries = self._plan_periods(day, ())
        return sum(entry.amount for entry in entries if entry.period_start < day)


class CrmContractBilling(models.Model):
    _inherit = 'crm.contract.billing'

    def _is_by_days(self):
        """Say whether the days of the row that are not covered any more are not charged."""
        self.ensure_one()
        return self.line_id._is_prorated(self.period_start, self.period_end)


class CrmContractPriceRevisionLine(models.Model):
    _inherit = 'crm.contract.price.revision.line'

    def _is_changed_since(self):
        """A line that was amended since has others beside it: its price alone cannot go back."""
        applied = self.line_id.change_ids.filtered('is_applied')
        since = any(change.amendment_id.date >= self.revision_id.date for change in applied)
        return since or super()._is_changed_since()
