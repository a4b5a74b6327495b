from odoo import api, fields, models
from odoo.fields import Domain

from ...core.states import BILLABLE_STATES


class CrmContract(models.Model):
    """The doors of billing: what others ask of it, and what they may change of it.

    How it goes is told by the service ``crm.contract.biller``. Here an entry of the plan is a
    dictionary, one for each invoice line.
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
            is_history = contract.state == 'closed' and not contract.sudo().term_ids
            days = [] if is_history else contract._get_next_billing_days()
            contract.next_billing_date = min(days, default=False)

    def _get_next_billing_days(self):
        """Return the days from which there is something to invoice; override to charge more."""
        self.ensure_one()
        lines = self.line_ids.filtered('next_due_date')
        again = self.billing_ids.filtered('rebill')._get_open_quantities()
        return [*lines.mapped('next_due_date'), *(row.date_due for row in again)]

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

    # === BILLING === #

    def _preview_billing(self, until=None):
        """Return what ``_bill`` would bill, and what it would hold back, as a list of dicts.

        :param until: day up to which things are due, by default today
        :return: one dict per invoice line, in order; ``held`` says why an entry is held back and
            is empty for those that are billed. Amounts are without taxes, in ``currency_id``.
        """
        until = fields.Date.to_date(until) or fields.Date.context_today(self)
        self.check_access('read')
        contracts = self.sudo()
        plan = contracts.env['crm.contract.biller']._plan(contracts, until)
        return [entry.as_dict() for entry in plan.entries]

    def _bill(self, until=None):
        """Bill everything that is due and not billed yet, as draft invoices.

        Who may change a contract may bill it, as with orders, and so may who invoices. The
        contracts are locked, so that two runs at once bill everything once.

        :param until: day up to which things are due, by default today
        :return: the new ``account.move`` records; none if there is nothing to bill
        :raises LockError: if somebody else is billing one of the contracts at this moment
        """
        until = fields.Date.to_date(until) or fields.Date.context_today(self)
        self._check_may_bill()
        contracts = self.sudo()
        return contracts.env['crm.contract.biller']._bill(contracts, until).sudo(self.env.su)

    def _check_may_bill(self):
        invoices = self.env.user.has_group('account.group_account_invoice')
        self.check_access('read' if invoices else 'write')

    # === WHAT OTHERS MAY CHANGE === #

    def _get_billing_plan(self, until):
        """Return what is due up to a day, as a list of dicts; override to charge more.

        Reads only, and constantly often for many contracts.
        """
        entries = self.env['crm.contract.biller']._collect(self, until)
        return [entry.as_dict() for entry in entries]

    def _get_billing_hold(self):
        """Return why nothing of the contract is billed, or an empty string."""
        self.ensure_one()
        biller = self.env['crm.contract.biller']
        return (
            biller._get_state_hold(self)
            or biller._get_currency_hold(self)
            or biller._get_customer_hold(self)
        )

    def _get_open_item_domain(self):
        """Return the domain of the analytic items that nobody billed yet; extend with ``&``."""
        released = Domain('crm_contract_billing_id.state', '=', 'released') & Domain(
            'crm_contract_billing_id.rebill', '=', False
        )
        return (
            self.env['crm.contract.biller']._get_billable_item_domain()
            & Domain('category', '!=', 'invoice')
            & Domain('crm_contract_kind', '!=', 'revenue')
            & (Domain('crm_contract_billing_id', '=', False) | released)
        )

    def _get_item_rank(self, company):
        """Return what orders the contracts that might bill an item of a company: the least does.

        One that is billed goes before one that is not, one of the item's company before others,
        the older before the newer.
        """
        self.ensure_one()
        rests = not self.active or not self._is_billable()
        return rests, self.company_id != company, self.id

    def _plan_hours(self, hours):
        """Return the entries for {contract: hours}; override to settle some of them otherwise."""
        entries = self.env['crm.contract.biller']._plan_hours(self, hours)
        return [entry.as_dict() for entry in entries]

    def _get_pricing(self, pricelist_prices):
        """Return the function that says what an hour costs the customer; override to ask less.

        :param pricelist_prices: {contract: TimePrice of hours that no rate fits}
        :return: function of an analytic item that returns its TimePrice, or None
        """
        self.ensure_one()
        return self.env['crm.contract.biller']._get_pricing(self, pricelist_prices)

    def _prepare_billing_row(self, entry):
        """Return the values of the ledger row of an entry of the plan."""
        ledger = self.env['crm.contract.billing']._fields
        return {name: value for name, value in entry.items() if name in ledger}

    def _get_invoice_key(self, entry):
        """Return what the entries of one invoice have in common.

        Override to make more invoices of a plan. Company and currency are always the same.
        """
        contract = self.browse(entry['contract_id']).with_prefetch(self._prefetch_ids)
        if contract.invoice_grouping == 'period':
            # Hours and costs have no day of their own that an invoice of the run could go by.
            kind = entry.get('beside') or entry['kind']
            return contract, kind not in ('time', 'cost') and entry['date_due']
        if contract.invoice_grouping == 'customer':
            return self.env['crm.contract.biller']._get_customer_key(contract)
        return contract

    def _prepare_attribution(self):
        """Return what brought the customer: that of the opportunities, where it is the same."""
        # sudo: who bills need not see the opportunities
        leads = self.opportunity_id.sudo()
        return {
            name: leads[name].id
            for name in ('campaign_id', 'medium_id', 'source_id')
            if len(leads[name]) == 1
        }

    def _prepare_invoice(self, entries, journal):
        """Return the values of an invoice of one or more contracts; override to add to it."""
        partner = self[:1]._get_invoice_address()
        users = self.invoice_user_id
        return {
            'move_type': 'out_invoice',
            'partner_id': partner.id,
            'partner_shipping_id': self[:1]._get_delivery_address().id,
            'fiscal_position_id': self[:1].fiscal_position_id.id,
            'company_id': self.company_id.id,
            'journal_id': journal.id,
            'currency_id': self.currency_id.id,
            'invoice_user_id': users.id if len(users) == 1 else False,
            'invoice_origin': ', '.join(filter(None, self.mapped('code'))),
            'ref': self._get_reference(),
            **self._prepare_payment(),
            **self._prepare_attribution(),
            **self._prepare_dates(entries, journal),
            'invoice_line_ids': [
                fields.Command.create(values)
                for values in self._prepare_invoice_lines(entries, journal, partner.lang)
            ],
        }

    def _prepare_invoice_lines(self, entries, journal, lang):
        """Return the values of the lines of an invoice; of several contracts each names its own."""
        contracts = {contract.id: contract for contract in self}
        lines = []
        for entry in entries:
            contract = contracts[entry['contract_id']]
            values = contract._prepare_invoice_line(entry, journal, lang)
            if len(self) > 1:
                values['name'] = f'{values["name"]}\n{contract._get_reference_text(lang)}'
            lines.append(values)
        return lines

    def _prepare_invoice_line(self, entry, journal, lang):
        """Return the values of the invoice line of an entry; override to add to it."""
        self.ensure_one()
        account = self.analytic_account_id
        values = {
            'name': self.env['crm.contract.biller']._get_line_name(entry, lang),
            'product_id': entry['product_id'],
            'product_uom_id': entry['product_uom_id'],
            'quantity': entry['quantity'],
            'price_unit': entry['price_unit'],
            'discount': entry['discount'],
            'analytic_distribution': {str(account.id): 100} if account else False,
            'crm_contract_billing_id': entry['billing_id'],
        }
        if entry.get('tax_ids') is not None:
            values['tax_ids'] = [fields.Command.set(entry['tax_ids'])]
        if not entry['product_id'] and journal.default_account_id:
            values['account_id'] = journal.default_account_id.id
        return values

    # === WHETHER AND HOW LONG === #

    @api.model
    def _get_billable_domain(self):
        """Return the domain of the contracts that may be billed: what runs, and what ran.

        What was entered as closed has no term: it is history and was billed elsewhere.
        """
        return Domain('state', 'in', BILLABLE_STATES) & Domain('term_ids', '!=', False)

    def _is_billable(self):
        """Say of one contract what ``_get_billable_domain`` says of many."""
        return self.state in BILLABLE_STATES and bool(self.term_ids)
