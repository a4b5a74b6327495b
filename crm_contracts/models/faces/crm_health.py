from odoo import api, models


class CrmHealth(models.TransientModel):
    """What of the billing waits for a person, or for a job that does not come."""

    _inherit = 'crm.health'

    @api.model
    def _get_health_checks(self):
        limit = self._get_health_limit()
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
