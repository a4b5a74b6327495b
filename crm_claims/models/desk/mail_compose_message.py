from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from ...core.answers import insert_text


class MailComposeMessage(models.TransientModel):
    """Answers to customers: with a macro, with what the case becomes, and with a question first
    if somebody else wrote in the meantime."""

    _name = 'mail.compose.message'
    _inherit = ['crm.linked.mixin', 'mail.compose.message']

    service_is_case = fields.Boolean(compute='_compute_service_is_case')
    service_macro_id = fields.Many2one(
        'service.macro',
        string='Macro',
        ondelete='cascade',
        domain="[('case_model', 'in', ('both', model))]",
        help='Its text is inserted to be edited; the rest happens when the answer is sent.',
    )
    service_email_to = fields.Char(
        string='Also to',
        help='Addresses of people who are no contacts, separated by commas.',
    )
    service_move = fields.Selection(
        [('waiting', 'Waiting'), ('solved', 'Solved')],
        help='What the case becomes when the answer is sent.',
    )
    service_seen_message_id = fields.Integer(
        compute='_compute_service_seen_message_id',
        store=True,
        readonly=False,
        help='The last message to or from the customer when the answer was begun.',
    )
    service_crossing = fields.Html(
        readonly=True,
        help='What others wrote to or for the customer since the answer was begun.',
    )

    # === COMPUTE METHODS === #

    @api.depends('model')
    def _compute_service_is_case(self):
        for composer in self:
            composer.service_is_case = self.env['mail.thread']._is_case_model(composer.model)

    @api.depends('model', 'res_ids')
    def _compute_service_seen_message_id(self):
        for composer in self:
            cases = composer._get_service_cases()
            messages = cases and cases._search_public_messages(limit=1)
            composer.service_seen_message_id = messages.id if messages else 0

    @api.onchange('service_macro_id')
    def _onchange_service_macro_id(self):
        cases = self._get_service_cases()
        if self.service_macro_id._has_text() and len(cases) == 1:
            text = self.service_macro_id._render_texts(cases)[cases.id]
            self.body = insert_text(self.body or '', text)

    # === ACTIONS === #

    def action_send_mail(self):
        """Send; ask first if somebody else wrote to or for the customer in the meantime."""
        return self._ask_about_crossing() or super().action_send_mail()

    def action_send_and_wait(self):
        """Send the answer and wait for that of the customer."""
        self.service_move = 'waiting'
        return self.action_send_mail()

    def action_send_and_solve(self):
        """Send the answer and close the case as solved."""
        self.service_move = 'solved'
        return self.action_send_mail()

    def action_schedule_message(self):
        """Send later; what a macro does besides its text has its moment at sending."""
        if self.service_macro_id:
            raise UserError(
                self.env._(
                    'What the macro %(macro)s does happens when the answer is sent. '
                    'To send the text later, take the macro out: the text stays.',
                    macro=self.service_macro_id.display_name,
                )
            )
        return super().action_schedule_message()

    # === BUSINESS METHODS === #

    def _get_service_cases(self):
        """Return the cases that are answered; none if the composer is for something else."""
        self.ensure_one()
        return self.env[self.model].browse(self._evaluate_res_ids()) if self.service_is_case else ()

    def _ask_about_crossing(self):
        """Return the dialog with what crossed the answer, False if nothing did."""
        if len(self) != 1 or self.composition_mode != 'comment' or self.subtype_is_log:
            return False
        cases = self._get_service_cases()
        crossing = cases and cases._search_crossing(self.service_seen_message_id)
        if not crossing:
            return False
        self.write(
            {
                'service_crossing': self._prepare_crossing(crossing),
                'service_seen_message_id': max(crossing.ids),
                'service_move': False,
            }
        )
        return self._get_reopening()

    @api.model
    def _prepare_crossing(self, messages):
        return Markup().join(
            Markup('<p><strong>%s</strong>: %s</p>')
            % (message.author_id.name or message.email_from, html2plaintext(message.body)[:300])
            for message in messages
        )

    def _get_reopening(self):
        return {
            'name': self.env._('Somebody else wrote in the meantime'),
            'type': 'ir.actions.act_window',
            'res_model': self._name,
            'res_id': self.id,
            'views': [(False, 'form')],
            'target': 'new',
            'context': self.env.context,
        }

    def _prepare_mail_values_rendered(self, res_ids):
        values = super()._prepare_mail_values_rendered(res_ids)
        if self.service_email_to:
            for message_values in values.values():
                message_values['outgoing_email_to'] = self.service_email_to
        return values

    def _action_send_mail_comment(self, res_ids):
        messages = super()._action_send_mail_comment(res_ids)
        if self.service_is_case:
            self._finish_answers(self.env[self.model].browse(res_ids))
        return messages

    def _finish_answers(self, cases):
        if self.service_macro_id:
            self.service_macro_id._apply_to(cases, self.service_move)
        else:
            cases._move_to_kind(self.service_move)
