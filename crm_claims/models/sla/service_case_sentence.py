from babel.dates import format_date, format_skeleton, format_time
from pytz import timezone, utc

from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse, get_lang, posix_to_ldml

from ...core.clock import CASE_STATES
from ...core.stages import CLOSED_KINDS
from ...core.wording import get_day_word, get_elapsed

RESPONSE_TARGETS = ('first_response', 'next_response')
LEVELS = {'breached': 'danger', 'warning': 'warning', 'running': 'info', 'paused': 'muted'}


class ServiceCaseMixin(models.AbstractModel):
    """What is still to be done and until when, or how it went: one sentence."""

    _inherit = 'service.case.mixin'

    promise_text = fields.Char(
        string='Promise',
        compute='_compute_promise_text',
        help='What is due until when, in your time zone; once nothing is due, how it went.',
    )
    promise_level = fields.Selection(
        [('danger', 'Overdue'), ('warning', 'Due Soon'), ('info', 'Running'), ('muted', 'Quiet')],
        string='Urgency of the Promise',
        compute='_compute_promise_text',
        help='How urgent the promise is. What is closed is not urgent, however late it was.',
    )

    # === COMPUTE METHODS === #

    @api.depends('sla_clock_ids.state', 'date_deadline', 'sla_deadline', 'stage_kind')
    @api.depends_context('lang', 'tz', 'uid')
    def _compute_promise_text(self):
        # sudo: whoever may read the case may read what was promised to it
        for case, case_sudo in zip(self, self.sudo(), strict=True):
            text = ' · '.join(case_sudo._get_due_parts() or case_sudo._get_history_parts())
            case.promise_text = text[:1].upper() + text[1:]
            case.promise_level = case_sudo._get_promise_level() if text else False

    def _get_promise_level(self):
        if self.stage_kind in CLOSED_KINDS:
            return 'muted'
        if self.is_late:
            return 'danger'
        states = self._get_pending_clocks().mapped('state')
        return next((LEVELS[state] for state in CASE_STATES if state in states), 'muted')

    # === WHAT IS DUE === #

    def _get_pending_clocks(self):
        """Return the clocks that still wait for something, answers first."""
        return self.sla_clock_ids.filtered(
            lambda clock: not (clock.reached_at or clock.ended_at)
        ).sorted(lambda clock: clock.target == 'resolution')

    def _get_due_parts(self):
        """Return what is due until when, in the words of the user."""
        if self.stage_kind in CLOSED_KINDS:
            return []
        pending = self._get_pending_clocks()
        ticking = pending.filtered(lambda clock: clock.deadline and not clock.paused_since)
        parts = [self._get_due_part(clock) for clock in ticking]
        if pending.filtered('paused_since'):
            parts.append(self.env._('paused'))
        if self.date_deadline and self.date_deadline != self.sla_deadline:
            parts.append(self._get_agreed_part())
        return parts

    def _get_due_part(self, clock):
        is_answer = clock.target in RESPONSE_TARGETS
        if clock.state == 'breached':
            elapsed = self._get_elapsed_text(clock.deadline)
            return (
                self.env._('answer overdue since %(elapsed)s', elapsed=elapsed)
                if is_answer
                else self.env._('solution overdue since %(elapsed)s', elapsed=elapsed)
            )
        moment = self._get_moment_text(clock.deadline)
        return (
            self.env._('answer before %(moment)s', moment=moment)
            if is_answer
            else self.env._('solve before %(moment)s', moment=moment)
        )

    def _get_agreed_part(self):
        """Return what is said of a deadline that was set by hand."""
        if self.is_late:
            elapsed = self._get_elapsed_text(self.date_deadline)
            return self.env._('agreed date passed %(elapsed)s ago', elapsed=elapsed)
        moment = self._get_moment_text(self.date_deadline)
        return self.env._('agreed for %(moment)s', moment=moment)

    # === HOW IT WENT === #

    def _get_history_parts(self):
        """Return which promises were kept, and by how much the others were not."""
        ended = self.sla_clock_ids.filtered(lambda c: c.ended_at and not c.reached_at)
        parts = [
            self.env._('late at %(team)s', team=team.display_name or self.env._('the team before'))
            for team in ended.grouped('team_id')
        ]
        reached = self.sla_clock_ids.filtered('reached_at')
        answers = reached.filtered(lambda clock: clock.target in RESPONSE_TARGETS)
        if answers:
            parts.append(self._get_answered_part(self._get_lateness(answers)))
        if reached - answers:
            parts.append(self._get_closed_part(self._get_lateness(reached - answers)))
        return parts

    @api.model
    def _get_lateness(self, clocks):
        """Return by how much the latest of the clocks was late, None if none was."""
        missed = clocks.filtered(lambda clock: not clock.is_met)
        return max((clock.reached_at - clock.deadline for clock in missed), default=None)

    def _get_answered_part(self, lateness):
        if not lateness:
            return self.env._('answered in time')
        return self.env._('answered %(elapsed)s late', elapsed=self._get_span_text(lateness))

    def _get_closed_part(self, lateness):
        is_solved = self.stage_kind != 'rejected'
        if not lateness:
            return self.env._('solved in time') if is_solved else self.env._('closed in time')
        elapsed = self._get_span_text(lateness)
        return (
            self.env._('solved %(elapsed)s late', elapsed=elapsed)
            if is_solved
            else self.env._('closed %(elapsed)s late', elapsed=elapsed)
        )

    # === WORDS === #

    @api.model
    def _get_elapsed_text(self, since):
        return self._get_span_text(fields.Datetime.now() - since)

    @api.model
    def _get_span_text(self, span):
        number, unit = get_elapsed(span)
        if unit == 'day':
            return self.env._('%(number)s days', number=number)
        units = {
            'minute': self.env._('%(number)s min', number=number),
            'hour': self.env._('%(number)s h', number=number),
        }
        return units[unit]

    def _get_moment_text(self, moment):
        """Return a moment in the time zone and the words of the user."""
        zone = timezone(self._get_promise_zone())
        local, now = (
            utc.localize(value).astimezone(zone) for value in (moment, fields.Datetime.now())
        )
        lang = get_lang(self.env)
        locale = babel_locale_parse(lang.code)
        pattern = posix_to_ldml(lang.time_format.replace(':%S', ''), locale=locale)
        time = format_time(local.timetz(), format=pattern, locale=locale)
        # a narrow card would break it before PM
        time = time.replace(' ', '\N{NO-BREAK SPACE}')
        word = get_day_word(local.date(), now.date())
        if word == 'today':
            return self.env._('today %(time)s', time=time)
        if word == 'tomorrow':
            return self.env._('tomorrow %(time)s', time=time)
        if word == 'weekday':
            day = format_date(local.date(), 'EEEE', locale=locale)
        else:
            skeleton = 'MMMd' if local.year == now.year else 'yMMMd'
            day = format_skeleton(skeleton, local, locale=locale)
        return self.env._('%(day)s %(time)s', day=day, time=time)

    def _get_promise_zone(self):
        """Return the user's time zone, else that of the team."""
        zone = self.env.context.get('tz') or self.env.user.tz
        return zone or self.team_id.calendar_id.tz or 'UTC'
