from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# Step of a path that stands for the column of the analytic plan of the contracts' accounts.
ACCOUNT = 'ACCOUNT'
DISTRIBUTION = 'analytic_distribution'
ANALYTIC_ITEMS = 'analytic.account_analytic_line_action_entries'


class DocumentLink(NamedTuple):
    """How documents of a kind belong to a contract.

    The path leads from the document to the contract, to its account (``ACCOUNT``), or to the
    ``analytic_distribution`` of its lines.
    """

    model: str
    path: str
    action: str
    domain: Domain = Domain.TRUE


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
                ACCOUNT,
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
            ),
            'purchase_count': DocumentLink(
                'account.analytic.line',
                ACCOUNT,
                ANALYTIC_ITEMS,
                Domain('crm_contract_kind', '=', 'purchase'),
            ),
            'expense_count': DocumentLink(
                'account.analytic.line',
                ACCOUNT,
                ANALYTIC_ITEMS,
                Domain('crm_contract_kind', '=', 'expense'),
            ),
            'invoice_count': DocumentLink(
                'account.move',
                f'invoice_line_ids.{DISTRIBUTION}',
                'account.action_move_out_invoice_type',
                Domain('move_type', 'in', ('out_invoice', 'out_refund'))
                & Domain('state', '!=', 'cancel'),
            ),
            'analytic_item_count': DocumentLink('account.analytic.line', ACCOUNT, ANALYTIC_ITEMS),
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
            counts = self._count_documents(link)
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
            self._get_document_domain(link),
            {'active_test': False, **self._get_document_defaults(link)},
        )
        action['display_name'] = label
        if link.action == ANALYTIC_ITEMS:
            search = self.env.ref('crm_contracts.account_analytic_line_view_search').sudo()
            action['search_view_id'] = (search.id, search.name)
        return action

    def _get_document_defaults(self, link):
        """Return the context for what is made from the list."""
        if link.path != 'contract_id':
            return {'create': False}
        return {'default_contract_id': self.id, 'default_partner_id': self.partner_id.id}

    # === COUNTING === #

    def _get_document_domain(self, link):
        """Return the domain of the documents of one contract."""
        if ACCOUNT not in link.path and DISTRIBUTION not in link.path:
            return link.domain & Domain(link.path, 'in', self.ids)
        account = self.sudo().analytic_account_id
        if not account:
            return Domain.FALSE
        path = link.path.replace(ACCOUNT, account.root_plan_id._column_name())
        path = path.replace(DISTRIBUTION, 'distribution_analytic_account_ids')
        return link.domain & Domain(path, 'in', account.ids)

    def _count_documents(self, link):
        """Return {contract id: number of documents of a kind that the user may read}."""
        if link.model not in self.env or not self.env[link.model].has_access('read'):
            return Counter()
        if DISTRIBUTION in link.path:
            return self._count_by_distribution(link)
        if ACCOUNT in link.path:
            return self._count_by_account(link)
        groups = self._get_documents(link)._read_group(
            link.domain & Domain(link.path, 'in', self._origin.ids), [link.path], ['__count']
        )
        return Counter({int(contract): count for contract, count in groups})

    def _count_by_account(self, link):
        """One grouped query per analytic plan."""
        counts = Counter()
        contracts = self._get_ids_by_account()
        for plan, accounts in self.sudo().analytic_account_id.grouped('root_plan_id').items():
            path = link.path.replace(ACCOUNT, plan._column_name())
            groups = self._get_documents(link)._read_group(
                link.domain & Domain(path, 'in', accounts.ids), [path], ['__count']
            )
            for account, count in groups:
                counts.update(dict.fromkeys(contracts[account.id], count))
        return counts

    def _count_by_distribution(self, link):
        """Count documents once, however many of their lines are on an account."""
        contracts = self._get_ids_by_account()
        if not contracts:
            return Counter()
        documents = self._get_documents(link)
        lines_field = documents._fields[link.path.split('.')[0]]
        # sudo: what is counted are documents, and those are searched as the user
        lines = self.env[lines_field.comodel_name].sudo()
        query = lines._search(
            Domain('distribution_analytic_account_ids', 'in', list(contracts))
            & Domain(lines_field.inverse_name, 'in', documents._search(link.domain))
        )
        rows = self.env.execute_query(
            query.select(
                SQL('DISTINCT unnest(%s)', lines._query_analytic_accounts(query.table)),
                lines._field_to_sql(query.table, lines_field.inverse_name, query),
            )
        )
        counts = Counter()
        for account_id, _document_id in rows:
            counts.update(contracts[int(account_id or 0)])
        return counts

    def _get_documents(self, link):
        return self.env[link.model].with_context(active_test=False)

    def _get_ids_by_account(self):
        """Return {account id: ids of the contracts that own it}."""
        contracts = defaultdict(list)
        for contract in self.sudo():
            if contract.analytic_account_id:
                contracts[contract.analytic_account_id.id].append(contract._origin.id)
        return contracts
