from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .account_analytic_line import SOLD_BY


class CrmContract(models.Model):
    """How analytic items on the account of a contract are billed: once each, by the ledger.

    Which items, and for how much, is for the mixins that follow to say.
    """

    _inherit = 'crm.contract'

    def _get_billing_plan(self, until):
        """Bill the items that are the contract's, and mention those that another one bills."""
        plan = super()._get_billing_plan(until)
        open_items = self._get_open_items(until)
        items = self.env['account.analytic.line'].union(*open_items.values())
        owners = self._get_item_owners(items)
        own, foreign = {}, []
        for contract, of_contract in open_items.items():
            others = items.browse(item.id for item in of_contract if owners[item] != contract)
            own[contract] = of_contract - others
            foreign += contract._mention_items(others.grouped(owners.get))
        return plan + self._plan_items(own) + foreign

    def _create_billing_rows(self, plan):
        """Bind the items to the rows that bill them, and let go what billed them before."""
        rows = super()._create_billing_rows(plan)
        billing = {
            item_id: entry['billing_id'] for entry in plan for item_id in entry.get('item_ids', ())
        }
        items = self.env['account.analytic.line'].browse(billing)
        items.crm_contract_billing_id.analytic_line_ids.crm_contract_billing_id = False
        for billing_id, own in items.grouped(lambda item: billing[item.id]).items():
            own.crm_contract_billing_id = billing_id
        items._keep_from_sales()
        return rows

    # === ITEMS === #

    @api.model
    def _get_something_due_domain(self):
        """Hours and costs come with the next invoice, at the latest when their month is over."""
        last_month = fields.Date.context_today(self).replace(day=1) - timedelta(days=1)
        billing = self.search(self._get_billable_domain() & self._get_item_billing_domain())
        due = billing._get_owners_on_accounts(billing._get_open_item_domains(last_month))
        return super()._get_something_due_domain() | Domain('id', 'in', due.ids)

    def _get_open_items(self, until):
        """Return {contract: analytic items it might bill}: one query per analytic plan."""
        billing = self.filtered_domain(self._get_item_billing_domain())
        sharing = billing._get_contracts_by_account()
        open_items = {}
        for column, domain in billing._get_open_item_domains(until).items():
            items = self.env['account.analytic.line'].search(domain, order='date, id')
            for account, on_account in items.grouped(column).items():
                open_items.update(sharing[account]._share_items(on_account))
        return {
            contract: open_items[contract].filtered(contract._bills_item)
            for contract in billing
            if contract in open_items
        }

    def _get_open_item_domains(self, until):
        """Return {column of the plan: domain of the items to bill on the contracts' accounts}."""
        by_plan = self.filtered('analytic_account_id').grouped(
            lambda contract: contract.analytic_account_id.root_plan_id
        )
        return {
            plan._column_name(): contracts._get_billed_item_domain(plan._column_name())
            & Domain('date', '<=', until)
            & self._get_open_item_domain()
            for plan, contracts in by_plan.items()
        }

    def _get_billed_item_domain(self, column):
        """Return the domain of the kinds of items that each contract bills; extend with ``|``.

        :param column: field of the contracts' accounts on the items
        """
        return Domain.FALSE

    def _get_open_item_domain(self):
        """Return the domain of the analytic items that nobody billed yet; extend with ``&``."""
        released = Domain('crm_contract_billing_id.state', '=', 'released') & Domain(
            'crm_contract_billing_id.rebill', '=', False
        )
        return (
            self._get_billable_item_domain()
            & Domain('category', '!=', 'invoice')
            & Domain('crm_contract_kind', '!=', 'revenue')
            & (Domain('crm_contract_billing_id', '=', False) | released)
        )

    def _get_billable_item_domain(self):
        """Return the domain of the items that are the contract's to bill, billed or not."""
        fields_ = self.env['account.analytic.line']._fields
        unsold = Domain.AND(Domain(name, '=', False) for name in SOLD_BY if name in fields_)
        return unsold & Domain('crm_contract_non_billable', '=', False)

    def _get_invoice_key(self, entry):
        """Hours and costs have no day of their own that an invoice of the run could go by."""
        if entry['kind'] in ('time', 'cost'):
            entry = {**entry, 'date_due': False}
        return super()._get_invoice_key(entry)

    def _plan_items(self, open_items):
        """Return the entries for {contract: items}, constantly often; extend to bill items."""
        return []

    def _mention_items(self, items_by_owner):
        """Return the entries of items that other contracts bill, as held back."""
        return [
            self._prepare_items(
                kind,
                items,
                name=self._get_item_kind_name(kind),
                held=self.env._('Billed by the contract %(contract)s.', contract=owner.code),
                waits=True,
            )
            for owner, of_owner in items_by_owner.items()
            for kind, items in of_owner.grouped(
                lambda item: 'time' if item.project_id else 'cost'
            ).items()
        ]

    def _for_customer(self):
        """Return the contract in the language of its customer."""
        return self.with_context(lang=self.partner_id.lang or self.env.lang)

    def _get_item_kind_name(self, kind):
        ledger = self.env['crm.contract.billing']
        return dict(ledger._fields['kind']._description_selection(self.env))[kind]

    def _prepare_items(self, kind, items, **values):
        """Return the entry of items: its period goes from the first of their days to the last."""
        days = items.mapped('date')
        return {
            'contract_id': self.id,
            'line_id': False,
            'kind': kind,
            'period_start': min(days),
            'period_end': fields.Date.add(max(days), days=1),
            'date_due': max(days),
            'product_id': False,
            'product_uom_id': False,
            'quantity': 0.0,
            'price_unit': 0.0,
            'discount': 0.0,
            'amount': 0.0,
            'currency_id': self.currency_id.id,
            'item_ids': items.ids,
            **values,
        }

    def _prepare_wait(self, reason):
        """Return why an entry is held back that others settle: on a closed contract a person."""
        if self.state != 'closed':
            return {'held': reason, 'waits': True}
        closed = self.env._(
            'The contract is closed: credit the customer by hand and mark them as not billed, '
            'if nothing more comes.'
        )
        return {'held': f'{reason} {closed}', 'waits': False}
