from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ...core.clock import get_notice_moment
from ...core.mails import ANSWERED_BY_NOBODY

CRON = 'crm_claims.ir_cron_service_sla'
ACTIVITY_TYPE = 'mail.mail_activity_data_todo'
# From the kind of notice to the field that tells when it was given: each is given once
NOTICES = {'warning': 'warned_at', 'breach': 'breached_at'}


class ServiceSlaClock(models.Model):
    """What a clock says when it is nearly due and when it is overdue, once and on the minute.

    Each clock knows the moment of its next notice, and the scheduled action is triggered for
    those moments; a run arranges the next one.
    """

    _inherit = 'service.sla.clock'

    warned_at = fields.Datetime(
        string='Warned on', copy=False, help='When the agent and the team leader were warned.'
    )
    breached_at = fields.Datetime(
        string='Overdue Notice on',
        copy=False,
        help='When the agent and the team leader were told that the deadline has passed.',
    )
    notice_at = fields.Datetime(
        string='Next Notice on', copy=False, index='btree_not_null', help='In working time.'
    )

    # === MOMENTS === #

    def _sync_notices(self):
        """Note the next notice of each clock and have the first of them given in time."""
        now = fields.Datetime.now()
        for clock, case in self._get_cases().items():
            notice_at = case.active and clock._get_notice_at(now)
            if notice_at != clock.notice_at:
                clock.notice_at = notice_at
        self._trigger_notices(self.mapped('notice_at'))

    def _get_notice_at(self, now):
        """Return when the clock has to say something next, False if it has nothing to say."""
        if self.reached_at or self.ended_at or self.paused_since or self.breached_at:
            return False
        return get_notice_moment(self.deadline, self.warning_at, bool(self.warned_at), now)

    @api.model
    def _trigger_notices(self, moments):
        moments = [moment for moment in moments if moment]
        cron = self.env.ref(CRON, raise_if_not_found=False)
        if moments and cron:
            cron._trigger(at=min(moments))

    # === SCHEDULED ACTION === #

    @api.model
    def _cron_notify(self):
        """Give every notice whose moment has come, in committed batches."""
        now = fields.Datetime.now()
        due = Domain('notice_at', '<=', now)
        self._trigger_notices(
            self.search([('notice_at', '>', now)], order='notice_at', limit=1).mapped('notice_at')
        )
        self._run_in_batches(due, lambda clocks: clocks._notify_due())

    # === NOTICES === #

    def _notify_due(self):
        now = fields.Datetime.now()
        breached = self.filtered(lambda clock: clock.deadline <= now)
        for kind, clocks in (('warning', self - breached), ('breach', breached)):
            clocks.write({NOTICES[kind]: now})
            clocks._schedule_notice_activities(kind)
            clocks._send_notices(kind)
        breached._escalate()
        self.exists()._sync_notices()  # the next tier may have promised something else

    def _get_notice_recipients(self, case):
        """Return the users who are told; override to tell others."""
        users = case.user_id | case.team_id.leader_id
        return users.filtered(lambda user: user.active and not user.share)

    def _schedule_notice_activities(self, kind):
        """Give the assignee, else the team leader, an activity on each case."""
        groups = {}
        for clock, case in self._get_cases().items():
            user = self._get_notice_recipients(case)[:1]
            key = (case._name, user, clock.target)
            groups[key] = groups.get(key, case.browse()) | case
        for (_model_name, user, target), cases in groups.items():
            if user:
                silent = cases.with_context(lang=user.lang, mail_activity_quick_update=True)
                silent.activity_schedule(
                    ACTIVITY_TYPE,
                    user_id=user.id,
                    summary=silent.env['service.sla.clock']._get_notice_title(kind, target),
                )

    def _send_notices(self, kind):
        """Write to the assignee and the leader, each in their language and time zone."""
        for clock, case in self._get_cases().items():
            recipients = self._get_notice_recipients(case)
            for (lang, tz), users in recipients.grouped(lambda user: (user.lang, user.tz)).items():
                local_clock = clock.with_context(lang=lang, tz=tz)
                case.with_context(lang=lang).message_notify(
                    partner_ids=users.partner_id.ids,
                    subject=local_clock._get_notice_subject(kind, case),
                    body=local_clock._get_notice_body(kind, case),
                    author_id=case.company_id.partner_id.id,
                    email_from=case._get_email_sender(),
                    mail_headers=ANSWERED_BY_NOBODY,
                )

    def _get_notice_title(self, kind, target):
        titles = {
            ('first_response', 'warning'): self.env._('First response due soon'),
            ('first_response', 'breach'): self.env._('First response overdue'),
            ('next_response', 'warning'): self.env._('Next response due soon'),
            ('next_response', 'breach'): self.env._('Next response overdue'),
            ('resolution', 'warning'): self.env._('Resolution due soon'),
            ('resolution', 'breach'): self.env._('Resolution overdue'),
        }
        return titles[target, kind]

    def _get_notice_subject(self, kind, case):
        return self.env._(
            '%(notice)s: %(case)s',
            notice=self._get_notice_title(kind, self.target),
            case=case.display_name,
        )

    def _get_notice_body(self, kind, case):
        """Return the text of the mail as plain text, in the language of the context."""
        values = {
            'case': case.display_name,
            'customer': case.partner_id.display_name or case.email_from or '-',
            'deadline': format_datetime(self.env, self.deadline, tz=self.env.context.get('tz')),
            'policy': self.policy_id.name,
        }
        if kind == 'warning':
            return self.env._(
                '%(case)s of %(customer)s is due on %(deadline)s by the policy %(policy)s.',
                **values,
            )
        return self.env._(
            '%(case)s of %(customer)s was due on %(deadline)s by the policy %(policy)s.', **values
        )

    def _escalate(self):
        """Hand the cases to the next tier where the policy wants it; a case without one stays.

        A case of which both promises are broken goes one tier up, not two.
        """
        clocks = self.filtered('policy_id.escalate')
        for case in dict.fromkeys(clocks._get_cases().values()):
            try:
                with self.env.cr.savepoint():
                    case.action_escalate()
            except UserError as error:
                case._message_log(body=str(error))
