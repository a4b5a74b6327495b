from odoo import api, models

from ...core.mail_signs import get_heads, get_report, is_machine_answer


class MailThread(models.AbstractModel):
    """The gateway, for answers that no person wrote: they are no contact with a customer."""

    _inherit = 'mail.thread'

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Give what a machine answers on a customer's document Odoo's type of absence notes.

        Who follows the document reads it as any other mail; what an addon made a note stays one.
        """
        documents = self.env['crm.interaction']._get_message_documents()
        is_answer = any(route[1] and route[0] in documents for route in routes or ())
        is_note = message_dict.get('is_internal')
        if is_answer and not is_note and _is_by_machine(message, message_dict):
            message_dict['message_type'] = 'out_of_office'
        return super()._message_route_process(message, message_dict, routes)


def _is_by_machine(message, message_dict):
    is_answer = is_machine_answer(get_heads(message), message_dict.get('subject') or '')
    return is_answer or get_report(message) is not None
