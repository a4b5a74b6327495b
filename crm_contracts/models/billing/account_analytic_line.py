from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What the customer was charged by. What an item costs is not among them: it is corrected any time.
LOCKED_FIELDS = {
    'crm_contract_non_billable',
    'date',
    'employee_id',
    'product_uom_id',
    'project_id',
    'task_id',
    'unit_amount',
}
# Besides who may change the contract, these decide what is never billed to its customer.
WAIVING_GROUPS = 'account.group_account_invoice,hr_timesheet.group_hr_timesheet_approver'
# Fields by which Odoo's own sales bill an analytic item. What they bill is not ours.
SOLD_BY = ('so_line', 'timesheet_invoice_id')


class AccountAnalyticLine(models.Model):
    _name = 'account.analytic.line'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin', 'account.analytic.line']

    crm_contract_billing_id = fields.Many2one(
        'crm.contract.billing',
        string='Contract Billing',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='restrict',
        help='Row of the billing ledger that bills the item to the customer of the contract.',
    )
    crm_contract_non_billable = fields.Boolean(
        string='Not Billed to the Customer', help='The contract never bills the item.'
    )

    @api.model
    def _get_guarded_links(self):
        return frozenset({'crm_ticket_id', 'crm_claim_id'})

    @api.model
    def _get_program_fields(self):
        return frozenset({'crm_contract_kind'})

    @api.onchange('project_id', 'task_id')
    def _onchange_crm_contract_over(self):
        """Say that the hours being entered go to a contract that is over."""
        project = self.project_id or self.task_id.project_id
        return project.sudo()._get_analytic_accounts()._get_crm_over_warning()

    @api.model_create_multi
    def create(self, vals_list):
        """Note on contracts that are over which hours were booked on them."""
        items = super().create(vals_list)
        items._check_crm_contract_link()
        items.filtered('crm_contract_non_billable')._check_crm_contract_waiver()
        self.env['account.analytic.account']._report_crm_booking_when_over(
            {item: item._get_analytic_accounts() for item in items if item.project_id}
        )
        return items

    def write(self, vals):
        is_sold = any(vals.get(name) for name in SOLD_BY)
        if is_sold or vals.keys() & {*LOCKED_FIELDS, *self._get_plan_fnames()}:
            self._check_crm_contract_unbilled()
            self.sudo().crm_contract_billing_id._let_items_go()
        corrected = self._get_crm_contract_costs() if 'amount' in vals else self.browse()
        corrected._correct_crm_contract_costs()
        result = super().write(vals)
        if 'crm_contract_billing_id' in vals:
            self._check_crm_contract_link(changed=True)
        if 'crm_contract_non_billable' in vals:
            self._check_crm_contract_waiver()
        return result

    def unlink(self):
        self._get_crm_contract_costs()._correct_crm_contract_costs()
        rows = self.sudo().crm_contract_billing_id
        result = super().unlink()
        rows._let_items_go()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_crm_contract_billed(self):
        """Hours stay as they were billed; a cost that goes is a correction of it."""
        self.filtered('project_id')._check_crm_contract_unbilled()

    def _check_crm_contract_link(self, changed=False):
        """Refuse rows of the ledger that somebody puts on items, or takes from them."""
        if not self.env.su and (changed or self.filtered('crm_contract_billing_id')):
            raise AccessError(
                self.env._('Only the billing of a contract links analytic items to its ledger.')
            )

    def _check_crm_contract_waiver(self):
        """Refuse that somebody takes off the bill, or puts back, what he may not decide on."""
        if not self or self.env.su or self.env.user.has_groups(WAIVING_GROUPS):
            return
        accounts = self.sudo()._get_crm_contract_accounts()
        contracts_sudo = self.env['crm.contract'].sudo()
        contracts = contracts_sudo.search([('analytic_account_id', 'in', accounts.ids)])
        if not contracts or not contracts.sudo(False).has_access('write'):
            raise AccessError(
                self.env._(
                    'Whether hours and costs are billed to the customer is decided by who may '
                    'change the contract, by timesheet approvers and by invoicing users.'
                )
            )

    def _check_crm_contract_unbilled(self):
        """Refuse to change what a contract billed already, or bills again as it was."""
        for item in self.sudo():
            row = item.crm_contract_billing_id
            if not row._binds_items():
                continue
            names = {'item': item.name, 'contract': row.contract_id.display_name}
            if row._is_charged() and row.state == 'covered':
                raise UserError(
                    self.env._(
                        '"%(item)s" was settled with the prepaid units of the contract '
                        '"%(contract)s". Choose "Bill Again" for it in the billing ledger first.',
                        **names,
                    )
                )
            if row._is_charged():
                raise UserError(
                    self.env._(
                        '"%(item)s" was billed by the contract "%(contract)s" on %(invoices)s. '
                        'Cancel or credit that invoice first.',
                        invoices=row._get_invoice_names(),
                        **names,
                    )
                )
            raise UserError(
                self.env._(
                    '"%(item)s" is to be billed again as it was by the contract "%(contract)s". '
                    'Choose "Never Bill Again" for it in the billing ledger and enter anew what is '
                    'to be charged instead.',
                    **names,
                )
            )

    def _get_crm_contract_document_links(self):
        """Return links to the documents of the items, and the names of those without any."""
        moves = self.move_line_id.move_id
        names = self.filtered(lambda item: not item.move_line_id).mapped('name')
        return Markup(', ').join([*(move._get_html_link() for move in moves), *names])

    def _get_crm_contract_costs(self):
        """Return the costs among the items that a contract passed on."""
        return self.sudo().filtered(lambda item: item.crm_contract_billing_id.kind == 'cost')

    def _correct_crm_contract_costs(self):
        """Let the ledger know that costs which contracts passed on are about to change."""
        for row, items in self.grouped('crm_contract_billing_id').items():
            row._correct_costs(items)

    def _keep_from_sales(self):
        """Let no order of Odoo's take what a contract billed, as if somebody had decided it."""
        if 'is_so_line_edited' in self._fields:
            self.is_so_line_edited = True

    def _get_crm_contract_share(self):
        """Return the part of its journal item that an item is, from 0 to 1."""
        self.ensure_one()
        own = set(self._get_analytic_accounts().ids)
        line = self.move_line_id
        shares = [
            percentage
            for accounts, percentage in (line.analytic_distribution or {}).items()
            if set(map(int, accounts.split(','))) == own
        ]
        # What was changed by hand since is no percentage of the document any more.
        return shares[0] / 100 if len(shares) == 1 else -self.amount / (line.balance or 1.0)

    def _get_crm_contract_accounts(self):
        """Return the accounts of the items, of all plans."""
        accounts = self.env['account.analytic.account']
        return accounts.union(*(self[name] for name in self._get_plan_fnames()))
