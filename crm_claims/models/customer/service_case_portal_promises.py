from __future__ import annotations

from odoo import models
from odoo.tools import format_datetime


class ServiceCaseMixin(models.AbstractModel):
    """What was promised to the customer, in his words."""

    _inherit = 'service.case.mixin'

    def _get_promises(self) -> list[tuple[str, str, str]]:
        """Return (heading, sentence, Bootstrap colour) of each promise, for who may read the case.

        Nothing for a team that keeps its promises to itself.
        """
        self.ensure_one()
        case_sudo = self.sudo()
        if not case_sudo.team_id.shows_promises:
            return []
        headings = self._get_promise_headings()
        # of several promises of one kind the last is the one that counts
        clocks = {clock.target: clock for clock in case_sudo.sla_clock_ids.sorted('id')}
        return [
            (heading, *self._describe_promise(clocks[target]))
            for target, heading in headings.items()
            if target in clocks
        ]

    def _get_promise_headings(self) -> dict[str, str]:
        """Return {target of a clock: how a customer calls it}; a target without is not shown."""
        return {
            'first_response': self.env._('Answer'),
            'next_response': self.env._('Next Answer'),
            'resolution': self.env._('Solution'),
        }

    def _describe_promise(self, clock) -> tuple[str, str]:
        """Return the sentence about one promise, and its Bootstrap colour."""
        promised = self._format_promise(clock.deadline)
        reached = self._format_promise(clock.reached_at)
        running = self.env._('By %(promised)s', promised=promised), 'info'
        return {
            'running': running,
            'warning': running,
            'paused': (
                self.env._('As soon as we have your answer: until then our time stands still'),
                'warning',
            ),
            'breached': (
                self.env._(
                    'Promised by %(promised)s. We are late, sorry: we are on it',
                    promised=promised,
                ),
                'danger',
            ),
            'met': (self.env._('On %(reached)s, in time', reached=reached), 'success'),
            'missed': (
                self.env._(
                    'On %(reached)s, later than promised (%(promised)s)',
                    reached=reached,
                    promised=promised,
                ),
                'secondary',
            ),
        }[clock.state]

    def _format_promise(self, moment) -> str:
        """Return a moment in the zone of the reader, else of the team, as the reader writes it."""
        if not moment:
            return '…'
        calendar_sudo = (
            self.sudo().team_id.calendar_id or self.sudo().company_id.resource_calendar_id
        )
        zone = self.env.user.tz or calendar_sudo.tz or 'UTC'
        return format_datetime(self.env, moment, tz=zone, dt_format='short')
