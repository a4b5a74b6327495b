from odoo import api, models


class CrmHealth(models.TransientModel):
    """What of sales waits for a person, or for a job that does not come."""

    _inherit = 'crm.health'

    @api.model
    def _get_health_checks(self):
        limit = self._get_health_limit()
        return [
            *super()._get_health_checks(),
            self._prepare_health_count(
                ('crm.capture.suspect', []),
                'capture.aside',
                'queue',
                self.env._('Website posts kept aside'),
                self.env._('Make leads of them, or throw them away.'),
            ),
            self._prepare_health_count(
                ('crm.cadence.run', [('state', '=', 'running'), ('date_next', '<', limit)]),
                'cadence.late',
                'queue',
                self.env._('Steps of cadences that are late'),
                self.env._('Run the job of the cadences, and read the log if they stay.'),
                state='act',
            ),
        ]
