from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...core.reactions import Reaction
from ...core.states import BILLABLE_STATES

# What Odoo and the run itself write is no touch: a mail to somebody draws a portal token.
UNTOUCHING_FIELDS = {'access_token', 'billing_error', 'date_last_billed', 'date_parked'}
BILLING_ACTIVITY = 'crm_contracts.mail_activity_type_billing'


class CrmContract(models.Model):
    """How the scheduled run bills all contracts, and parks those that it cannot bill."""

    _inherit = 'crm.contract'
    _reactions = (Reaction(None, before='_unpark_touched'),)

    billing_error = fields.Text(
        readonly=True,
        copy=False,
        help='Why the scheduled billing left the contract out, or a part of it. It is tried again '
        'once a day, and as soon as the contract, one of its lines or rates is changed.',
    )
    date_parked = fields.Date(
        string='Last Tried', readonly=True, copy=False, help='Day of the last try that failed.'
    )

    is_to_bill = fields.Boolean(
        string='To Bill',
        compute='_compute_is_to_bill',
        search='_search_is_to_bill',
        help='Something is due today: periods, milestones, or hours and costs of months that are '
        'over.',
    )

    def _compute_is_to_bill(self):
        due = self.sudo().filtered_domain(self._get_to_bill_domain())
        for contract in self:
            contract.is_to_bill = contract in due

    def _search_is_to_bill(self, operator, value):
        return self._get_to_bill_domain() if operator == 'in' else NotImplemented

    def _on_touch(self):
        super()._on_touch()
        self._unpark_billing()

    def _unpark_touched(self, vals):
        """Try parked contracts again when they are touched."""
        if not vals.keys() & UNTOUCHING_FIELDS:
            self._unpark_billing()

    @api.model
    def _cron_bill_contracts(self):
        """Bill every contract for which something is due, in committed batches."""
        self.env['crm.contract.billing.run']._run_all()
        self.env['account.move']._retry_crm_contract_invoices()

    @api.model
    def _get_billing_due_domain(self):
        """Return the domain of the contracts that the scheduled run bills today.

        What is parked is among them once a day: what was wrong may be solved somewhere else.
        """
        waiting = Domain('billing_error', '=', False) | Domain(
            'date_parked', '<', fields.Date.context_today(self)
        )
        return self._get_to_bill_domain() & waiting

    @api.model
    def _get_to_bill_domain(self):
        """Return the domain of the contracts that have something due, parked ones included.

        Hours and costs come with the next invoice, at the latest when their month is over. Whether
        there are any is asked with all rights, whoever asks; the contracts are those that the user
        may read.
        """
        today = fields.Date.context_today(self)
        last_month = today.replace(day=1) - timedelta(days=1)
        biller_sudo = self.env['crm.contract.biller'].sudo()
        booked = biller_sudo._get_contracts_with_open_items(last_month)
        is_due = Domain('next_billing_date', '<=', today) | Domain('id', 'in', booked.ids)
        return Domain('state', 'in', BILLABLE_STATES) & is_due

    def _get_batch_key(self):
        """Keep the contracts together that share the invoices of their customer."""
        if self.invoice_grouping == 'customer':
            return self.commercial_partner_id
        return super()._get_batch_key()

    def _complete_batch(self, due):
        """Take the contracts along that share the invoices of their customers."""
        sharing = self.filtered(lambda contract: contract.invoice_grouping == 'customer')
        customers = sharing.commercial_partner_id
        if not customers:
            return super()._complete_batch(due)
        return self | self.search(
            due
            & Domain('invoice_grouping', '=', 'customer')
            & Domain('commercial_partner_id', 'in', customers.ids)
        )

    def _bill_or_park(self, until=None):
        """Bill the contracts; what is held back is an error that somebody has to solve.

        All that is not held back is billed; what solves itself (``waits``) just waits.
        """
        until = until or fields.Date.context_today(self)
        biller = self.env['crm.contract.biller']
        plan = biller._read_plan(self, until)
        moves = biller._carry_out(self, plan, until)
        for contract, reason in self.browse(plan.unsolved)._get_told_reasons(plan, until).items():
            contract._park_billing(UserError(reason))
        return moves

    def _get_told_reasons(self, plan, until):
        """Return {contract: why something of it is held back}, in the language of who is told."""
        reasons = {}
        for user, contracts in self._group_by_responsible().items():
            told = contracts.with_context(lang=user.lang)
            in_words = told.env['crm.contract.biller']._read_plan(told, until).unsolved
            for contract in contracts:
                reasons[contract] = in_words.get(contract.id) or plan.unsolved[contract.id]
        return reasons

    def _park_billing(self, error):
        """Leave a contract out of the runs of the day and tell who is responsible why, once."""
        self.ensure_one()
        reason = self._get_failure_reason(error)
        is_known = self.billing_error == reason
        values = {'billing_error': reason, 'date_parked': fields.Date.context_today(self)}
        self.sudo().write(values)
        if not is_known:
            self.sudo().activity_unlink([BILLING_ACTIVITY])
            self._schedule_once(BILLING_ACTIVITY, note=reason)

    def _unpark_billing(self):
        """Let the next run try the parked ones among the contracts again."""
        parked = self.filtered('billing_error')
        if parked:
            # sudo: whoever changes the contract lets the billing try again
            parked.sudo().write({'billing_error': False, 'date_parked': False})
            parked.sudo().activity_unlink([BILLING_ACTIVITY])
