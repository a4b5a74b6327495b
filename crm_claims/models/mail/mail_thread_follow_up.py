from odoo import api, models

from odoo.addons.crm_extended.core.mail_signs import get_heads, is_machine_answer


class MailThread(models.AbstractModel):
    """The gateway, for answers that come after the days of grace."""

    _inherit = 'mail.thread'

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Open a new case for what a customer answers to one that was closed long ago."""
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        if is_machine_answer(get_heads(message), message_dict.get('subject') or ''):
            return routes
        author = self.env['res.partner'].browse(message_dict.get('author_id') or [])
        return [self._redirect_to_follow_up(route, author) for route in routes]

    @api.model
    def _redirect_to_follow_up(self, route, author):
        model_name, thread_id, alias_values, *rest = route
        if not (thread_id and self._is_case_model(model_name)):
            return route
        case = self.env[model_name].sudo().browse(thread_id)
        is_colleague = author and not author.partner_share and author != case.partner_id
        if is_colleague or case.is_spam or not case._is_past_grace():
            return route
        follow_up = case._get_current_follow_up()
        if follow_up:
            return (model_name, follow_up.id, alias_values, *rest)
        values = case._prepare_follow_up_values()
        del values['email_from']  # it is the sender's
        return (model_name, False, values, *rest)
