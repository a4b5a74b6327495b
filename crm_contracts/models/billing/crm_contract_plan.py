from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.fields import Domain

from ...core.states import BILLABLE_STATES, OVER_STATES

# What the rows of the ledger and their invoices are in.
LEDGER_FIELDS = ('company_id', 'currency_id')


class CrmContract(models.Model):
    """How contracts are billed: a plan of what is due, then ledger rows and invoices from it.

    The plan is a list of dictionaries that nothing but reading makes. The preview shows it and
    billing carries it out, so both are always the same.
    """

    _inherit = 'crm.contract'

    next_billing_date = fields.Date(
        string='Next Invoice',
        compute='_compute_next_billing_date',
        store=True,
        index='btree_not_null',
        help='Day from which there is something to invoice.',
    )
    date_last_billed = fields.Date(
        string='Last Billed Up To', readonly=True, copy=False, help='Day up to which it was billed.'
    )

    # === COMPUTE === #

    @api.depends(
        'state',
        'line_ids.next_due_date',
        'line_ids.date_end',
        'billing_ids.rebill',
        'billing_ids.quantity',
        'date_end',
        'date_closed',
        'suspension_ids.date_from',
        'suspension_ids.date_to',
    )
    def _compute_next_billing_date(self):
        for contract in self:
            if contract.state == 'closed' and not contract.sudo().term_ids:
                contract.next_billing_date = False
                continue
            days = contract.line_ids.filtered('next_due_date').mapped('next_due_date')
            again = contract.billing_ids.filtered('rebill')._get_open_quantities()
            days += [row.date_due for row in again]
            contract.next_billing_date = min(days, default=False)

    # === ACTIONS === #

    def action_bill(self):
        """Open the preview of what the contracts are to be billed for."""
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_contracts.crm_contract_invoicing_action'
        )
        action['context'] = {'default_contract_ids': self.ids}
        return action

    def action_view_billing(self):
        """Open the billing ledger of the contracts."""
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_contracts.crm_contract_billing_action'
        )
        action['domain'] = [('contract_id', 'in', self.ids)]
        return action

    # === PLAN === #

    def _preview_billing(self, until=None):
        """Return what ``_bill`` would bill, and what it would hold back, as a list of dicts.

        :param until: day up to which things are due, by default today
        :return: one dict per invoice line, in order; ``held`` says why an entry is held back and
            is empty for those that are billed. Amounts are without taxes, in ``currency_id``.
        """
        until = fields.Date.to_date(until) or fields.Date.context_today(self)
        self.check_access('read')
        contracts = self.sudo()
        holds = contracts._get_billing_holds()
        order = {contract.id: index for index, contract in enumerate(contracts)}
        bare = contracts._get_contracts_without_account()
        plan = [
            {
                **entry,
                'held': holds[entry['contract_id']]
                or entry.get('held')
                or contracts._get_account_hold(entry, bare),
            }
            for entry in contracts._get_billing_plan(until)
        ]
        contracts._hold_negative_invoices(plan)
        return sorted(plan, key=lambda entry: (order[entry['contract_id']], entry['date_due']))

    def _get_billing_plan(self, until):
        """Return what is due up to a day, as a list of dicts; override to charge more.

        Reads only, and constantly often for many contracts.
        """
        rows = self.env['crm.contract.billing'].search(
            [
                ('contract_id', 'in', self.ids),
                ('rebill', '=', True),
                ('date_due', '<=', until),
            ],
            order='id',
        )
        return [
            *(
                row._prepare_recharge(quantity)
                for row, quantity in rows._get_open_quantities().items()
            ),
            *self.line_ids._get_billing_plan(until),
        ]

    @api.model
    def _get_billable_domain(self):
        """Return the domain of the contracts that may be billed: what runs, and what ran.

        What was entered as closed has no term: it is history and was billed elsewhere.
        """
        return Domain('state', 'in', BILLABLE_STATES) & Domain('term_ids', '!=', False)

    def _is_billable(self):
        """Say of one contract what ``_get_billable_domain`` says of many."""
        return self.state in BILLABLE_STATES and bool(self.term_ids)

    def _get_billing_hold(self):
        """Return why nothing of the contract is billed, or an empty string."""
        self.ensure_one()
        if not self._is_billable():
            states = dict(self._fields['state']._description_selection(self.env))
            return self.env._('The contract is not running: %(state)s.', state=states[self.state])
        if not self._has_currency_rate():
            return self.env._(
                'The currency %(currency)s has no rate.', currency=self.currency_id.name
            )
        return self._get_customer_hold()

    def _get_customer_hold(self):
        """Return why an invoice would go to somebody else than the customer of the contract."""
        company = self.partner_id.commercial_partner_id
        if company == self.commercial_partner_id:
            return ''
        return self.env._(
            '%(contact)s belongs to %(company)s now, and the contract is of %(customer)s: choose '
            'a contact of %(customer)s, or close the contract and make another one.',
            contact=self.partner_id.name,
            company=company.display_name,
            customer=self.commercial_partner_id.display_name,
        )

    def _get_billing_holds(self):
        """Return {contract id: why nothing of it is billed, or an empty string}."""
        unable = self._get_companies_without_journal()
        return {
            contract.id: contract._get_billing_hold()
            or (contract._get_journal_hold() if contract.company_id in unable else '')
            for contract in self
        }

    def _get_companies_without_journal(self):
        """Return the companies of the contracts that have no sales journal, own or inherited."""
        journals = self.env['account.journal'].search(
            [('type', '=', 'sale'), ('company_id', 'parent_of', self.company_id.ids)]
        )
        return self.company_id.filtered(
            lambda company: not company.parent_ids & journals.company_id
        )

    def _get_journal_hold(self):
        return self.env._(
            'The company %(company)s has no sales journal.', company=self.company_id.name
        )

    def _get_contracts_without_account(self):
        """Return those whose sales journal gives invoice lines without product no account."""
        bare = self.env['account.journal'].search(
            [
                ('type', '=', 'sale'),
                ('company_id', 'in', self.company_id.ids),
                ('default_account_id', '=', False),
            ]
        )
        contracts = self.filtered(lambda contract: contract.company_id in bare.company_id)
        journals = contracts._get_invoice_journals()
        return contracts.filtered(
            lambda contract: journals[contract.company_id, contract.currency_id] in bare
        )

    def _get_account_hold(self, entry, bare):
        """Return why an entry has no account to be booked on, or an empty string.

        :param bare: contracts whose sales journal has none
        """
        contract = bare and bare & self._get_planned([entry])
        product = self.env['product.product'].browse(entry['product_id'])
        if (
            not contract
            or (product.with_company(contract.company_id)._get_product_accounts()['income'])
        ):
            return ''
        return self.env._(
            'There is no income account for "%(name)s": give one to its product or to the sales '
            'journal.',
            name=entry['name'].split('\n')[0],
        )

    def _hold_negative_invoices(self, plan):
        """Hold back what would come on an invoice below zero, which nobody can confirm."""
        charged = [entry for entry in plan if not entry['held']]
        if all(entry['amount'] >= 0 for entry in charged):
            return
        for entries in self._group_billing_plan(charged).values():
            currency = self._get_planned(entries).currency_id
            if currency.compare_amounts(sum(entry['amount'] for entry in entries), 0.0) < 0:
                reason = self.env._('The invoice would come to less than nothing.')
                for entry in entries:
                    entry['held'] = reason

    def _has_currency_rate(self):
        company = self.company_id
        return self.currency_id == company.currency_id or any(
            not rate.company_id or rate.company_id == company.root_id
            for rate in self.currency_id.rate_ids
        )

    def _get_last_billable_day(self):
        """Return the last day that the contract is charged for, or False while it is open."""
        self.ensure_one()
        ends = [self.date_end, self.state in OVER_STATES and self.date_closed]
        return min(filter(None, ends), default=False)

    def _get_early_closing_day(self):
        """Return the day on which the contract was closed before its end, or False."""
        self.ensure_one()
        is_early = not self.date_end or (self.date_closed and self.date_closed < self.date_end)
        return self.state == 'closed' and is_early and self.date_closed

    # === BILLING === #

    def _bill(self, until=None):
        """Bill everything that is due and not billed yet, as draft invoices.

        Who may change a contract may bill it, as with orders. The contracts are locked, so that
        two runs at once bill everything once.

        :param until: day up to which things are due, by default today
        :return: the new ``account.move`` records; none if there is nothing to bill
        :raises LockError: if somebody else is billing one of the contracts at this moment
        """
        until = fields.Date.to_date(until) or fields.Date.context_today(self)
        self.check_access('write')
        contracts_sudo = self.sudo()
        contracts_sudo._lock_for_billing()
        plan = contracts_sudo._preview_billing(until)
        return contracts_sudo._apply_billing_plan(plan, until).sudo(self.env.su)

    def _apply_billing_plan(self, plan, until):
        """Carry out a plan, but for what it holds back, and return the invoices."""
        plan = [entry for entry in plan if not entry['held']]
        planned = {entry['contract_id'] for entry in plan}
        billed = self.filtered(lambda contract: contract.id in planned)
        billed._create_billing_rows(plan)
        moves = billed._create_invoices(
            [entry for entry in plan if entry.get('state') != 'covered']
        )
        billed.write({'date_last_billed': until})
        return moves

    def _lock_for_billing(self):
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(
                self.env._('Somebody else is billing these contracts. Try again in a moment.')
            ) from error

    def _create_billing_rows(self, plan):
        """Write what is about to be billed into the ledger, which refuses to bill it twice."""
        new = [entry for entry in plan if 'billing_id' not in entry]
        rows = self.env['crm.contract.billing'].create(
            [self._prepare_billing_row(entry) for entry in new]
        )
        for entry, row in zip(new, rows, strict=True):
            entry['billing_id'] = row.id
        return rows

    def _prepare_billing_row(self, entry):
        """Return the values of the ledger row of an entry of the plan."""
        ledger = self.env['crm.contract.billing']._fields
        return {name: value for name, value in entry.items() if name in ledger}

    # === GUARDS === #

    def write(self, vals):
        self._check_ledger_kept(vals)
        self._check_customer_kept(vals)
        return super().write(vals)

    def _check_ledger_kept(self, vals):
        """Refuse another company or currency once there are invoices in the one agreed."""
        changed = self.filtered(
            lambda contract: any(
                name in vals and contract[name].id != vals[name] for name in LEDGER_FIELDS
            )
        )
        billed = changed.sudo().filtered('billing_ids')[:1]
        if billed:
            raise UserError(
                self.env._(
                    'The contract "%(contract)s" was billed in %(currency)s by %(company)s '
                    'already. Close it and make another one to go on in another currency or '
                    'company.',
                    contract=billed.display_name,
                    currency=billed.currency_id.name,
                    company=billed.company_id.display_name,
                )
            )

    def _check_customer_kept(self, vals):
        """Refuse another customer once there are invoices; another contact of it may step in."""
        if 'partner_id' not in vals:
            return
        customer = self.env['res.partner'].browse(vals['partner_id']).commercial_partner_id
        changed = self.filtered(
            lambda contract: (
                contract.partner_id.id != vals['partner_id']
                and contract.commercial_partner_id != customer
            )
        )
        billed = changed.sudo().filtered('billing_ids')[:1]
        if billed:
            raise UserError(
                self.env._(
                    'The contract "%(contract)s" was billed to %(customer)s already. Close it and '
                    'make another one with %(other)s.',
                    contract=billed.display_name,
                    customer=billed.commercial_partner_id.display_name,
                    other=customer.display_name or self.env._('the new customer'),
                )
            )

    @api.constrains('active')
    def _check_archived_is_billed(self):
        """The scheduled billing sees no archived contract: what is open on one is lost."""
        archived = self.filtered(lambda contract: not contract.active)
        for contract in archived.sudo()._get_unbilled():
            raise ValidationError(
                self.env._(
                    'Not everything of the contract "%(contract)s" is billed yet. Bill it or mark '
                    'the rest as never to be billed before you archive it.',
                    contract=contract.display_name,
                )
            )

    def _get_unbilled(self):
        """Return the closed contracts of which something is left to bill, on whatever day."""
        closed = self.filtered(
            lambda contract: contract.state == 'closed' and contract._is_billable()
        )
        if not closed:
            return closed
        days = filter(None, closed.mapped('next_billing_date'))
        until = max([fields.Date.context_today(self), *days])
        return closed._get_planned(
            [entry for entry in closed._preview_billing(until) if not entry.get('waits')]
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        for contract in self.sudo():
            if contract.billing_ids:
                raise UserError(
                    self.env._(
                        'The contract "%(contract)s" was billed. Archive it instead of deleting '
                        'it.',
                        contract=contract.display_name,
                    )
                )
