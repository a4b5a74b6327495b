from __future__ import annotations

import base64
import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, html2plaintext
from odoo.tools.constants import GC_UNLINK_LIMIT

from ...core.mails import get_subject
from .service_team_alias import CASE_KINDS

PREVIEW_WIDTH = 2000  # characters
KEPT_DAYS = 180


class ServiceMail(models.Model):
    """A mail to a service team that opened no case: spam, a newsletter, a receipt. It is kept as
    it arrived, and an agent can make a case of it."""

    _name = 'service.mail'
    _description = 'Mail Set Aside'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin']
    _order = 'id desc'
    _rec_name = 'subject'

    subject = fields.Char(readonly=True)
    email_from = fields.Char(string='From', readonly=True)
    reason = fields.Selection(
        [
            ('spam', 'Spam'),
            ('blocked', 'Blocked Sender'),
            ('mass', 'Newsletter or List'),
            ('absence', 'Automatic Answer'),
            ('receipt', 'Receipt'),
            ('bounce', 'Not Delivered'),
            ('loop', 'Too Many Mails'),
        ],
        required=True,
        readonly=True,
        help='Why it opened no case.',
    )
    preview = fields.Text(
        string='Text', readonly=True, help='How the mail begins, without pictures and links.'
    )
    raw = fields.Binary(string='Mail', readonly=True, help='The mail as it arrived, as a file.')
    raw_name = fields.Char(compute='_compute_raw_name')
    message_id = fields.Char(readonly=True, index=True)
    team_id = fields.Many2one('service.team', readonly=True, index=True, ondelete='set null')
    company_id = fields.Many2one('res.company', readonly=True, index=True, ondelete='cascade')
    case_model = fields.Selection(
        CASE_KINDS,
        string='Would Open',
        readonly=True,
        help='The kind of case that its address opens.',
    )

    @api.depends('subject')
    def _compute_raw_name(self):
        for mail in self:
            mail.raw_name = f'{(mail.subject or "mail").replace("/", "-")[:80]}.eml'

    # === ACTIONS === #

    def action_open_case(self):
        """Let the mails arrive again, whatever they are, and open the cases that get them.

        Each is in the case that it answers, else in a new one, and no longer here.
        """
        self.check_access('read')
        cases = [mail._rescue() for mail in self]
        # sudo: what became a case is no longer kept here
        self.sudo().unlink()
        return self._get_cases_action(cases)

    def _rescue(self):
        """Return the case that the mail goes to when nothing holds it up.

        Refused with a UserError if nothing takes it any more.
        """
        # sudo: as the gateway does; whoever sees the mail may make a case of it
        mail_sudo = self.sudo()
        thread_sudo = self.env['mail.thread'].sudo().with_context(service_mail_is_rescued=True)
        thread_sudo.message_process(
            mail_sudo.case_model or 'service.ticket',
            base64.b64decode(mail_sudo.raw),
            custom_values={'team_id': mail_sudo.team_id.id} if mail_sudo.team_id else None,
        )
        message_sudo = thread_sudo.env['mail.message'].search(
            [('message_id', '=', mail_sudo.message_id)], limit=1
        )
        if not message_sudo.model or not thread_sudo._is_case_model(message_sudo.model):
            raise UserError(
                self.env._('No case takes the mail "%(subject)s" any more.', subject=self.subject)
            )
        return self.env[message_sudo.model].browse(message_sudo.res_id)

    @api.model
    def _get_cases_action(self, cases):
        """Return how to show the first kind of the cases: one in its form, several in a list."""
        same = [case for case in cases if case._name == cases[0]._name]
        ids = [case.id for case in same]
        action = {'type': 'ir.actions.act_window', 'res_model': cases[0]._name}
        if len(ids) == 1:
            return {**action, 'views': [(False, 'form')], 'res_id': ids[0]}
        return {
            **action,
            'name': self.env._('Opened Cases'),
            'views': [(False, 'list'), (False, 'form')],
            'domain': [('id', 'in', ids)],
        }

    def action_block_sender(self):
        """Set aside whatever the senders write from now on."""
        self.check_access('read')
        addresses = {email_normalize(mail.email_from, strict=False) for mail in self}
        # sudo: agents block whom they get mail from; the list is the managers'
        self.env['service.mail.block'].sudo()._block(filter(None, addresses))
        return True

    # === MAIL GATEWAY === #

    @api.model
    def _keep(self, raw: bytes, msg_dict, reason: str, routes):
        """Keep a mail, once, with the team and the kind of case of its first route."""
        if self.search_count([('message_id', '=', msg_dict['message_id'])], limit=1):
            return self
        return self.create(self._prepare_kept(raw, msg_dict, reason, routes))

    @api.model
    def _prepare_kept(self, raw, msg_dict, reason, routes):
        team, case_model = self._get_addressee(raw, routes)
        text = html2plaintext(msg_dict.get('body') or '', include_references=False)
        return {
            'subject': get_subject(msg_dict.get('subject') or text[:PREVIEW_WIDTH]),
            'email_from': msg_dict['email_from'],
            'reason': reason,
            'preview': text[:PREVIEW_WIDTH],
            'raw': base64.b64encode(raw),
            'message_id': msg_dict['message_id'],
            'team_id': team.id,
            'company_id': team.company_id.id,
            'case_model': case_model,
        }

    @api.model
    def _get_addressee(self, raw, routes):
        """Return the team and the kind of case that a mail was for."""
        for model_name, thread_id, values, *_rest in routes:
            team = self.env['service.team'].browse((values or {}).get('team_id'))
            if thread_id:
                team = self.env[model_name].browse(thread_id).team_id
            if team:
                return team, model_name
        alias = self.env['mail.thread']._find_service_aliases(raw)[:1]
        return alias.team_id, alias.case_model

    @api.autovacuum
    def _gc_mails(self):
        """Forget what nobody has made a case of for half a year."""
        limit = fields.Datetime.now() - datetime.timedelta(days=KEPT_DAYS)
        old = self.search([('create_date', '<', limit)], limit=GC_UNLINK_LIMIT)
        old.unlink()
        return len(old), len(old) == GC_UNLINK_LIMIT
