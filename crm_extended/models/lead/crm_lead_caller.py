from odoo import api, models

from ...core.companies import get_company_key


class CrmLead(models.Model):
    """The lead of somebody whose number is known, unless he says that he is somebody else."""

    _inherit = 'crm.lead'
    _caller_facts = (
        'partner_id',
        'phone',
        'company_id',
        'country_id',
        'email_from',
        'contact_name',
        'partner_name',
    )

    @api.model
    def _get_caller_numbers(self, facts):
        """Ask for nobody where the company of a lead is given: core takes it as the customer."""
        return [] if facts.get('commercial_partner_id') else super()._get_caller_numbers(facts)

    @api.model
    def _is_caller(self, facts, partner):
        """Colleagues share a switchboard: a name that is told has to be the contact's."""
        if not super()._is_caller(facts, partner):
            return False
        if facts.get('contact_name'):
            return _are_same(facts['contact_name'], partner.name)
        told = facts.get('partner_name')
        return not told or _are_same(told, partner.commercial_partner_id.name)

    def _get_partner_phone_update(self, force_void=True):
        """Keep all numbers of a contact with several when the lead has one of them."""
        is_other = super()._get_partner_phone_update(force_void)
        return is_other and not self._is_number_of(self.partner_id)


def _are_same(one, other):
    """Tell whether two names have the same words, in whatever order."""
    return set(get_company_key(one).split()) == set(get_company_key(other or '').split())
