from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

LINKS = {'crm.lead': 'lead_id', 'res.partner': 'partner_id'}
IS_RUNNING = Domain('state', '=', 'running')


class CrmCadenceRun(models.Model):
    """A cadence that is going on with a lead or a customer, or went on."""

    _name = 'crm.cadence.run'
    _description = 'Follow-Up'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin', 'crm.batch.mixin']
    _order = 'date_next, id'

    cadence_id = fields.Many2one(
        'crm.cadence', required=True, readonly=True, index=True, ondelete='cascade'
    )
    lead_id = fields.Many2one(
        'crm.lead', 'Lead/Opportunity', readonly=True, index='btree_not_null', ondelete='cascade'
    )
    partner_id = fields.Many2one(
        'res.partner', 'Customer', readonly=True, index='btree_not_null', ondelete='cascade'
    )
    user_id = fields.Many2one('res.users', string='Salesperson', readonly=True, index=True)
    company_id = fields.Many2one('res.company', readonly=True)
    state = fields.Selection(
        selection=[('running', 'In Progress'), ('done', 'Finished'), ('stopped', 'Stopped')],
        string='Status',
        required=True,
        readonly=True,
        default='running',
    )
    reason = fields.Selection(
        selection=[
            ('answered', 'Answered'),
            ('called', 'Call Held'),
            ('won', 'Won'),
            ('lost', 'Lost'),
            ('archived', 'Archived'),
            ('by_hand', 'By Hand'),
            ('failed', 'Failed'),
        ],
        string='Stopped Because',
        readonly=True,
    )
    step_id = fields.Many2one(
        'crm.cadence.step', string='Next Step', readonly=True, index='btree_not_null'
    )
    date_start = fields.Datetime(
        string='Started', required=True, readonly=True, default=fields.Datetime.now
    )
    date_next = fields.Datetime(string='Next On', readonly=True)
    date_end = fields.Datetime(string='Ended', readonly=True)
    model_name = fields.Char(compute='_compute_model_name')

    _one_document = models.Constraint(
        'CHECK (num_nonnulls(lead_id, partner_id) = 1)',
        'A cadence goes on with a lead or with a customer.',
    )
    _once_per_lead = models.UniqueIndex(
        "(cadence_id, lead_id) WHERE state = 'running' AND lead_id IS NOT NULL",
        'This cadence is going on with the lead already.',
    )
    _once_per_customer = models.UniqueIndex(
        "(cadence_id, partner_id) WHERE state = 'running' AND partner_id IS NOT NULL",
        'This cadence is going on with the customer already.',
    )
    _due_idx = models.Index("(date_next) WHERE state = 'running'")

    # === COMPUTE === #

    @api.depends('lead_id')
    def _compute_model_name(self):
        for run in self:
            run.model_name = 'crm.lead' if run.lead_id else 'res.partner'

    @api.depends('cadence_id', 'lead_id', 'partner_id')
    def _compute_display_name(self):
        for run in self:
            document = run.lead_id or run.partner_id
            run.display_name = f'{run.cadence_id.name}: {document.display_name}'

    # === ACTIONS === #

    def action_stop(self):
        """End the cadence with those who may be written to by the user."""
        for documents in (self.lead_id, self.partner_id):
            documents.check_access('write')
        # sudo: what a run has come to is the program's to write
        self.sudo()._stop('by_hand')
        return True

    def action_open(self):
        """Open the lead or the customer."""
        self.ensure_one()
        return (self.lead_id or self.partner_id).get_formview_action()

    # === STARTING === #

    @api.model
    def _start(self, cadence, documents):
        """Begin the cadence with documents of its model; with whom it is going on it goes on.

        :return: the new runs
        """
        documents.check_access('write')
        self._check_can_start(cadence, documents)
        link = LINKS[documents._name]
        # sudo: what a run has come to is the program's to write
        runs_sudo = self.sudo()
        running = runs_sudo.search(
            IS_RUNNING & Domain('cadence_id', '=', cadence.id) & Domain(link, 'in', documents.ids)
        )
        first = cadence.step_ids.sorted()[0]
        runs_sudo = runs_sudo.create(
            [self._prepare_run(first, link, document) for document in documents - running[link]]
        )
        self._tell_started(cadence, runs_sudo._get_documents())
        # sudo: nobody else may call the job, and what is due today is not to wait for its hour
        self.env.ref('crm_extended.ir_cron_take_cadence_steps').sudo()._trigger()
        return runs_sudo.sudo(False)

    @api.model
    def _check_can_start(self, cadence, documents):
        if cadence.model_name != documents._name:
            raise UserError(self.env._('The cadence "%s" is for something else.', cadence.name))
        if not cadence.active or not cadence.step_ids:
            raise UserError(
                self.env._('The cadence "%s" has no steps, or is archived.', cadence.name)
            )

    @api.model
    def _prepare_run(self, step, link, document):
        company = document.company_id or self.env.company
        return {
            'cadence_id': step.cadence_id.id,
            link: document.id,
            'user_id': document.user_id.id or self.env.uid,
            'company_id': company.id,
            'step_id': step.id,
            'date_next': step._get_due_moment(company),
        }

    @api.model
    def _tell_started(self, cadence, documents):
        note = self.env._('Followed up by the cadence "%s".', cadence.name)
        documents._message_log_batch({document.id: note for document in documents})

    # === GOING ON === #

    @api.model
    def _cron_take_steps(self):
        """Take the steps that are due, after ending what is over."""
        self._run_in_batches(IS_RUNNING, lambda runs: runs._stop_over(), to_the_end=True)
        due = IS_RUNNING & Domain('date_next', '<=', fields.Datetime.now())
        self._run_in_batches(due, lambda runs: runs._take_steps(), give_up=self._park)

    def _take_steps(self):
        """Take the next step of each run, unless it is over, and go to the one after it."""
        self._stop_over()
        for step, runs in self.filtered_domain(IS_RUNNING).grouped('step_id').items():
            if step:
                step._take(runs)
            runs._go_to(step._get_following()[:1] if step else step)

    def _go_to(self, step):
        """Wait for a step, or be finished when there is none."""
        now = fields.Datetime.now()
        if not step:
            self.write({'state': 'done', 'step_id': False, 'date_next': False, 'date_end': now})
            return
        for company, runs in self.grouped('company_id').items():
            moment = step._get_due_moment(company)
            runs.write({'step_id': step.id, 'date_next': moment})

    @api.model
    def _park(self, run, error):
        """End what fails, and tell its salesperson."""
        run._stop('failed')
        run._give_task(
            self.env._('The cadence "%s" was stopped', run.cadence_id.name),
            self._get_failure_reason(error),
        )

    # === DOCUMENTS === #

    def _get_documents(self):
        """Return what runs of one cadence go on with."""
        return self.lead_id or self.partner_id

    def _get_customer(self):
        return self.partner_id or self.lead_id.partner_id

    def _can_be_written_to(self):
        """Say whether a mail may be sent: there is an address, and nobody blocked it."""
        document = self._get_documents()
        return bool(document.email_normalized) and not document.is_blacklisted

    def _give_task(self, summary, note=''):
        self._get_documents().activity_schedule(
            'mail.mail_activity_data_todo', summary=summary, note=note, user_id=self.user_id.id
        )
