from collections import defaultdict

from odoo import fields, models
from odoo.fields import Domain

from ...core.costs import Cost, Markup, net_refunds
from ...core.plan import Entry, read_entry
from .account_analytic_line import SOLD_BY


class CrmContractBiller(models.AbstractModel):
    """The source of analytic items: hours and costs on the accounts of contracts, each billed once.

    Where contracts share an account, exactly one of them bills an item. What hours cost the
    customer stands with the hours; costs have the markup of their kind, less what was refunded.
    """

    _inherit = 'crm.contract.biller'

    def _plan_items(self, contracts, until):
        """Bill the items that are the contract's, and mention those that another one bills."""
        open_items = self._get_open_items(contracts, until)
        items = self.env['account.analytic.line'].union(*open_items.values())
        owners = self._get_item_owners(contracts, items)
        hours, costs, foreign = {}, {}, []
        for contract, of_contract in open_items.items():
            others = items.browse(item.id for item in of_contract if owners[item] != contract)
            foreign += self._mention_items(contract, others.grouped(owners.get))
            own = of_contract - others
            hours[contract] = own.filtered('project_id')
            costs[contract] = own - hours[contract]
        hours = {
            contract: booked
            for contract, own in hours.items()
            if (booked := self._get_due_hours(contract, own, until))
        }
        return [
            *map(read_entry, contracts._plan_hours(hours)),
            *self._plan_costs(self._with_corrected(contracts, costs)),
            *foreign,
        ]

    # === WHICH ITEMS === #

    def _get_open_items(self, contracts, until):
        """Return {contract: analytic items it might bill}: one query per analytic plan."""
        billing = contracts.filtered_domain(self._get_item_billing_domain())
        sharing = billing._get_contracts_by_account()
        open_items = {}
        for column, domain in self._get_open_item_domains(billing, until).items():
            items = self.env['account.analytic.line'].search(domain, order='date, id')
            for account, on_account in items.grouped(column).items():
                open_items.update(sharing[account]._share_items(on_account))
        return {
            contract: open_items[contract].filtered(
                lambda item, one=contract: self._bills_item(one, item)
            )
            for contract in billing
            if contract in open_items
        }

    def _get_contracts_with_open_items(self, until):
        """Return the contracts that have hours or costs to bill up to a day."""
        contracts = self.env['crm.contract']
        billing = contracts.search(
            contracts._get_billable_domain() & self._get_item_billing_domain()
        )
        return self._get_owners_on_accounts(billing, self._get_open_item_domains(billing, until))

    def _get_item_billing_domain(self):
        """Return the domain of the contracts that bill items."""
        settling = self.env['crm.contract']._get_prepaid_domain()
        settling &= Domain('term_ids.overage_price', '>', 0)
        return Domain('bill_costs', '=', True) | Domain('bill_time', '=', True) | settling

    def _get_open_item_domains(self, contracts, until):
        """Return {column of the plan: domain of the items to bill on the contracts' accounts}."""
        by_plan = contracts.filtered('analytic_account_id').grouped(
            lambda contract: contract.analytic_account_id.root_plan_id
        )
        return {
            plan._column_name(): self._get_billed_item_domain(own, plan._column_name())
            & Domain('date', '<=', until)
            & own._get_open_item_domain()
            for plan, own in by_plan.items()
        }

    def _get_billed_item_domain(self, contracts, column):
        """Return the domain of the kinds of items that each contract bills.

        :param column: field of the contracts' accounts on the items
        """
        timed = contracts.filtered(self._settles_hours).analytic_account_id
        costed = contracts.filtered('bill_costs').analytic_account_id
        hours = Domain(column, 'in', timed.ids) & Domain('project_id', '!=', False)
        costs = Domain(column, 'in', costed.ids) & Domain('project_id', '=', False)
        return hours | costs

    def _get_billable_item_domain(self):
        """Return the domain of the items that are a contract's to bill, billed or not."""
        fields_ = self.env['account.analytic.line']._fields
        unsold = Domain.AND(Domain(name, '=', False) for name in SOLD_BY if name in fields_)
        # What an order sold and left to a contract is not the order's to bill.
        left = Domain('so_line.crm_contract_id', '!=', False)
        if 'timesheet_invoice_id' in fields_:
            left &= Domain('timesheet_invoice_id', '=', False)
        return (unsold | left) & Domain('crm_contract_non_billable', '=', False)

    # === WHOSE ITEMS === #

    def _bills_item(self, contract, item):
        """Say whether a contract bills such an item on its account."""
        return self._settles_hours(contract) if item.project_id else contract.bill_costs

    def _get_item_owners(self, contracts, items):
        """Return {item: contract that bills it}: one query, whoever else might bill them."""
        groups = items.grouped(
            lambda item: (
                item._get_analytic_accounts(),
                bool(item.project_id),
                item.company_id,
                item.date,
            )
        )
        accounts = self.env['account.analytic.account'].union(*(key[0] for key in groups))
        sharing = contracts._get_contracts_by_account(accounts)
        owners = {}
        for (own_accounts, _is_time, company, day), own in groups.items():
            rivals = [
                sharing[account]._get_contract_on(day)
                for account in own_accounts
                if account in sharing
            ]
            fitting = [contract for contract in rivals if self._bills_item(contract, own[:1])]
            if fitting:
                owner = min(fitting, key=lambda contract: contract._get_item_rank(company))
                owners.update(dict.fromkeys(own, owner))
        return owners

    def _get_owners_on_accounts(self, contracts, domains):
        """Return those of the contracts that have any of the items on their accounts.

        Two grouped queries per plan: the days count where contracts share an account.

        :param domains: {column of the plan: domain of the items}
        """
        items = self.env['account.analytic.line']
        sharing = contracts._get_contracts_by_account()
        owners = contracts.browse()
        for column, domain in domains.items():
            groups = [sharing[account] for (account,) in items._read_group(domain, [column])]
            alone = [own for own in groups if len(own) == 1]
            shared = owners.concat(*groups) - owners.concat(*alone)
            days = items._read_group(
                domain & Domain(column, 'in', shared.analytic_account_id.ids),
                [column, 'date:day'],
            )
            owners = owners.union(
                *alone, *(sharing[account]._get_contract_on(day) for account, day in days)
            )
        return owners & contracts

    # === ENTRIES === #

    def _mention_items(self, contract, items_by_owner):
        """Return the entries of items that other contracts bill, as held back."""
        return [
            self._make_item_entry(
                contract,
                kind,
                items,
                name=self._get_kind_name(kind),
                held=self.env._('Billed by the contract %(contract)s.', contract=owner.code),
                waits=True,
            )
            for owner, of_owner in items_by_owner.items()
            for kind, items in of_owner.grouped(
                lambda item: 'time' if item.project_id else 'cost'
            ).items()
        ]

    def _get_kind_name(self, kind):
        ledger = self.env['crm.contract.billing']
        return dict(ledger._fields['kind']._description_selection(self.env))[kind]

    def _make_item_entry(self, contract, kind, items, **values):
        """Return the entry of items: its period goes from the first of their days to the last.

        The day of a cost is that of its document, whenever it was booked. What is no item, like
        a corrected cost, is of today.
        """
        days = [item.move_line_id.move_id.invoice_date or item.date for item in items]
        days = days or [fields.Date.context_today(self)]
        if kind == 'cost' and not values.get('held'):
            values.setdefault('extra', self._prepare_item_costs(contract, items))
        return Entry(
            contract_id=contract.id,
            kind=kind,
            period_start=min(days),
            period_end=fields.Date.add(max(days), days=1),
            date_due=max(items.mapped('date') or days),
            currency_id=contract.currency_id.id,
            item_ids=tuple(items.ids),
            **values,
        )

    def _get_wait(self, contract, reason):
        """Return why an entry is held back that others settle: on a closed contract a person."""
        if contract.state != 'closed':
            return {'held': reason, 'waits': True}
        closed = self.env._(
            'The contract is closed: credit the customer by hand and mark them as not billed, '
            'if nothing more comes.'
        )
        return {'held': f'{reason} {closed}', 'waits': False}

    def _for_customer(self, contract):
        """Return the biller in the language of the customer of a contract."""
        return self.with_context(lang=contract.partner_id.lang or self.env.lang)

    # === COSTS === #

    def _plan_costs(self, costs):
        """Return one entry for each contract, kind and product of {contract: costs}."""
        groups = self._group_costs(costs)
        for contract, kind, product, correction in self._get_cost_corrections(costs):
            groups[contract, kind][product].append(correction)
        return [
            self._make_cost_entry(contract, product, kind, part)
            for (contract, kind), by_product in groups.items()
            for product, own in net_refunds(
                by_product, self._get_markup(contract, kind).charge
            ).items()
            for part in self._get_costs_shown(contract, own)
        ]

    def _group_costs(self, costs):
        """Return {(contract, kind): {product: its costs}}."""
        groups = defaultdict(lambda: defaultdict(list))
        for contract, items in costs.items():
            for item in items:
                cost = Cost(item.id, self._get_cost(contract, item))
                groups[contract, item.crm_contract_kind][item.product_id].append(cost)
        return groups

    def _get_cost(self, contract, item):
        """Return what an item cost, in the currency of the contract.

        Its document's own amount where it is in that currency, else at the rate of its day.
        """
        line, currency = item.move_line_id, contract.currency_id
        if line.currency_id == currency != item.currency_id:
            return line.amount_currency * item._get_crm_contract_share()
        day = line.move_id.invoice_date or item.date
        return item.currency_id._convert(-item.amount, currency, contract.company_id, day)

    def _get_markup(self, contract, kind):
        return Markup(contract._get_cost_markup(kind), contract.currency_id.round)

    def _make_cost_entry(self, contract, product, kind, costs):
        biller = self._for_customer(contract)
        amount = self._get_markup(contract, kind).charge(costs)
        return self._make_item_entry(
            contract,
            'cost',
            self.env['account.analytic.line'].browse(
                cost.item_id for cost in costs if cost.item_id
            ),
            name=biller._get_cost_name(contract, product, costs),
            product_id=product.id,
            quantity=1.0,
            price_unit=amount,
            amount=amount,
            extra=self._prepare_cost_values(kind, costs),
            **self._get_cost_hold(contract, amount),
        )

    def _prepare_item_costs(self, contract, items):
        """Return what the row of costs keeps that are passed on as they are."""
        costs = [Cost(item.id, self._get_cost(contract, item)) for item in items]
        return self._prepare_cost_values(items[:1].crm_contract_kind, costs)

    def _prepare_cost_values(self, kind, costs):
        """Return what the row of costs keeps of them, besides what an entry says."""
        return {
            'cost_kind': kind,
            'cost_amount': sum(cost.amount for cost in costs),
            'is_corrected': any(not cost.item_id for cost in costs),
        }

    def _get_cost_hold(self, contract, amount):
        """Return why costs are not billed, and whether that solves itself (``waits``), or {}."""
        if amount > 0:
            return {}
        reason = self.env._('Refunds exceed the costs: they wait for further costs.')
        return self._get_wait(contract, reason)
