from odoo import api, models


class CrmHealth(models.TransientModel):
    """What of the segments waits for a person, or for a job that does not come."""

    _inherit = 'crm.health'

    @api.model
    def _get_health_checks(self):
        return [
            *super()._get_health_checks(),
            *self._get_health_segments(),
            self._get_health_effects(),
        ]

    @api.model
    def _get_health_segments(self):
        limit = self._get_health_limit()
        parked = [('active', '=', True), ('last_error', '!=', False)]
        late = [
            ('active', '=', True),
            ('last_error', '=', False),
            ('refresh_interval_unit', '!=', False),
            ('next_refresh', '<', limit),
        ]
        return [
            self._prepare_health_count(
                ('crm.segment', parked),
                'segment.parked',
                'queue',
                self.env._('Segments that could not be refreshed'),
                self.env._('Mend the criteria: it is tried again once they are changed.'),
            ),
            self._prepare_health_count(
                ('crm.segment', late),
                'segment.late',
                'queue',
                self.env._('Segments that are late'),
                self.env._('Run the job of the segments, and read the log if they stay.'),
                state='act',
            ),
        ]

    @api.model
    def _get_health_effects(self):
        """Return the check of the contacts that wait where something failed."""
        waiting = [
            ('segment_id.effect_error', '!=', False),
            '|',
            ('enter_pending', '=', True),
            ('leave_pending', '=', True),
        ]
        return self._prepare_health_count(
            ('crm.segment.membership', waiting),
            'segment.effects',
            'queue',
            self.env._('Contacts for whom entering or leaving a segment failed'),
            self.env._('Read the reason on the segment, and try again there.'),
        )
