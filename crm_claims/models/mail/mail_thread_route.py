from __future__ import annotations

from odoo import api, models
from odoo.tools.mail import decode_message_header, email_normalize, email_split

from odoo.addons.crm_extended.core.mail_signs import (
    MASS,
    get_heads,
    get_report,
    get_signs,
    is_absence,
    is_machine_answer,
    is_mass,
    is_spam,
)

from ...core.mails import get_place


class MailThread(models.AbstractModel):
    """Which case a mail to a service team belongs to: the one that it answers or whose number it
    names, else a new one. What nobody waits for is set aside."""

    _inherit = 'mail.thread'

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Send a mail to one case, at most, and set aside what opens none."""
        is_silent = self._is_unanswered(message, message_dict)
        thread = self.with_context(service_mail_is_silent=is_silent)
        routes = super(MailThread, thread).message_route(
            message, message_dict, model, thread_id, custom_values
        )
        others = [route for route in routes if not self._is_case_model(route[0])]
        ours = [route for route in routes if route not in others]
        replies = [self._redirect_to_survivor(route) for route in ours if route[1]]
        openings = sorted(
            (route for route in ours if not route[1]),
            key=lambda route: self._get_place_in_head(message, route),
        )
        if openings and not replies:
            replies = self._route_to_number(message_dict, openings[0])
        reason = self._get_reason_aside(message, message_dict, bool(replies)) if ours else None
        if message_dict.get('is_bounce') and not message_dict['bounced_message']:
            reason = 'bounce'
        if reason:
            self._set_mail_aside(message_dict, reason, [*replies, *openings])
            return others
        return [*others, *(replies or openings[:1])]

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Tell the case what its mail is; what a machine answers is noted in silence."""
        heads = get_heads(message)
        subject = message_dict.get('subject') or ''
        ours = [route for route in routes or () if self._is_case_model(route[0])]
        replies = [route for route in ours if route[1]]
        is_machine = bool(replies) and is_machine_answer(heads, subject)
        if is_machine:
            message_dict['is_internal'] = True
            # Odoo would write to the author of the message that it answers
            message_dict.pop('parent_id', None)
        original = ours and self._find_original(message, message_dict, bool(replies))
        is_written = not (is_machine or original)
        changes = self._get_mail_of_colleague(message_dict, replies) if is_written else {}
        message_dict.update(changes)
        signs = get_signs(heads) - (MASS.keys() if self._is_by_own_list(heads) else set())
        thread = self.with_context(
            service_mail_signs=signs,
            service_mail_is_machine=is_machine,
            service_mail_is_note='is_internal' in changes,
            service_mail_original=original,
        )
        return super(MailThread, thread)._message_route_process(message, message_dict, routes)

    @api.model
    def _get_mail_of_colleague(self, message_dict, replies) -> dict:
        """Return what of a mail changes if a colleague sends it to the case of a route."""
        if not replies:
            return {}
        model_name, case_id, *_rest = replies[0]
        return self.env[model_name].sudo().browse(case_id)._get_mail_of_colleague(message_dict)

    @api.model
    def _routing_create_bounce_email(self, email_from, body_html, message, **mail_values):
        """Answer no machine and nobody who was blocked."""
        if self.env.context.get('service_mail_is_silent'):
            return None
        return super()._routing_create_bounce_email(email_from, body_html, message, **mail_values)

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        """Keep what Odoo refuses of a sender who writes too often."""
        if self.env.context.get('service_mail_is_rescued'):
            return False
        is_silent = self._is_unanswered(message, message_dict)
        thread = self.with_context(service_mail_is_silent=is_silent)
        is_loop = super(MailThread, thread)._detect_loop_sender(message, message_dict, routes)
        ours = [route for route in routes or () if self._is_case_model(route[0])]
        if is_loop and ours:
            self._set_mail_aside(message_dict, 'loop', ours)
        return is_loop

    @api.model
    def _is_unanswered(self, message, message_dict) -> bool:
        """Tell whom not even a refusal is sent: machines, spammers and who was blocked."""
        if 'service_mail' not in self.env.context:
            return False
        heads = get_heads(message)
        is_blocked = self.env['service.mail.block']._is_blocked(message_dict['email_from'])
        return bool(get_signs(heads)) or is_spam(heads) or is_blocked

    # === ROUTES === #

    @api.model
    def _redirect_to_survivor(self, route):
        model_name, thread_id, *rest = route
        return (model_name, self.env[model_name].browse(thread_id)._get_mail_target().id, *rest)

    @api.model
    def _get_place_in_head(self, message, route) -> int:
        """Return how far back the address of the route stands among the recipients."""
        recipients = [
            address
            for name in ('To', 'Cc')
            for address in email_split(decode_message_header(message, name, separator=','))
        ]
        return get_place(recipients, route[4] and route[4].alias_full_name)

    @api.model
    def _route_to_number(self, message_dict, opening):
        """Return the route to the case whose number the subject names, if its sender belongs to
        it: none or one."""
        team = self.env['service.team'].sudo().browse((opening[2] or {}).get('team_id'))
        for model_name in self._get_case_models():
            case = self.env[model_name]._find_numbered(
                message_dict.get('subject') or '',
                email_normalize(message_dict['email_from'], strict=False),
                team.company_id,
            )
            if case:
                _model, _id, *rest = opening
                return [(model_name, case._get_mail_target().id, *rest)]
        return []

    # === WHAT IS SET ASIDE === #

    @api.model
    def _get_reason_aside(self, message, message_dict, is_reply: bool) -> str | None:
        """Return why a mail opens or moves no case, None if it does."""
        if 'service_mail' not in self.env.context or self.env.context.get(
            'service_mail_is_rescued'
        ):
            return None
        if self.env['service.mail.block']._is_blocked(message_dict['email_from']):
            return 'blocked'
        return None if is_reply else self._get_reason_unopened(message, message_dict)

    @api.model
    def _get_reason_unopened(self, message, message_dict) -> str | None:
        """Return why a mail that answers nothing opens no case, None if it does."""
        heads = get_heads(message)
        rules = (
            ('spam', lambda: is_spam(heads)),
            ('receipt', lambda: get_report(message) == 'receipt'),
            ('absence', lambda: is_absence(heads, message_dict.get('subject') or '')),
            ('mass', lambda: is_mass(heads) and not self._is_by_own_list(heads)),
        )
        return next((reason for reason, is_true in rules if is_true()), None)

    @api.model
    def _set_mail_aside(self, message_dict, reason, routes):
        """Keep a mail that opens no case where agents find it."""
        raw = self.env.context.get('service_mail')
        if raw:
            self.env['service.mail'].sudo()._keep(raw, message_dict, reason, routes)
