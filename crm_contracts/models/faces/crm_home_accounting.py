from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_extended.core.home import Button, Part

from ...core.states import BILLABLE_STATES
from .crm_home_contracts import BY_BILLING

# Since when something is due, in days.
AGES = (30, 90)


class CrmHome(models.AbstractModel):
    """The day of an accountant: what contracts have to be invoiced for, and what stopped."""

    _inherit = 'crm.home'

    # === ACTIONS === #

    @api.model
    def action_view_contract_deferrals(self):
        """Open the revenue to defer and to accrue at the last closing day."""
        return self.env['ir.actions.act_window']._for_xml_id(
            'crm_contracts.crm_contract_deferring_action'
        )

    # === HOOKS === #

    @api.model
    def _get_home_roles(self):
        return super()._get_home_roles() | {
            'accounting': {
                'title': self.env._('Invoicing'),
                'groups': 'account.group_account_invoice',
                'action': 'crm_contracts.crm_home_action_accounting',
                'sequence': 40,
            }
        }

    @api.model
    def _get_home_blocks(self, role):
        blocks = super()._get_home_blocks(role)
        if role != 'accounting':
            return blocks
        found = self._find_home_records(self._get_home_accounting_lists())
        return blocks + self._get_home_accounting_blocks(found)

    @api.model
    def _get_home_later(self, role):
        later = super()._get_home_later(role)
        if role != 'accounting':
            return later
        values = self._get_home_to_bill_values(sequence=10)
        return later | {'to_bill': (values, self._get_home_accounting_to_bill_block)}

    @api.model
    def _get_home_accounting_lists(self):
        """Return {key: (model, domain, order)} of what an accountant's home lists; add to it."""
        failed = self.env['account.move']._get_crm_contract_failed_domain()
        deferrals = Domain('crm_contract_closing_day', '!=', False) & Domain('state', '=', 'draft')
        running = Domain('state', 'in', ('waiting', 'running'))
        return {
            'held': ('crm.contract', Domain('billing_error', '!=', False), BY_BILLING),
            'drafts': ('account.move', self._get_home_drafts_domain(), 'invoice_date, id'),
            'failed': ('account.move', failed, 'id'),
            'deferrals': ('account.move', deferrals, 'date, id'),
            'runs': ('crm.contract.billing.run', running, 'id DESC'),
        }

    @api.model
    def _get_home_accounting_blocks(self, found):
        """Return the cards of an accountant's home; add to them."""
        return [
            self._get_home_held_block(found['held'], sequence=20),
            self._get_home_drafts_block(found['drafts']),
            self._get_home_failed_block(found['failed']),
            self._get_home_runs_block(found['runs']),
            self._get_home_deferrals_block(found['deferrals']),
        ]

    # === TO BILL === #

    @api.model
    def _get_home_age_domain(self, days):
        """What has been due for more days, by its dates; hours and costs have none."""
        return (
            Domain('state', 'in', BILLABLE_STATES)
            & Domain('billing_error', '=', False)
            & Domain('next_billing_date', '<', f'today -{days}d')
        )

    @api.model
    def _get_home_accounting_to_bill_block(self, **values):
        found = self._find_home_records(self._get_home_due_lists())
        title = values['title']
        return self._get_home_to_bill_block(
            found['to_bill'],
            parts=tuple(
                Part(
                    label,
                    found[key].number,
                    self._prepare_home_list_action(found[key], title),
                    tone='danger',
                )
                for key, label in self._get_home_due_parts().items()
            ),
            buttons=(
                Button(
                    self.env._('By Age'),
                    icon='fa-table',
                    model='crm.contract.forecast',
                    method='action_view_due',
                ),
            ),
            **values,
        )

    @api.model
    def _get_home_due_lists(self):
        due = self._get_home_due_domain()
        again = due & Domain('billing_ids', 'any', [('state', '=', 'released')])
        lists = {'to_bill': due, 'again': again}
        lists |= {f'older_{days}': self._get_home_age_domain(days) for days in AGES}
        return {key: ('crm.contract', domain, BY_BILLING) for key, domain in lists.items()}

    @api.model
    def _get_home_due_parts(self):
        """Return {list: how it is called} of what of all that is due stands apart."""
        older = {f'older_{days}': self.env._('for more than %s days', days) for days in AGES}
        return {**older, 'again': self.env._('open again')}

    # === INVOICES === #

    @api.model
    def _get_home_drafts_domain(self):
        return (
            Domain('crm_contract_ids', '!=', False)
            & Domain('state', '=', 'draft')
            & Domain('move_type', 'in', ('out_invoice', 'out_refund'))
        )

    @api.model
    def _get_home_drafts_block(self, found):
        return self._prepare_home_list(
            found,
            self._prepare_home_move,
            key='drafts',
            sequence=30,
            title=self.env._('Drafts'),
            hint=self.env._('Invoices and credit notes that nobody has confirmed yet'),
            icon='fa-file-o',
            value=self._get_home_drafts_value(found),
            empty=self.env._('No draft waits.'),
        )

    @api.model
    def _get_home_drafts_value(self, found):
        if not found.number:
            return None
        groups = self.env['account.move']._read_group(
            found.domain, ['company_id'], ['amount_untaxed_signed:sum']
        )
        return self._format_home_companies(dict(groups))

    @api.model
    def _get_home_failed_block(self, found):
        return self._prepare_home_list(
            found,
            lambda move: {**self._prepare_home_move(move), 'tone': 'danger'},
            key='failed',
            sequence=40,
            title=self.env._('Failed'),
            hint=self.env._('Could not be confirmed or sent by themselves'),
            icon='fa-exclamation-circle',
            empty=self.env._('Every automatic invoice went out.'),
        )

    @api.model
    def _prepare_home_move(self, move):
        return {
            'detail': self._get_home_link_name(move.partner_id),
            'when': move.currency_id.format(move.amount_total),
            'tone': 'info',
        }

    @api.model
    def _get_home_deferrals_block(self, found):
        return self._prepare_home_list(
            found,
            lambda move: {'detail': move.ref or '', 'when': self._format_home_day(move.date)},
            key='deferrals',
            sequence=60,
            title=self.env._('Deferred and Accrued Revenue'),
            hint=self.env._('Entries that nobody has confirmed yet'),
            icon='fa-balance-scale',
            empty=self.env._('No entry waits.'),
            buttons=(
                Button(
                    self.env._('Close a Month'),
                    icon='fa-calendar-check-o',
                    model='crm.home',
                    method='action_view_contract_deferrals',
                ),
            ),
        )

    # === RUNS === #

    @api.model
    def _get_home_runs_block(self, found):
        return self._prepare_home_list(
            found,
            lambda run: {'when': f'{run.progress:.0f} %', 'tone': 'info'},
            key='runs',
            sequence=50,
            title=self.env._('Billing Runs'),
            hint=self.env._('In progress'),
            icon='fa-cogs',
            empty=self.env._('No run is in progress.'),
        )
