from datetime import timedelta

from odoo import api, fields, models

# A run is carried out by the job that its hand-over calls.
LONGEST_WAIT = timedelta(hours=3)


class CrmHealth(models.TransientModel):
    """What of the billing waits for a person, or for a job that does not come."""

    _inherit = 'crm.health'

    @api.model
    def _get_health_checks(self):
        limit = fields.Datetime.to_string(fields.Datetime.now() - LONGEST_WAIT)
        is_waiting = [('state', 'in', ('waiting', 'running')), ('write_date', '<', limit)]
        failed = self.env['account.move']._get_crm_contract_failed_domain()
        return [
            *super()._get_health_checks(),
            self._prepare_health_count(
                ('crm.contract', [('billing_error', '!=', False)]),
                'contract.parked',
                'queue',
                self.env._('Contracts that could not be billed'),
                self.env._('Read the reason on each: it is tried again once that is mended.'),
            ),
            self._prepare_health_count(
                ('account.move', list(failed)),
                'contract.invoices',
                'queue',
                self.env._('Invoices of contracts that could not be posted or sent'),
                self.env._('Post or send them by hand, or mend the reason on each.'),
            ),
            self._prepare_health_count(
                ('crm.contract.billing.run', is_waiting),
                'contract.runs',
                'queue',
                self.env._('Billing runs that stand still'),
                self.env._('Run the job of the billing, and read the log if they stay.'),
                state='act',
            ),
        ]
