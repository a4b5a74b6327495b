from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

A_MOMENT = 1 / 3600  # hours: the working day is asked when it has begun, not where it is empty


class CrmCadenceStep(models.Model):
    """One thing to do with whom a cadence is going on, so many working days after the last one."""

    _name = 'crm.cadence.step'
    _description = 'Cadence Step'
    _inherit = ['crm.linked.mixin']
    _order = 'sequence, id'
    _rec_name = 'summary'
    _parent_link = 'cadence_id'

    cadence_id = fields.Many2one('crm.cadence', required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(default=10)
    delay_days = fields.Integer(
        string='After',
        default=2,
        help='Working days after the step before, by the working time of the company; '
        '0 for the same day.',
    )
    kind = fields.Selection(
        selection=[('mail', 'Mail'), ('call', 'Call'), ('task', 'To-Do')],
        string='What',
        required=True,
        default='call',
        help='A mail is sent by itself; a call is planned for the salesperson and a to-do is given '
        'to it.',
    )
    summary = fields.Char(
        string='Subject',
        required=True,
        translate=True,
        help='What the call or the to-do is about; of a mail its name among the steps.',
    )
    template_id = fields.Many2one(
        'mail.template',
        ondelete='restrict',
        help='Of a mail, written in the language of whoever gets it.',
    )

    _delay_forward = models.Constraint(
        'CHECK (delay_days >= 0)', 'A step comes after the one before, not earlier.'
    )
    _mail_has_template = models.Constraint(
        "CHECK (kind <> 'mail' OR template_id IS NOT NULL)",
        'A step that sends a mail needs its template.',
    )

    # === CONSTRAINTS === #

    @api.constrains('template_id', 'kind', 'cadence_id')
    def _check_template_model(self):
        for step in self.filtered('template_id'):
            if step.template_id.sudo().model != step.cadence_id.model_name:
                raise ValidationError(
                    self.env._(
                        'The template of the step "%(step)s" is not for what the cadence is for.',
                        step=step.summary,
                    )
                )

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _pass_on(self):
        """Whom the step was next for goes on with the one after it."""
        # sudo: the plan changes for everybody whom it is going on with
        waiting = self.env['crm.cadence.run'].sudo().search([('step_id', 'in', self.ids)])
        for step, runs in waiting.grouped('step_id').items():
            later = step._get_following().filtered(lambda other: other not in self)
            runs._go_to(later[:1])

    # === WHEN === #

    def _get_following(self):
        """Return the steps of the cadence after this one."""
        steps = self.cadence_id.step_ids.sorted()
        return steps[steps.ids.index(self.id) + 1 :]

    def _get_due_moment(self, company):
        """Return when the step is due if the one before is done now, in UTC.

        At the beginning of the working day it falls on; at once when that is today.
        """
        now = fields.Datetime.now()
        calendar = company.sudo().resource_calendar_id
        if not calendar:
            return now + timedelta(days=self.delay_days)
        zone = pytz.timezone(calendar.tz or 'UTC')
        begin = pytz.utc.localize(now).astimezone(zone)
        if self.delay_days:
            tomorrow = zone.localize(datetime.combine(begin.date() + timedelta(days=1), time.min))
            day = calendar.plan_days(self.delay_days, tomorrow, compute_leaves=True) or tomorrow
            begin = zone.localize(datetime.combine(day.date(), time.min))
        opens = calendar.plan_hours(A_MOMENT, begin, compute_leaves=True)
        opens = opens - timedelta(hours=A_MOMENT) if opens else begin
        return max(opens.astimezone(pytz.utc).replace(tzinfo=None), now)

    # === WHAT === #

    def _take(self, runs):
        """Do the step with the documents of the runs."""
        self.ensure_one()
        take = {'mail': self._send_mails, 'call': self._plan_calls, 'task': self._give_tasks}
        take[self.kind](runs)

    def _send_mails(self, runs):
        """Send the mail to whoever can be written to; of the others the salesperson is told."""
        reached = runs.filtered(lambda run: run._can_be_written_to())
        documents = reached._get_documents()
        self.template_id.send_mail_batch(documents.ids)
        for run in runs - reached:
            run._give_task(
                self.env._('No mail was sent: "%s"', self.summary),
                self.env._('There is no e-mail address, or it is on the block list.'),
            )

    def _plan_calls(self, runs):
        self.env['crm.call'].create(
            [
                {
                    'name': self.summary,
                    'state': 'planned',
                    'lead_id': run.lead_id.id,
                    'partner_id': run._get_customer().id,
                    'user_id': run.user_id.id,
                }
                for run in runs
            ]
        )

    def _give_tasks(self, runs):
        for run in runs:
            run._give_task(self.summary)
