from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...core.reactions import Reaction
from ...core.states import BILLABLE_STATES

# What the rows of the ledger and their invoices are in.
LEDGER_FIELDS = ('company_id', 'currency_id')


class CrmContract(models.Model):
    """The doors of billing: what others ask of it, and what they may change of it.

    How it goes is told by the service ``crm.contract.biller``. Here an entry of the plan is a
    dictionary, one for each invoice line.
    """

    _inherit = 'crm.contract'
    _reactions = (
        Reaction({'partner_id'}, before='_check_customer_kept'),
        Reaction(LEDGER_FIELDS, before='_check_ledger_kept'),
    )

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

        Who may change a contract may bill it, as with orders. The contracts are locked, so that
        two runs at once bill everything once.

        :param until: day up to which things are due, by default today
        :return: the new ``account.move`` records; none if there is nothing to bill
        :raises LockError: if somebody else is billing one of the contracts at this moment
        """
        until = fields.Date.to_date(until) or fields.Date.context_today(self)
        self.check_access('write')
        contracts = self.sudo()
        return contracts.env['crm.contract.biller']._bill(contracts, until).sudo(self.env.su)

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

    def _prepare_billing_row(self, entry):
        """Return the values of the ledger row of an entry of the plan."""
        ledger = self.env['crm.contract.billing']._fields
        return {name: value for name, value in entry.items() if name in ledger}

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

    def _get_early_closing_day(self):
        """Return the day on which the contract was closed before its end, or False."""
        self.ensure_one()
        is_early = not self.date_end or (self.date_closed and self.date_closed < self.date_end)
        return self.state == 'closed' and is_early and self.date_closed

    # === GUARDS === #

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
        plan = closed._preview_billing(until)
        return closed & closed.browse(
            entry['contract_id'] for entry in plan if not entry.get('waits')
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
