from __future__ import annotations

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import is_html_empty


class ServiceCaseMixin(models.AbstractModel):
    """Answers to the customer: in one go with what the case becomes, one case or many."""

    _inherit = 'service.case.mixin'

    # === ACTIONS === #

    def action_answer(self):
        """Open the composer with an answer to the customer."""
        self.ensure_one()
        self.check_access('write')
        return {
            'name': self.env._('Reply'),
            'type': 'ir.actions.act_window',
            'res_model': 'mail.compose.message',
            'views': [(False, 'form')],
            'target': 'new',
            'context': self._prepare_composer_context(),
        }

    def action_send_and_wait(self, body=None):
        """Send an answer to the customers and wait for theirs; without a text open the composer.

        Refused with a UserError where the stage does not allow it; nothing is sent then.

        :param body: Markup, or plain text
        """
        return self._send_and_move(body, 'waiting')

    def action_send_and_solve(self, body=None):
        """Send an answer to the customers and close as solved; without a text open the composer.

        Refused with a UserError where the stage does not allow it; nothing is sent then.

        :param body: Markup, or plain text
        """
        return self._send_and_move(body, 'solved')

    # === BUSINESS METHODS === #

    def _send_and_move(self, body, stage_kind):
        if is_html_empty(body):
            return self.action_answer()
        self._send_answers(dict.fromkeys(self.ids, body))
        self._move_to_kind(stage_kind)
        return True

    def _send_answers(self, bodies):
        """Post to each case its answer to the customer, in the name of the user.

        :param bodies: {case id: text}
        """
        self.check_access('write')
        recipients = self._get_answer_recipients()
        self._check_answerable(recipients)
        for case in self:
            partners, addresses = recipients[case.id]
            case.message_post(
                body=bodies[case.id],
                message_type='comment',
                subtype_xmlid='mail.mt_comment',
                partner_ids=partners.ids,
                outgoing_email_to=', '.join(addresses) or False,
            )

    def _move_to_kind(self, stage_kind):
        """Move to the kind of stage; what is there already stays in its stage."""
        if stage_kind:
            self.filtered(lambda case: case.stage_kind != stage_kind)._transition_to(stage_kind)

    def _get_answer_recipients(self) -> dict:
        """Return {id: (contacts, addresses of nobody known)} whom an answer is for: who is outside,
        and the colleague whose own request it is."""
        suggested = self._message_get_suggested_recipients_batch(reply_discussion=True)
        partners = self.env['res.partner'].browse(
            entry['partner_id']
            for entries in suggested.values()
            for entry in entries
            if entry['partner_id']
        )
        # sudo: whether somebody is a colleague, of contacts that Odoo itself proposes
        outside = partners.sudo().filtered('partner_share').ids
        return {
            case.id: (
                case._get_asking_colleague()
                | partners.browse(
                    entry['partner_id']
                    for entry in suggested[case.id]
                    if entry['partner_id'] in outside
                ),
                [entry['email'] for entry in suggested[case.id] if not entry['partner_id']],
            )
            for case in self
        }

    def _get_asking_colleague(self):
        """Return the customer if it is a colleague: Odoo proposes none who follows the case."""
        # sudo: whether the customer is a colleague
        return (
            self.partner_id.sudo().filtered(lambda partner: not partner.partner_share).sudo(False)
        )

    def _check_answerable(self, recipients):
        for case in self:
            if not any(recipients[case.id]):
                raise UserError(
                    self.env._(
                        'Nobody is known to whom an answer to %(case)s could go. '
                        'Enter its customer or an e-mail address first.',
                        case=case.display_name,
                    )
                )

    def _search_public_messages(self, domain=Domain.TRUE, limit=None):
        """Return what was written to or by the customers, the newest first."""
        return self.env['mail.message'].search(
            Domain('model', '=', self._name)
            & Domain('res_id', 'in', self.ids)
            & Domain('message_type', 'in', ('comment', 'email'))
            & Domain('subtype_id.internal', '=', False)
            & domain,
            limit=limit,
        )

    def _search_crossing(self, seen_message_id):
        """Return what others than the user wrote to or for the customer after a message."""
        return self._search_public_messages(
            Domain('id', '>', seen_message_id)
            & Domain('author_id', '!=', self.env.user.partner_id.id)
        )

    def _prepare_composer_context(self):
        recipients = self._get_answer_recipients()
        self._check_answerable(recipients)
        partners, addresses = recipients[self.id]
        return {
            'default_model': self._name,
            'default_res_ids': self.ids,
            'default_composition_mode': 'comment',
            'default_subtype_xmlid': 'mail.mt_comment',
            'default_partner_ids': partners.ids,
            'default_service_email_to': ', '.join(addresses),
            'clicked_on_full_composer': True,
        }

    @api.model
    def mail_allowed_qweb_expressions(self):
        """What macros and templates may say of a case, whoever writes them."""
        return (
            *super().mail_allowed_qweb_expressions(),
            'object.number',
            'object.category_id.name',
            'object.company_id.name',
            'object.team_id.name',
            'object.stage_id.name',
        )
