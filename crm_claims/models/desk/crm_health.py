from odoo import api, models


class CrmHealth(models.TransientModel):
    """What of after-sales waits for a person, or for a job that does not come."""

    _inherit = 'crm.health'

    @api.model
    def _get_health_checks(self):
        limit = self._get_health_limit()
        return [
            *super()._get_health_checks(),
            self._prepare_health_count(
                ('service.mail', []),
                'mail.aside',
                'mail',
                self.env._('Mails that opened no case'),
                self.env._('Look whether one of them is from a customer.'),
            ),
            self._prepare_health_count(
                ('service.sla.clock', [('notice_at', '<', limit)]),
                'sla.late',
                'queue',
                self.env._('Deadlines of which nobody was told'),
                self.env._('Run the job of the service levels, and read the log if they stay.'),
                state='act',
            ),
        ]
