from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .crm_contract_billing_mixin import BILLABLE_STATES

# What Odoo and the run itself write is no touch: a mail to somebody draws a portal token.
UNTOUCHING_FIELDS = {'access_token', 'billing_error'}
ACTIVITY_TYPE = 'crm_contracts.mail_activity_type_billing'


class CrmContractBillingRunMixin(models.AbstractModel):
    """How the scheduled run bills all contracts, and parks those that it cannot bill."""

    _name = 'crm.contract.billing.run.mixin'
    _description = 'Contract Billing Run'
    _inherit = ['crm.contract.batch.mixin', 'crm.contract.billing.mixin']

    billing_error = fields.Text(
        readonly=True,
        copy=False,
        help='Why the scheduled billing left the contract out. It is tried again as soon as the '
        'contract or one of its lines is changed.',
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

    def write(self, vals):
        """Try a parked contract again when it is touched."""
        if not vals.keys() & UNTOUCHING_FIELDS:
            self._unpark_billing()
        return super().write(vals)

    @api.model
    def _cron_bill_contracts(self):
        """Bill every contract for which something is due, in committed batches."""
        self.env['crm.contract.billing.run']._run_all()

    @api.model
    def _get_billing_due_domain(self):
        """Return the domain of the contracts that the scheduled run bills today."""
        return self._get_to_bill_domain() & Domain('billing_error', '=', False)

    @api.model
    def _get_to_bill_domain(self):
        """Return the domain of the contracts that have something due, parked ones included.

        Whether hours and costs are due is asked with all rights, whoever asks; the contracts are
        those that the user may read.
        """
        return Domain('state', 'in', BILLABLE_STATES) & self.sudo()._get_something_due_domain()

    @api.model
    def _get_something_due_domain(self):
        """Return the domain of the contracts that have something due; extend with ``|``."""
        return Domain('next_billing_date', '<=', fields.Date.context_today(self))

    def _complete_batch(self, due):
        """Take the contracts along that share the invoices of their customers."""
        sharing = self.filtered(lambda contract: contract.invoice_grouping == 'customer')
        customers = sharing.partner_id.commercial_partner_id
        if not customers:
            return super()._complete_batch(due)
        return self | self.search(
            due
            & Domain('invoice_grouping', '=', 'customer')
            & Domain('partner_id.commercial_partner_id', 'in', customers.ids)
        )

    def _bill_or_refuse(self, until=None):
        """Bill the contracts; what is held back is an error that somebody has to solve.

        A contract that cannot be billed is refused as a whole. Where single things are held back,
        the others are billed first; what solves itself (``waits``) just waits.
        """
        for contract in self:
            if reason := contract._get_billing_hold():
                raise UserError(reason)
        until = until or fields.Date.context_today(self)
        plan = self._preview_billing(until)
        moves = self._apply_billing_plan(plan, until)
        holds = {
            entry['contract_id']: entry['held']
            for entry in plan
            if entry['held'] and not entry.get('waits')
        }
        for contract in self:
            if contract.id in holds:
                contract._park_billing(UserError(holds[contract.id]))
        return moves

    def _park_billing(self, error):
        """Leave a contract out of further runs and tell who is responsible why."""
        self.ensure_one()
        reason = self._get_failure_reason(error)
        self.billing_error = reason
        for user, contracts in self._group_by_responsible().items():
            contracts.with_context(lang=user.lang).activity_schedule(
                ACTIVITY_TYPE, user_id=user.id, note=reason
            )

    def _unpark_billing(self):
        """Let the next run try the parked ones among the contracts again."""
        parked = self.filtered('billing_error')
        if parked:
            parked.write({'billing_error': False})
            parked.sudo().activity_unlink([ACTIVITY_TYPE])
