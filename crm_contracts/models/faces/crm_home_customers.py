from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_claims.core.stages import OPEN_KINDS
from odoo.addons.crm_extended.core.home import Button
from odoo.addons.crm_extended.models.customer.res_partner_facts import CONTACT_KINDS, QUIET_DAYS

from ...core.states import RUNNING_STATES


class CrmHome(models.AbstractModel):
    """The customers of an account manager: of whom nobody heard, and who claims something."""

    _inherit = 'crm.home'

    @api.model
    def _get_home_contract_lists(self):
        lists = super()._get_home_contract_lists()
        if not self.env['service.claim'].has_access('read'):
            return lists
        claims = Domain('commercial_partner_id', 'in', self._get_home_customer_ids()) & Domain(
            'stage_kind', 'in', OPEN_KINDS
        )
        return lists | {'claims': ('service.claim', claims, 'date_deadline, id')}

    @api.model
    def _get_home_contract_blocks(self, found):
        blocks = super()._get_home_contract_blocks(found)
        if 'claims' in found:
            blocks.append(self._get_home_claims_block(found['claims']))
        return blocks

    @api.model
    def _get_home_contract_later(self):
        quiet = {
            'sequence': 80,
            'title': self.env._('Quiet Customers'),
            'hint': self.env._('No call, meeting or mail for %s days', QUIET_DAYS),
            'icon': 'fa-bell-slash-o',
        }
        return super()._get_home_contract_later() | {'quiet': (quiet, self._get_home_quiet_block)}

    @api.model
    def _get_home_customer_ids(self):
        """Return the ids of the customers whose contracts run with the user."""
        runs = self._get_home_contract_domain() & Domain('state', 'in', RUNNING_STATES)
        groups = self.env['crm.contract']._read_group(runs, ['commercial_partner_id'])
        return [customer.id for (customer,) in groups if customer]

    @api.model
    def _get_home_quiet_ids(self, customer_ids):
        """Return those with whom nobody had a call, a meeting, a mail or an SMS for long."""
        now = fields.Datetime.now()
        groups = self.env['crm.interaction']._read_group(
            Domain('commercial_partner_id', 'in', customer_ids)
            & Domain('kind', 'in', CONTACT_KINDS)
            & Domain('is_planned', '=', False)
            & Domain('event', 'not in', ('not_held',))
            & Domain('date', '>', now - timedelta(days=QUIET_DAYS))
            & Domain('date', '<=', now),
            ['commercial_partner_id'],
        )
        heard = {customer.id for (customer,) in groups}
        return [customer_id for customer_id in customer_ids if customer_id not in heard]

    @api.model
    def _get_home_quiet_block(self, **values):
        quiet = Domain('id', 'in', self._get_home_quiet_ids(self._get_home_customer_ids()))
        found = self._find_home_records({'quiet': ('res.partner', quiet, 'complete_name, id')})
        return self._prepare_home_list(
            found['quiet'],
            lambda customer: {
                'href': customer.phone and f'tel:{customer.phone}',
                'buttons': (self._prepare_home_call_button(customer),),
            },
            empty=self.env._('You are in touch with all your customers.'),
            **values,
        )

    @api.model
    def _prepare_home_call_button(self, customer):
        return Button(
            self.env._('Plan'),
            icon='fa-calendar-plus-o',
            model='res.partner',
            method='action_plan_crm_call',
            ids=(customer.id,),
        )

    @api.model
    def _get_home_claims_block(self, found):
        return self._prepare_home_list(
            found,
            lambda claim: {
                'detail': self._get_home_link_name(claim.commercial_partner_id),
                'when': self._format_home_day(claim.date_deadline),
                'tone': 'danger' if claim.is_late else 'info',
            },
            key='claims',
            sequence=70,
            title=self.env._('Open Claims'),
            hint=self.env._('Of the customers of your contracts'),
            icon='fa-exclamation-triangle',
            empty=self.env._('None of your customers claims anything.'),
        )
