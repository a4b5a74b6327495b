from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .document_link import ACCOUNT, DISTRIBUTION, ITEMS, DocumentLink

ANALYTIC_ITEMS = 'analytic.account_analytic_line_action_entries'


class CrmContract(models.Model):
    """The smart buttons of a contract: how many documents of each kind it has.

    A counter counts what the user may open, and its button opens exactly that.
    """

    _inherit = 'crm.contract'

    project_count = fields.Integer(string='Projects', compute='_compute_document_counts')
    task_count = fields.Integer(string='Tasks', compute='_compute_document_counts')
    timesheet_count = fields.Integer(string='Timesheets', compute='_compute_document_counts')
    ticket_count = fields.Integer(string='Tickets', compute='_compute_document_counts')
    claim_count = fields.Integer(string='Claims', compute='_compute_document_counts')
    order_count = fields.Integer(string='Orders', compute='_compute_document_counts')
    purchase_count = fields.Integer(string='Purchases', compute='_compute_document_counts')
    expense_count = fields.Integer(string='Expenses', compute='_compute_document_counts')
    invoice_count = fields.Integer(string='Invoices', compute='_compute_document_counts')
    analytic_item_count = fields.Integer(
        string='Analytic Items',
        compute='_compute_document_counts',
        help='Of the items that the figures sum, those that the user may read.',
    )
    document_count = fields.Integer(
        string='Documents',
        compute='_compute_document_counts',
        help='Files on the contract and in its messages.',
    )

    @api.model
    def _get_document_links(self) -> dict[str, DocumentLink]:
        """Declare the smart buttons: {counter: link}; override to add one.

        Kinds whose model is not installed are not counted.
        """
        return {
            'project_count': DocumentLink(
                'project.project', ACCOUNT, 'project.open_view_project_all'
            ),
            'task_count': DocumentLink(
                'project.task', f'project_id.{ACCOUNT}', 'project.action_view_all_task'
            ),
            'timesheet_count': DocumentLink(
                'account.analytic.line',
                ITEMS,
                'hr_timesheet.timesheet_action_all',
                Domain('crm_contract_kind', '=', 'time'),
            ),
            'ticket_count': DocumentLink(
                'service.ticket', 'contract_id', 'crm_claims.service_ticket_action'
            ),
            'claim_count': DocumentLink(
                'service.claim', 'contract_id', 'crm_claims.service_claim_action'
            ),
            'order_count': DocumentLink(
                'sale.order',
                f'order_line.{DISTRIBUTION}',
                'sale.action_orders',
                Domain('state', '!=', 'cancel'),
                day='date_order',
            ),
            'purchase_count': DocumentLink(
                'account.analytic.line',
                ITEMS,
                ANALYTIC_ITEMS,
                Domain('crm_contract_kind', '=', 'purchase'),
            ),
            'expense_count': DocumentLink(
                'account.analytic.line',
                ITEMS,
                ANALYTIC_ITEMS,
                Domain('crm_contract_kind', '=', 'expense'),
            ),
            'invoice_count': DocumentLink(
                'account.move',
                f'invoice_line_ids.{DISTRIBUTION}',
                'account.action_move_out_invoice_type',
                Domain('move_type', 'in', ('out_invoice', 'out_refund'))
                & Domain('state', '!=', 'cancel'),
                day='date',
            ),
            'analytic_item_count': DocumentLink('account.analytic.line', ITEMS, ANALYTIC_ITEMS),
            'document_count': DocumentLink(
                'ir.attachment',
                'res_id',
                'crm_contracts.crm_contract_document_action',
                Domain('res_model', '=', self._name),
            ),
        }

    @api.depends('analytic_account_id')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_document_counts(self):
        """Count each kind once for all the contracts."""
        for counter, link in self._get_document_links().items():
            counts = link.count(self)
            for contract in self:
                contract[counter] = counts[contract._origin.id]

    # === ACTIONS === #

    def action_view_projects(self):
        """Open the projects of the contract."""
        return self._get_document_action('project_count')

    def action_view_tasks(self):
        """Open the tasks of the contract."""
        return self._get_document_action('task_count')

    def action_view_timesheets(self):
        """Open the timesheets of the contract."""
        return self._get_document_action('timesheet_count')

    def action_view_tickets(self):
        """Open the tickets of the contract."""
        return self._get_document_action('ticket_count')

    def action_view_claims(self):
        """Open the claims of the contract."""
        return self._get_document_action('claim_count')

    def action_view_orders(self):
        """Open the sale orders of the contract."""
        return self._get_document_action('order_count')

    def action_view_purchases(self):
        """Open the analytic items of vendor bills of the contract."""
        return self._get_document_action('purchase_count')

    def action_view_expenses(self):
        """Open the analytic items of expenses of the contract."""
        return self._get_document_action('expense_count')

    def action_view_invoices(self):
        """Open the invoices and credit notes of the contract."""
        return self._get_document_action('invoice_count')

    def action_view_analytic_items(self):
        """Open the analytic items that the figures sum, as far as the user may read them."""
        return self._get_document_action('analytic_item_count')

    def action_view_documents(self):
        """Open the files on the contract and in its messages."""
        return self._get_document_action('document_count')

    def _get_document_action(self, counter):
        """Return the action that opens what a counter of the contract counts.

        :raises UserError: if the application of the documents is not installed
        """
        self.ensure_one()
        link = self._get_document_links()[counter]
        label = self._fields[counter]._description_string(self.env)
        if link.model not in self.env:
            raise UserError(self.env._('%(kind)s: the application is not installed.', kind=label))
        action = self._get_crm_list_action(
            link.action,
            link.get_domain(self),
            {'active_test': False, **link.get_defaults(self)},
        )
        action['display_name'] = label
        if link.action == ANALYTIC_ITEMS:
            search = self.env.ref('crm_contracts.account_analytic_line_view_search').sudo()
            action['search_view_id'] = (search.id, search.name)
        if link.model == 'account.move':
            action = self.env['account.move']._put_crm_form(action)
        return action


class AccountMove(models.Model):
    _inherit = 'account.move'

    def _get_crm_contract_owners(self, rivals):
        """Return those of the contracts on an account that the document charges or credits."""
        self.ensure_one()
        return rivals & (self | self.reversed_entry_id).crm_contract_ids


class SaleOrder(models.Model):
    _inherit = 'sale.order'

    def _get_crm_contract_owners(self, rivals):
        """Return none of the contracts on an account: orders go by their day."""
        self.ensure_one()
        return rivals.browse()
