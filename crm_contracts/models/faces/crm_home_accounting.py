from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_extended.core.home import Button, Part

from ...core.states import BILLABLE_STATES

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
    def _get_home_accounting_lists(self):
        """Return {key: (model, domain, order)} of what an accountant's home lists; add to it."""
        contracts = self.env['crm.contract']
        moves = self.env['account.move']
        due, held = contracts._get_to_bill_domain(), Domain('billing_error', '!=', False)
        again = Domain('billing_ids', 'any', [('state', '=', 'released')])
        order = 'next_billing_date, id'
        return {
            'to_bill': ('crm.contract', due & ~held, order),
            'held': ('crm.contract', held, order),
            'again': ('crm.contract', due & again, order),
            'drafts': ('account.move', self._get_home_drafts_domain(), 'invoice_date, id'),
            'failed': ('account.move', moves._get_crm_contract_failed_domain(), 'id'),
            'deferrals': (
                'account.move',
                Domain('crm_contract_closing_day', '!=', False) & Domain('state', '=', 'draft'),
                'date, id',
            ),
            'runs': (
                'crm.contract.billing.run',
                Domain('state', 'in', ('waiting', 'running')),
                'id DESC',
            ),
            **{
                f'due_{days}': ('crm.contract', self._get_home_age_domain(days), order)
                for days in AGES
            },
        }

    @api.model
    def _get_home_accounting_blocks(self, found):
        """Return the cards of an accountant's home; add to them."""
        return [
            self._get_home_accounting_due_block(found),
            self._get_home_held_block(found['held'], sequence=20),
            self._get_home_drafts_block(found['drafts']),
            self._get_home_failed_block(found['failed']),
            self._get_home_again_block(found['again']),
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
    def _get_home_accounting_due_block(self, found):
        return self._get_home_to_bill_block(
            found['to_bill'],
            sequence=10,
            parts=tuple(
                Part(
                    self.env._('for more than %s days', days),
                    found[f'due_{days}'].number,
                    self._prepare_home_list_action(found[f'due_{days}'], self.env._('To Bill')),
                    tone='danger',
                )
                for days in AGES
            ),
            buttons=(
                Button(
                    self.env._('By Age'),
                    icon='fa-table',
                    model='crm.contract.forecast',
                    method='action_view_due',
                ),
            ),
        )

    @api.model
    def _get_home_again_block(self, found):
        return self._prepare_home_list(
            found,
            lambda contract: {'detail': contract.partner_id.display_name, 'tone': 'warning'},
            key='again',
            sequence=50,
            title=self.env._('Open Again'),
            hint=self.env._('Invoiced before; that invoice was credited or cancelled'),
            icon='fa-undo',
            empty=self.env._('Nothing is open again.'),
        )

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
            'detail': move.partner_id.display_name or '',
            'when': move.currency_id.format(move.amount_total),
            'tone': 'info',
        }

    @api.model
    def _get_home_deferrals_block(self, found):
        return self._prepare_home_list(
            found,
            lambda move: {'detail': move.ref or '', 'when': self._format_home_day(move.date)},
            key='deferrals',
            sequence=70,
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
            sequence=60,
            title=self.env._('Billing Runs'),
            hint=self.env._('In progress'),
            icon='fa-cogs',
            empty=self.env._('No run is in progress.'),
        )
