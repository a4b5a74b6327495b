from odoo import models
from odoo.fields import Domain

from ...core.stages import OPEN_KINDS


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def _get_crm_facts(self):
        return [
            *super()._get_crm_facts(),
            self._get_service_fact(
                'service.ticket',
                self.env._('Open tickets'),
                'action_view_service_open_tickets',
                'fa-life-ring',
            ),
            self._get_service_fact(
                'service.claim',
                self.env._('Open claims'),
                'action_view_service_open_claims',
                'fa-exclamation-triangle',
            ),
        ]

    def _get_service_fact(self, model_name, label, action, icon):
        """Tell how many cases are open: red if one of them is late, yellow if one is waited for."""
        cases = self.env[model_name]
        if not cases.has_access('read'):
            return None
        is_open = self._get_service_open_domain(model_name)
        number = cases.search_count(is_open)
        if not number:
            return None
        late = cases.search_count(is_open & Domain('is_late', '=', True))
        value = str(number)
        if late:
            value = self.env._('%(number)s, %(late)s late', number=number, late=late)
            color = 'danger'
        else:
            is_waited_for = is_open & Domain('is_customer_waiting', '=', True)
            color = 'warning' if cases.search_count(is_waited_for, limit=1) else 'info'
        return self._prepare_crm_fact(model_name, label, value, action, icon, color)

    def _get_service_open_domain(self, model_name):
        is_open = Domain('stage_kind', 'in', OPEN_KINDS)
        return self._get_crm_document_domain(self.env[model_name]) & is_open

    def action_view_service_open_claims(self):
        """List the claims of the customer, and of everybody below it, that are not closed."""
        return self._get_service_open_action('service.claim', self.action_view_service_claims())

    def action_view_service_open_tickets(self):
        """List the tickets of the customer, and of everybody below it, that are not closed."""
        return self._get_service_open_action('service.ticket', self.action_view_service_tickets())

    def _get_service_open_action(self, model_name, action):
        context = {**action['context'], 'active_test': True}
        return action | {
            'domain': list(self._get_service_open_domain(model_name)),
            'context': context,
        }
