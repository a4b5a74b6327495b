from collections import Counter
from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_extended.core.home import Button, Part

from ...core.home import HORIZONS, get_horizons
from ...core.states import RUNNING_STATES

BY_BILLING = 'next_billing_date, id'


class CrmHome(models.AbstractModel):
    """The day of an account manager: what is to be billed, and on what is to be decided.

    All its lists are read in one statement. Each subject adds its lists and its cards.
    """

    _inherit = 'crm.home'

    # === HOOKS === #

    @api.model
    def _get_home_roles(self):
        return super()._get_home_roles() | {
            'contracts': {
                'title': self.env._('Contracts'),
                'groups': 'sales_team.group_sale_salesman',
                'action': 'crm_contracts.crm_home_action_contracts',
                'sequence': 30,
            }
        }

    @api.model
    def _get_home_blocks(self, role):
        blocks = super()._get_home_blocks(role)
        if role != 'contracts':
            return blocks
        found = self._find_home_records(self._get_home_contract_lists())
        return blocks + self._get_home_contract_blocks(found)

    @api.model
    def _get_home_later(self, role):
        later = super()._get_home_later(role)
        return later | self._get_home_contract_later() if role == 'contracts' else later

    @api.model
    def _get_home_contract_lists(self):
        """Return {key: (model, domain, order)} of what an account manager's home lists."""
        held = self._get_home_contract_domain() & Domain('billing_error', '!=', False)
        return {
            'held': ('crm.contract', held, BY_BILLING),
            'renewals': ('crm.contract', self._get_home_renewal_domain(), 'date_notice, id'),
        }

    @api.model
    def _get_home_contract_blocks(self, found):
        """Return the cards of an account manager's home; add to them.

        :param dict found: what was found of the lists of ``_get_home_contract_lists``
        """
        return [
            self._get_home_held_block(found['held'], sequence=30),
            self._get_home_renewals_block(found['renewals']),
        ]

    @api.model
    def _get_home_contract_later(self):
        """Return what ``_get_home_later`` does for an account manager; add to it."""
        values = self._get_home_to_bill_values(sequence=20)
        return {'to_bill': (values, self._get_home_own_to_bill_block)}

    @api.model
    def _get_home_contract_domain(self):
        return Domain('manager_id', '=', self.env.uid)

    # === TO BILL === #

    @api.model
    def _get_home_to_bill_values(self, **values):
        return {'title': self.env._('To Bill'), 'icon': 'fa-money', **values}

    @api.model
    def _get_home_own_to_bill_block(self, **values):
        due = self._get_home_contract_domain() & self._get_home_due_domain()
        found = self._find_home_records({'to_bill': ('crm.contract', due, BY_BILLING)})
        return self._get_home_to_bill_block(found['to_bill'], **values)

    @api.model
    def _get_home_due_domain(self):
        """What is due and not held back."""
        is_free = Domain('billing_error', '=', False)
        return self.env['crm.contract']._get_to_bill_domain() & is_free

    @api.model
    def _get_home_to_bill_block(self, found, **values):
        return self._prepare_home_list(
            found,
            self._prepare_home_due,
            value=self._get_home_due_value(found),
            empty=self.env._('Everything that is due is invoiced.'),
            views={
                'list': 'crm_contracts.crm_contract_view_list_to_bill',
                'kanban': 'crm_contracts.crm_contract_view_kanban_waiting',
                'form': None,
            },
            **values,
        )

    @api.model
    def _get_home_due_value(self, found):
        """Say what billing them now would charge, in the currency of each."""
        if not found.number:
            return None
        contracts = self.env['crm.contract'].search(found.domain)
        sums = Counter()
        for entry in contracts._preview_billing():
            if not entry['held']:
                sums[entry['currency_id']] += entry['amount']
        return ' + '.join(
            self.env['res.currency'].browse(currency_id).format(amount)
            for currency_id, amount in sums.items()
        )

    @api.model
    def _prepare_home_due(self, contract):
        return {
            'detail': self._get_home_link_name(contract.partner_id),
            'when': self._format_home_day(contract.next_billing_date),
            'tone': 'info',
            'buttons': (
                Button(
                    self.env._('Bill'),
                    icon='fa-pencil-square-o',
                    model='crm.contract',
                    method='action_bill',
                    ids=(contract.id,),
                ),
            ),
        }

    @api.model
    def _get_home_held_block(self, found, **values):
        return self._prepare_home_list(
            found,
            lambda contract: {'detail': contract.billing_error, 'tone': 'danger'},
            key='held',
            title=self.env._('Held Back'),
            hint=self.env._('Why it was not invoiced is written on the contract'),
            icon='fa-pause-circle-o',
            empty=self.env._('Nothing is held back.'),
            views={
                'list': None,
                'kanban': 'crm_contracts.crm_contract_view_kanban_waiting',
                'form': None,
            },
            **values,
        )

    # === RENEWALS === #

    @api.model
    def _get_home_renewal_domain(self, date_from=date.min, days=HORIZONS[-1]):
        """What the user has to decide on in time: notice is to be given, or a renewal agreed."""
        return (
            self._get_home_contract_domain()
            & Domain('state', 'in', RUNNING_STATES)
            & Domain('renewal_type', '!=', 'none')
            & Domain('date_closing', '=', False)
            & Domain('date_notice', '>', date_from)
            & Domain('date_notice', '<=', f'today +{days}d')
        )

    @api.model
    def _get_home_renewals_block(self, found):
        title = self.env._('Renewals')
        views = {'list': None, 'kanban': None, 'graph': None, 'form': None}
        return self._prepare_home_list(
            found,
            self._prepare_home_renewal,
            key='renewals',
            sequence=40,
            title=title,
            hint=self.env._('To be decided on in the next 90 days, with what they bring in a year'),
            icon='fa-refresh',
            parts=tuple(
                self._prepare_home_renewal_part(title, horizon, views)
                for horizon in self._get_home_renewals()
            ),
            empty=self.env._('No renewal comes up in the next 90 days.'),
            views=views,
        )

    @api.model
    def _get_home_renewals(self):
        groups = self.env['crm.contract']._read_group(
            self._get_home_renewal_domain(),
            ['date_notice:day', 'company_id'],
            ['__count', 'yearly_value:sum'],
        )
        return get_horizons(fields.Date.context_today(self), groups)

    @api.model
    def _prepare_home_renewal_part(self, title, horizon, views):
        value = self.env['res.partner']._format_crm_amounts(horizon.value.items())
        label = self.env._('in %s days', horizon.days)
        return Part(
            ' · '.join(filter(None, (label, value))),
            horizon.number,
            self._prepare_home_action(
                title,
                'crm.contract',
                self._get_home_renewal_domain(horizon.date_from, horizon.days),
                views,
            ),
        )

    @api.model
    def _prepare_home_renewal(self, contract):
        today = fields.Date.context_today(self)
        return {
            'detail': self._get_home_link_name(contract.partner_id),
            'when': self._format_home_day(contract.date_notice),
            'tone': 'warning' if contract.date_notice <= today else 'info',
        }
