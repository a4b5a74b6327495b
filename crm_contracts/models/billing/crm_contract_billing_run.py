import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.crm_extended.models.shared.crm_batch_mixin import LATER

KEPT_DAYS = 90
CONTRACTS_AT_ONCE = 50
TELL_ATTEMPTS = 5
# When contracts that others held or changed are tried again.
RETRY_MINUTES = 5


class CrmContractBillingRun(models.Model):
    """One run of the scheduled billing: how far it is, and the button that stops it.

    A run either bills everything that is due in a company, or the contracts that somebody handed
    over because they are too many to wait for. A run that was cut off goes on with the next call.
    """

    _name = 'crm.contract.billing.run'
    _description = 'Billing Run'
    _order = 'id desc'

    state = fields.Selection(
        [
            ('waiting', 'Waiting'),
            ('running', 'In Progress'),
            ('done', 'Done'),
            ('stopped', 'Stopped'),
        ],
        default='waiting',
        required=True,
        readonly=True,
        index=True,
    )
    user_id = fields.Many2one(
        'res.users', string='Started By', readonly=True, default=lambda self: self.env.user
    )
    contract_ids = fields.Many2many(
        'crm.contract',
        string='Contracts',
        readonly=True,
        help='Contracts that were handed over and are not done yet.',
    )
    company_ids = fields.Many2many(
        'res.company',
        string='Companies',
        readonly=True,
        help='Companies of the contracts of the run. Who works in all of them sees it.',
    )
    is_partial = fields.Boolean(
        string='Handed Over', readonly=True, help='Bills the contracts given, not all that is due.'
    )
    date_until = fields.Date(
        string='Up To',
        readonly=True,
        required=True,
        default=lambda self: fields.Date.context_today(self),
        help='What is due up to this day, it included, is invoiced.',
    )
    date_start = fields.Datetime(string='Started', readonly=True)
    date_end = fields.Datetime(string='Finished', readonly=True)
    total_count = fields.Integer(string='Contracts in All', readonly=True)
    done_count = fields.Integer(string='Done', readonly=True)
    parked_count = fields.Integer(
        string='Parked', readonly=True, help='Left out with a reason, until they are changed.'
    )
    seconds = fields.Float(readonly=True, help='Time that the batches took, in seconds.')
    remaining_count = fields.Integer(string='Remaining', compute='_compute_progress')
    progress = fields.Float(
        compute='_compute_progress', help='Part of the contracts that are handled, in percent.'
    )
    remaining_minutes = fields.Float(
        string='Minutes Left',
        compute='_compute_progress',
        help='Estimated from the contracts handled so far.',
    )

    # === COMPUTE === #

    @api.depends('total_count', 'done_count', 'parked_count', 'seconds', 'state')
    def _compute_progress(self):
        for run in self:
            handled = run.done_count + run.parked_count
            run.remaining_count = max(run.total_count - handled, 0)
            run.progress = 100 * handled / run.total_count if run.total_count else 0.0
            pace = run.seconds / handled if handled and run.state == 'running' else 0.0
            run.remaining_minutes = run.remaining_count * pace / 60

    @api.depends('date_start', 'date_until')
    def _compute_display_name(self):
        for run in self:
            day = format_date(self.env, run.date_until)
            run.display_name = self.env._('Billing up to %(day)s', day=day)

    # === ACTIONS === #

    def action_stop(self):
        """End the runs after the batch that they are at; what was billed stays.

        :raises AccessError: if the user may not change the contracts that are left in a run; a run
            of all that is due is stopped by sales administrators alone
        :raises UserError: if a run is over already
        """
        self.check_access('read')
        self._check_stoppable()
        for run in self:
            if run.state not in ('waiting', 'running'):
                raise UserError(self.env._('"%(run)s" is over already.', run=run.display_name))
        return self.sudo().write({'state': 'stopped', 'date_end': fields.Datetime.now()})

    def _check_stoppable(self):
        if self.env.user.has_group('sales_team.group_sale_manager'):
            return
        if not all(run.is_partial for run in self):
            raise AccessError(
                self.env._('Only sales administrators stop the billing of all that is due.')
            )
        self.sudo().contract_ids.sudo(False).check_access('write')

    # === RUNNING === #

    @api.model
    def _hand_over(self, contracts, until):
        """Let the scheduled billing bill contracts up to a day, and return the run."""
        contracts.check_access('write')
        run = self.sudo().create(
            {
                'user_id': self.env.uid,
                'contract_ids': [fields.Command.set(contracts.ids)],
                'company_ids': [fields.Command.set(contracts.company_id.ids)],
                'is_partial': True,
                'date_until': until,
                'total_count': len(contracts),
            }
        )
        self.env.ref('crm_contracts.ir_cron_bill_contracts').sudo()._trigger()
        return run.sudo(self.env.su)

    @api.model
    def _run_all(self):
        """Carry out what was handed over or cut off, then what is due today, company by company."""
        pending = self.search([('state', 'in', ('waiting', 'running'))], order='id')
        if any(not run._carry_out() for run in pending):
            return
        for company in self._get_companies_due():
            run = self.create({'company_ids': [fields.Command.set(company.ids)]})
            if not run._carry_out():
                return

    @api.model
    def _get_companies_due(self):
        """Return the companies that have contracts to bill today."""
        contracts = self.env['crm.contract']
        groups = contracts._read_group(contracts._get_billing_due_domain(), ['company_id'])
        return self.env['res.company'].concat(*(company for (company,) in groups))

    def _carry_out(self):
        """Bill in committed batches; say whether there is time left for other runs."""
        self.ensure_one()
        contracts = self.env['crm.contract']
        due = self._get_due_domain()
        self._tell(
            lambda: {
                'state': 'running',
                'date_start': self.date_start or fields.Datetime.now(),
                'total_count': self.done_count + self.parked_count + contracts.search_count(due),
            }
        )
        until = self.date_until
        has_time = contracts._run_in_batches(
            due,
            lambda batch: batch._bill_or_park(until),
            size=CONTRACTS_AT_ONCE,
            give_up=lambda contract, error: contract._park_billing(error),
            follow=self._follow(time.monotonic()),
        )
        if has_time:
            self._tell(self._prepare_end)
        if self.state == 'waiting':
            self._retry_later()
        return has_time

    def _retry_later(self):
        retry = fields.Datetime.now() + timedelta(minutes=RETRY_MINUTES)
        self.env.ref('crm_contracts.ir_cron_bill_contracts').sudo()._trigger(at=retry)

    def _prepare_end(self):
        """Return the end of the run; what somebody else held or changed waits for the next call."""
        if self.state in ('done', 'stopped'):
            return {}
        if self.contract_ids:
            return {'state': 'waiting'}
        return {'state': 'done', 'date_end': fields.Datetime.now()}

    def _get_due_domain(self):
        contracts = self.env['crm.contract']
        if self.is_partial:
            return Domain('id', 'in', self.contract_ids.ids)
        due = contracts._get_billing_due_domain()
        return due & Domain('company_id', 'in', self.company_ids.ids)

    def _follow(self, begin):
        """Return the function that records a batch and says whether to go on."""

        def follow(batch):
            nonlocal begin
            now = time.monotonic()
            self._record(batch, now - begin)
            begin = now
            return self.state != 'stopped'

        return follow

    def _tell(self, get_values):
        """Write what others see of the run, in a transaction of its own.

        So pressing Stop never costs a batch. What another process says at the same moment is
        taken into account by asking for the values again.
        """
        for _attempt in range(TELL_ATTEMPTS):
            try:
                self.write(get_values())
                self.env['ir.cron']._commit_progress()
                return
            except LATER:
                self.env.cr.rollback()

    def _record(self, batch, seconds):
        self.invalidate_recordset()
        parked = len(batch.filtered('billing_error'))
        self._tell(
            lambda: {
                'done_count': self.done_count + len(batch) - parked,
                'parked_count': self.parked_count + parked,
                'seconds': self.seconds + seconds,
                'contract_ids': [
                    fields.Command.unlink(contract_id)
                    for contract_id in set(batch.ids) & set(self.contract_ids.ids)
                ],
            }
        )

    @api.autovacuum
    def _gc_old_runs(self):
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([('date_end', '<', limit)]).unlink()
