from odoo import models

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
        found = mails.browse()
        for email in filter(None, self.mapped('email_normalized')):
            found |= mails.search([('email_from', '=ilike', f'%{email}%')])
        return found
