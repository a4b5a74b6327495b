from odoo import Command
from odoo.tests import Form

from ..common import ServiceCommon

COMPOSER = 'mail.email_compose_message_wizard_form'
GREETING = '<p>Dear <t t-out="object.partner_id.name"/>, about <t t-out="object.number"/>:</p>'
GREETING_ES = '<p>Hola <t t-out="object.partner_id.name"/>, sobre <t t-out="object.number"/>:</p>'


class DeskCommon(ServiceCommon):
    """A macro in two languages, and a Spanish customer beside the one of all tests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('es_ES')
        cls.spaniard = cls.env['res.partner'].create(
            {'name': 'Quesos Ibor', 'email': 'ibor@example.com', 'lang': 'es_ES'}
        )
        cls.tag = cls.env['service.tag'].create({'name': 'Asked'})
        cls.macro = cls.env['service.macro'].create(
            {
                'name': 'Ask for the serial number',
                'user_id': False,
                'body': GREETING,
                'stage_kind': 'waiting',
                'priority': '2',
                'tag_ids': [Command.set(cls.tag.ids)],
                'assignee': 'me',
                'activity_type_id': cls.env.ref('mail.mail_activity_data_call').id,
                'activity_summary': 'Ask again',
                'activity_days': 2,
            }
        )
        cls.macro.with_context(lang='es_ES').body = GREETING_ES

    def compose(self, case, user, **values):
        """Return the composer as the button of a case opens it, filled in by hand."""
        action = case.with_user(user).action_answer()
        composers = self.env['mail.compose.message'].with_user(user)
        form = Form(composers.with_context(**action['context']), view=COMPOSER)
        for name, value in values.items():
            setattr(form, name, value)
        return form.save()

    def get_answers(self, case):
        """Return what the customer was written, the oldest first."""
        comment = self.env.ref('mail.mt_comment')
        return case.message_ids.filtered(lambda message: message.subtype_id == comment).sorted('id')
