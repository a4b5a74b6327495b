from odoo import models


class MailThread(models.AbstractModel):
    """Whatever somebody outside writes, on whichever document, may be the answer to a cadence."""

    _inherit = 'mail.thread'

    def _message_post_after_hook(self, message, msg_values):
        # sudo: who answers knows of no cadence, and a cadence is not the reader's to end
        self.env['crm.cadence.run'].sudo()._end_answered(message.sudo())
        return super()._message_post_after_hook(message, msg_values)
