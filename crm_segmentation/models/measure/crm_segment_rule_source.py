from dataclasses import replace

from odoo import models

from ...core.rhythm import get_ages


class CrmSegmentRule(models.Model):
    """Says by which rows, and by which of their dates, a rule can be followed."""

    _inherit = 'crm.segment.rule'

    def _get_source(self, segment):
        """Return what tells for whom the rule may have changed, None if that cannot be told.

        :rtype: crm_segmentation.core.sources.Source
        """
        self.ensure_one()
        if self._get_condition().is_rank or segment.roll_up or self.calendar_period:
            return None
        source = self.metric_id.sudo()._get_source(
            segment._get_author_partners().env,
            segment._get_measure_company(),
            self._get_period(segment),
        )
        return source and replace(source, ages=self._get_ages())

    def _get_ages(self):
        """Return how old a document is when the mere passing of time changes the rule."""
        is_days = self.metric_id.aggregate == 'days_since_last'
        return get_ages(
            (self.period_count, self.period_unit) if self.period_unit else None,
            self._get_condition().limits if is_days else (),
        )
