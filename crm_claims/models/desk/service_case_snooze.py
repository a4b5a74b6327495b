from __future__ import annotations

from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.date_utils import to_timezone

from ...core.cases import CASE_MODELS
from ...core.mails import ANSWERED_BY_NOBODY
from ...core.stages import CLOSED_KINDS

CRON = 'crm_claims.ir_cron_wake_snoozed'


class ServiceCaseMixin(models.AbstractModel):
    """Cases put aside until a day, or until the customer answers. Their clocks go on."""

    _inherit = 'service.case.mixin'

    date_snoozed = fields.Datetime(
        string='Snoozed until',
        copy=False,
        tracking=True,
        help='Until then, or until the customer answers, it is not among what is to be done. Its '
        'deadlines go on.',
    )
    is_snoozed = fields.Boolean(
        string='Snoozed',
        compute='_compute_is_snoozed',
        search='_search_is_snoozed',
    )

    _snoozed_idx = models.Index('(date_snoozed) WHERE date_snoozed IS NOT NULL')

    # === COMPUTE METHODS === #

    @api.depends('date_snoozed')
    def _compute_is_snoozed(self):
        now = fields.Datetime.now()
        for case in self:
            case.is_snoozed = bool(case.date_snoozed) and case.date_snoozed > now

    @api.model
    def _search_is_snoozed(self, operator, value):
        now, is_asked = fields.Datetime.now(), operator == 'in'
        if operator not in ('in', 'not in') or set(value) != {True}:
            return NotImplemented
        if is_asked:
            return Domain('date_snoozed', '>', now)
        return Domain('date_snoozed', '=', False) | Domain('date_snoozed', '<=', now)

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if 'stage_id' in vals:
            self.filtered(lambda case: case.stage_kind in CLOSED_KINDS)._wake()
        return result

    # === ACTIONS === #

    def action_snooze(self, date):
        """Put the cases aside until a day begins, or until the customer answers.

        Refused with a UserError for a day that is not in the future, and for what is closed.

        :param date: day in the zone of the user
        """
        day = self._read_snooze(date)
        self._check_snooze(day)
        begins = self.env.tz.localize(datetime.combine(day, time.min))
        moment = to_timezone(None)(begins)
        self.write({'date_snoozed': moment})
        # found by the next hour's run too; sooner is better
        self.env.ref(CRON)._trigger(at=moment)
        return True

    def action_wake(self):
        """Take up again now what was put aside."""
        self._wake()
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _read_snooze(self, date):
        try:
            return fields.Date.to_date(date)
        except (TypeError, ValueError):
            return None

    def _check_snooze(self, day):
        if not day or day <= fields.Date.context_today(self):
            raise UserError(self.env._('Choose a day in the future, from tomorrow on.'))
        for case in self:
            if case.stage_kind in CLOSED_KINDS:
                raise UserError(
                    self.env._(
                        '%(case)s is closed: there is nothing to put aside.',
                        case=case.display_name,
                    )
                )

    def _wake(self):
        self.filtered('date_snoozed').write({'date_snoozed': False})

    @api.model
    def _get_next_domain(self, teams):
        """What is put aside is nobody's next one."""
        return super()._get_next_domain(teams) & Domain('is_snoozed', '=', False)

    def _apply_customer_reply(self):
        """The customer's answer ends the waiting for it."""
        # sudo: the customer answers; that this wakes the case is our rule, not his right
        self.sudo()._wake()
        return super()._apply_customer_reply()

    # === SCHEDULED ACTION === #

    @api.model
    def _cron_wake_snoozed(self):
        """Tell of what comes back, in committed batches. That it is back needs no run."""
        for model_name in CASE_MODELS:
            due = Domain('date_snoozed', '<=', fields.Datetime.now())
            if not self.env[model_name]._run_in_batches(due, lambda cases: cases._wake_and_tell()):
                return

    def _wake_and_tell(self):
        self._wake()
        for user, cases in self.grouped('user_id').items():
            if user.active and not user.share:
                cases._tell_awake(user)

    def _tell_awake(self, user):
        """Tell the person in charge, in their language and as they want to be told."""
        for case in self.with_context(lang=user.lang):
            case.message_notify(
                partner_ids=user.partner_id.ids,
                subject=case.env._('%(case)s is back', case=case.display_name),
                body=case.env._('It was put aside until today. Now it is among what you have.'),
                author_id=case.company_id.partner_id.id,
                email_from=case._get_email_sender(),
                mail_headers=ANSWERED_BY_NOBODY,
            )
