from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_extended.tools.numbers import format_number

from ...core.alerts import get_reached
from ...core.prepaid import PrepaidUsage
from ...core.states import OVER_STATES, RUNNING_STATES

PREPAID_ACTIVITY = 'crm_contracts.mail_activity_type_prepaid'
NOTHING_PREPAID = PrepaidUsage()
# Fields by which hours consume the prepaid units of a contract.
CONSUMING_FIELDS = {'crm_contract_non_billable', 'date', 'project_id', 'unit_amount'}


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
        return Domain('state', 'in', RUNNING_STATES) & self._get_prepaid_domain()

    def _on_top_up(self):
        """Let thresholds alert again that are no longer reached with what was bought."""
        result = super()._on_top_up()
        term = self._get_prepaid_term(fields.Date.context_today(self))
        percentage = self._get_current_usages()[self.id].percentage
        reached = get_reached(self._get_alert_thresholds(), percentage, 0.0)
        term.prepaid_alerted = min(term.prepaid_alerted, max(reached, default=0.0))
        return result

    def _alert_prepaid(self):
        """Tell who is responsible which threshold the current term reached, once each.

        The last one says it all: it takes the place of those before.
        """
        contracts = self.sudo()
        usages = contracts._get_current_usages()
        today = fields.Date.context_today(self)
        alerted, outdated = {}, self.browse()
        for contract in contracts:
            term = contract._get_prepaid_term(today)
            percentage = usages.get(contract.id, NOTHING_PREPAID).percentage
            reached = get_reached(
                contract._get_alert_thresholds(), percentage, term.prepaid_alerted
            )
            if reached:
                term.prepaid_alerted = reached[-1]
                alerted[reached[-1]] = alerted.get(reached[-1], self.browse()) | contract
            if reached or not term.prepaid_alerted:
                outdated |= contract
        outdated.activity_unlink([PREPAID_ACTIVITY])
        for threshold, reaching in alerted.items():
            reaching._tell_responsible(
                PREPAID_ACTIVITY,
                lambda env, percent=threshold: env._(
                    '%(percent)s %% of the prepaid units are consumed',
                    percent=format_number(env, percent),
                ),
            )

    def _on_enter_state(self, state):
        """Nobody has to decide on the units of a contract that is over."""
        super()._on_enter_state(state)
        if state in OVER_STATES:
            self.sudo().activity_unlink([PREPAID_ACTIVITY])


class AccountAnalyticLine(models.Model):
    """Hours that reach a threshold of prepaid units are told of at once."""

    _inherit = 'account.analytic.line'

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._alert_crm_contract_prepaid()
        return items

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {*CONSUMING_FIELDS, *self._get_plan_fnames()}:
            self._alert_crm_contract_prepaid()
        return result

    def _alert_crm_contract_prepaid(self):
        """Alert at once when hours reach a threshold of a contract's prepaid units."""
        accounts = self.sudo().filtered('project_id')._get_crm_contract_accounts()
        if accounts:
            contracts = self.env['crm.contract'].sudo()
            contracts.search(
                Domain('analytic_account_id', 'in', accounts.ids)
                & contracts._get_prepaid_alert_domain()
            )._alert_prepaid()
