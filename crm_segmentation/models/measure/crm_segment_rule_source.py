from dateutil.relativedelta import relativedelta

from odoo import models

from .crm_segment_rule import RANKS

PERIODS = {'day': 'days', 'month': 'months', 'year': 'years'}
# Further back there are no documents, and further back dates end.
MAX_DAYS = 365_000


class CrmSegmentRule(models.Model):
    """Says by which rows, and by which of their dates, a rule can be followed."""

    _inherit = 'crm.segment.rule'

    def _get_source(self, segment):
        """Return what tells for whom the rule may have changed, None if that cannot be told.

        :return: as :meth:`crm.segment.metric._get_source`, and {'ages': list of relativedelta}
        """
        self.ensure_one()
        if self.operator in RANKS or segment.roll_up or self.calendar_period:
            return None
        source = self.metric_id.sudo()._get_source(
            segment._get_author_partners().env,
            segment._get_measure_company(),
            self._get_period(segment),
        )
        return source and {**source, 'ages': self._get_ages()}

    def _get_ages(self):
        """Return how old a document is when the mere passing of time changes the rule."""
        is_days = self.metric_id.aggregate == 'days_since_last'
        ages = []
        if self.period_unit:
            ages.append(relativedelta(**{PERIODS[self.period_unit]: self.period_count}))
        if is_days:
            values = [self.value, self.value_to] if self.operator == 'between' else [self.value]
            ages += [relativedelta(days=max(0, min(int(value), MAX_DAYS))) for value in values]
        if ages:
            # Documents of the future count from their date on.
            ages.append(relativedelta())
        return ages
