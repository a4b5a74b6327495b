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

    def _get_crm_kept_data(self):
        """Tell what cases of others they see, and what is done for them again and again."""
        # sudo: who asks what is known is to hear of everything
        recurrences_sudo = self.env['service.recurrence'].sudo().with_context(active_test=False)
        recurrences = recurrences_sudo.search([('partner_id', 'in', self.ids)])
        shared = [(self._find_cases_of_others(model_name), ()) for model_name in CASE_MODELS]
        return [*super()._get_crm_kept_data(), (recurrences, ()), *shared]

    def _find_cases_of_others(self, model_name):
        # sudo: who asks what is known is to hear of everything
        cases_sudo = self.env[model_name].sudo().with_context(active_test=False)
        return cases_sudo.search([('shared_partner_ids', 'in', self.ids)])

    def _get_crm_traces(self):
        """Tell what merges remember of their cases."""
        # sudo: with what is kept from users
        mergings_sudo = self.env['service.case.merging'].sudo()
        for model_name in CASE_MODELS:
            cases = self._find_crm_personal(model_name)
            mergings_sudo |= mergings_sudo._find_of(model_name, cases.ids)
        return [*super()._get_crm_traces(), (mergings_sudo, ('case_model', 'date'))]

    def _find_mails_aside(self):
        """Return what these people wrote and no case was made of."""
        # sudo: who asks what is known is to hear of everything
        mails = self.env['service.mail'].sudo()
        emails = self._get_crm_emails()
        alike = Domain.OR(Domain('email_from', 'ilike', email) for email in emails)
        # a longer address has this one in it, and is somebody else's
        return mails.search(alike).filtered(
            lambda mail: email_normalize(mail.email_from, strict=False) in emails
        )
