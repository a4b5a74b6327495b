from odoo import models

TEMPLATES = {
    'service.claim': 'crm_claims.mail_template_claim_merged',
    'service.ticket': 'crm_claims.mail_template_ticket_merged',
}


class ServiceCaseMixin(models.AbstractModel):
    """What a merge and its undoing mean to the customer: he is told, and promises go on."""

    _inherit = 'service.case.mixin'

    def _tell_merged(self):
        """Tell the customer, once and in his language, which number goes on."""
        self.ensure_one()
        template = self.env.ref(TEMPLATES[self._name], raise_if_not_found=False)
        if template and self.email_normalized:
            self._post_automatic_mail(template)

    def _get_merged_numbers(self) -> str:
        """Return the numbers of what was merged into this one; the templates ask for them."""
        # sudo: the customer's own cases, whoever may see them
        cases_sudo = self.sudo().with_context(active_test=False)
        merged = cases_sudo.search([('merged_into_id', '=', self.id)], order='id')
        return ', '.join(merged.mapped('number'))

    def _resume_after_unmerge(self):
        """The promises go on as if there had been no merge."""
        self._sync_sla()
        return super()._resume_after_unmerge()
