from odoo import models
from odoo.fields import Domain
from odoo.tools import email_normalize

from ...core.cases import CASE_MODELS

CASE_FIELDS = ('name', 'email_from', 'phone', 'description')
MAIL_FIELDS = ('subject', 'email_from', 'preview', 'raw')


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def _get_crm_personal_data(self):
        cases = [(self._find_crm_personal(model_name), CASE_FIELDS) for model_name in CASE_MODELS]
        return [*super()._get_crm_personal_data(), *cases, (self._find_mails_aside(), MAIL_FIELDS)]

    def _find_mails_aside(self):
        """Return what these people wrote and no case was made of."""
        # sudo: who asks what is known is to hear of everything
        mails = self.env['service.mail'].sudo()
        emails = set(filter(None, self.mapped('email_normalized')))
        alike = Domain.OR(Domain('email_from', 'ilike', email) for email in emails)
        # a longer address has this one in it, and is somebody else's
        return mails.search(alike).filtered(
            lambda mail: email_normalize(mail.email_from, strict=False) in emails
        )
