from dataclasses import replace

from odoo import models

from ...core.plan import Plan, read_entry


class CrmContractBiller(models.AbstractModel):
    """The billing of contracts, in the order in which it goes.

    Sources say what is due, as entries that no later step changes. What cannot be billed is held
    back. The rest is written into the ledger, comes on invoices, and those are posted and sent.
    The preview shows the same plan that billing carries out.

    A service: the doors are methods of ``crm.contract``, and so is what others may change of it.
    They speak dictionaries, the service speaks :class:`Entry` and :class:`Plan`.
    """

    _name = 'crm.contract.biller'
    _description = 'Billing of Contracts'

    # === ALL OF IT === #

    def _bill(self, contracts, until):
        """Bill what is due up to a day, and return the invoices."""
        contracts._lock_for_billing()
        return self._carry_out(contracts, self._read_plan(contracts, until), until)

    def _read_plan(self, contracts, until):
        """Return the plan that the preview shows, with what others add to that door."""
        plan = Plan(tuple(map(read_entry, contracts._preview_billing(until))))
        return self._settle_taxes(contracts, plan)

    def _plan(self, contracts, until):
        """Return what is due up to a day, and why what of it is held back."""
        plan = Plan(tuple(map(read_entry, contracts._get_billing_plan(until))))
        plan = self._settle_taxes(contracts, plan)
        plan = plan.hold(self._get_hold_finder(contracts))
        plan = self._get_deducted(contracts, plan)
        plan = self._hold_below_zero(contracts, plan)
        return plan.sort(contracts.ids)

    def _carry_out(self, contracts, plan, until):
        """Carry out a plan, but for what it holds back, and return the invoices."""
        charged = plan.charged
        billed = contracts & contracts.browse(charged.contract_ids)
        charged = self._write_ledger(billed, charged)
        moves = self._create_invoices(billed, charged.invoiced)
        billed.write({'date_last_billed': until})
        (contracts - contracts.browse(plan.unsolved))._unpark_billing()
        self._post_and_queue(moves)
        return moves

    # === SOURCES === #

    def _collect(self, contracts, until):
        """Return the entries of all that is due up to a day, whatever may hold it back."""
        return [entry for source in self._get_sources() for entry in source(contracts, until)]

    def _get_sources(self):
        """Return what is billed: functions of contracts and a day; add one to charge more.

        Each returns the entries that are due up to the day. It only reads, and constantly often
        for many contracts.
        """
        return [
            self._plan_released_rows,
            self._plan_lines,
            self._plan_orders,
            self._plan_items,
        ]

    def _plan_released_rows(self, contracts, until):
        """Bill again as it was what documents gave back a part of."""
        rows = self.env['crm.contract.billing'].search(
            [
                ('contract_id', 'in', contracts.ids),
                ('rebill', '=', True),
                ('date_due', '<=', until),
            ],
            order='id',
        )
        return [
            row._prepare_recharge(opened) for row, opened in rows._get_open_quantities().items()
        ]

    def _plan_lines(self, contracts, until):
        """Bill the periods and milestones of the lines."""
        return contracts.line_ids._get_billing_plan(until)

    # === HOLDS === #

    def _get_hold_finder(self, contracts):
        """Return the function that says why an entry is held back, or an empty string."""
        holds = self._get_contract_holds(contracts)
        bare = self._get_contracts_without_account(contracts)
        get_tax_hold = self._get_tax_hold_finder(contracts)
        return lambda entry: (
            holds[entry.contract_id]
            or entry.held
            or self._get_account_hold(entry, bare)
            or get_tax_hold(entry)
        )

    def _get_contract_holds(self, contracts):
        """Return {contract id: why nothing of it is billed, or an empty string}."""
        unable = self._get_companies_without_journal(contracts.company_id)
        return {
            contract.id: contract._get_billing_hold()
            or (self._get_journal_hold(contract) if contract.company_id in unable else '')
            for contract in contracts
        }

    def _get_state_hold(self, contract):
        """Return why nothing of a contract is billed that does not run, or an empty string."""
        if contract._is_billable():
            return ''
        states = dict(contract._fields['state']._description_selection(self.env))
        return self.env._('The contract is not running: %(state)s.', state=states[contract.state])

    def _get_currency_hold(self, contract):
        """Return why amounts in the currency of a contract cannot be booked, or an empty string."""
        company, currency = contract.company_id, contract.currency_id
        has_rate = currency == company.currency_id or any(
            not rate.company_id or rate.company_id == company.root_id for rate in currency.rate_ids
        )
        if has_rate:
            return ''
        return self.env._('The currency %(currency)s has no rate.', currency=currency.name)

    def _get_customer_hold(self, contract):
        """Return why an invoice would go to somebody else than the customer of a contract."""
        company = contract.partner_id.commercial_partner_id
        if company == contract.commercial_partner_id:
            return ''
        return self.env._(
            '%(contact)s belongs to %(company)s now, and the contract is of %(customer)s: choose '
            'a contact of %(customer)s, or close the contract and make another one.',
            contact=contract.partner_id.name,
            company=company.display_name,
            customer=contract.commercial_partner_id.display_name,
        )

    def _get_companies_without_journal(self, companies):
        """Return the companies that have no sales journal, own or inherited."""
        journals = self.env['account.journal'].search(
            [('type', '=', 'sale'), ('company_id', 'parent_of', companies.ids)]
        )
        return companies.filtered(lambda company: not company.parent_ids & journals.company_id)

    def _get_journal_hold(self, contract):
        return self.env._(
            'The company %(company)s has no sales journal.', company=contract.company_id.name
        )

    def _get_contracts_without_account(self, contracts):
        """Return those whose sales journal gives invoice lines without product no account."""
        bare = self.env['account.journal'].search(
            [
                ('type', '=', 'sale'),
                ('company_id', 'in', contracts.company_id.ids),
                ('default_account_id', '=', False),
            ]
        )
        own = contracts.filtered(lambda contract: contract.company_id in bare.company_id)
        journals = self._get_invoice_journals(own)
        return own.filtered(
            lambda contract: (
                (contract.journal_id or journals[contract.company_id, contract.currency_id]) in bare
            )
        )

    def _get_account_hold(self, entry, bare):
        """Return why an entry has no account to be booked on, or an empty string.

        :param bare: contracts whose sales journal has none
        """
        contract = bare and bare & bare.browse(entry.contract_id)
        product = self.env['product.product'].browse(entry.product_id)
        if (
            not contract
            or (product.with_company(contract.company_id)._get_product_accounts()['income'])
        ):
            return ''
        return self.env._(
            'There is no income account for "%(name)s": give one to its product or to the sales '
            'journal.',
            name=entry.name.split('\n')[0],
        )

    def _hold_below_zero(self, contracts, plan):
        """Hold back what would come on an invoice below zero, which nobody can confirm."""
        currencies = self.env['res.currency']
        return plan.hold_below_zero(
            lambda entry: contracts._get_invoice_key(entry.as_dict()),
            lambda currency_id, amount: currencies.browse(currency_id).round(amount),
            self.env._('The invoice would come to less than nothing.'),
        )

    # === DEDUCTIONS === #

    def _get_deducted(self, contracts, plan):
        """Return the plan with what is deducted from its invoices; extend it."""
        return plan

    def _get_deduction_key(self, contracts):
        """Return the function that says what entries of one contract on one invoice share."""
        return lambda entry: (contracts._get_invoice_key(entry.as_dict()), entry.contract_id)

    def _get_beside(self, invoice):
        """Return what puts an entry beside those of an invoice."""
        return {
            'beside': invoice.entries[0].kind,
            'date_due': max(entry.date_due for entry in invoice.entries),
        }

    # === LEDGER === #

    def _write_ledger(self, contracts, plan):
        """Write a plan into the ledger, which refuses to bill anything twice.

        :return: the plan, with the row of each entry
        """
        rows = self.env['crm.contract.billing'].create(
            [
                contracts._prepare_billing_row(entry.as_dict())
                for entry in plan.entries
                if entry.billing_id is None
            ]
        )
        plan = self._split_recharged(plan.with_rows(rows.ids))
        self._bind_items(plan.rows_by_item)
        return plan

    def _split_recharged(self, plan):
        """Return the plan in which a part that is billed again has a row of its own."""
        rows = self.env['crm.contract.billing'].browse(entry.billing_id for entry in plan.entries)
        return Plan(
            tuple(
                replace(entry, billing_id=row._get_part(entry.quantity, entry.amount).id)
                for row, entry in zip(rows, plan.entries, strict=True)
            )
        )

    def _bind_items(self, rows_by_item):
        """Bind items to the rows that bill them, and let go what billed them before."""
        items = self.env['account.analytic.line'].browse(rows_by_item)
        items.crm_contract_billing_id.analytic_line_ids.crm_contract_billing_id = False
        for row_id, own in items.grouped(lambda item: rows_by_item[item.id]).items():
            own.crm_contract_billing_id = row_id
        items._keep_from_sales()
