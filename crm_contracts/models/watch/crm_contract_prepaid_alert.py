from odoo import api, fields, models
from odoo.fields import Domain

from ...core.states import RUNNING_STATES

ACTIVITY_TYPE = 'crm_contracts.mail_activity_type_prepaid'


class CrmContract(models.Model):
    """Tells who is responsible when the prepaid units of a term come to their end."""

    _inherit = 'crm.contract'

    @api.model
    def _get_daily_steps(self):
        """Alert daily, for what did not come by booking hours, like a changed quantity."""
        return [
            *super()._get_daily_steps(),
            (self._get_prepaid_alert_domain(), lambda contracts: contracts._alert_prepaid()),
        ]

    @api.model
    def _get_prepaid_alert_domain(self):
        """Return the domain of the contracts whose consumption is watched."""
        return Domain('state', 'in', RUNNING_STATES) & Domain('term_ids.prepaid_quantity', '>', 0)

    def _alert_prepaid(self):
        """Tell who is responsible which thresholds the current term reached, once each."""
        contracts = self.sudo()
        usages = contracts._get_prepaid_usages()
        today = fields.Date.context_today(self)
        reached = {}
        for contract in contracts:
            term = contract._get_prepaid_term(today)
            percentage = usages[term.id].percentage if term.id in usages else 0.0
            news = [
                threshold
                for threshold in contract._get_alert_thresholds()
                if term.prepaid_alerted < threshold <= percentage
            ]
            if news:
                term.prepaid_alerted = max(news)
            for threshold in news:
                reached[threshold] = reached.get(threshold, self.browse()) | contract
        for threshold, alerted in sorted(reached.items(), key=lambda item: item[0]):
            alerted._schedule_prepaid_alert(threshold)

    def _schedule_prepaid_alert(self, threshold):
        for user, contracts in self._group_by_responsible().items():
            told = contracts.with_context(lang=user.lang)
            told.activity_schedule(
                ACTIVITY_TYPE,
                user_id=user.id,
                summary=told.env._(
                    '%(percent)g %% of the prepaid units are consumed', percent=threshold
                ),
            )
