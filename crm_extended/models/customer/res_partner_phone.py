from odoo import models
from odoo.fields import Domain

from .crm_call_card import SHOWN


class ResPartner(models.Model):
    """What is open with a customer, as buttons for who answers the phone."""

    _inherit = 'res.partner'

    def _get_crm_phone_documents(self):
        """Return {model: (title, icon, domain)} of what is open with the customer's company.

        Upper addons add theirs; ``_get_crm_company_domain`` says whose it is. Only what the user
        may read is shown.
        """
        is_open = Domain('won_status', '=', 'pending')
        return {'crm.lead': (self.env._('Opportunities'), 'fa-star', is_open)}

    def _get_crm_company_domain(self):
        """Return the documents of the customer, its company and all contacts there."""
        self.ensure_one()
        return Domain('partner_id.commercial_partner_id', '=', self.commercial_partner_id.id)

    def _get_crm_phone_groups(self):
        """Return the documents that are open, the first of each kind as buttons."""
        groups = []
        for model_name, (title, icon, domain) in self._get_crm_phone_documents().items():
            documents = self.env[model_name]
            if documents.has_access('read'):
                domain &= self._get_crm_company_domain()
                found = documents.search_fetch(domain, ['display_name'], limit=SHOWN + 1)
                groups.append(self._prepare_crm_phone_group(title, icon, domain, found))
        return [group for group in groups if group['records']]

    def _prepare_crm_phone_group(self, title, icon, domain, found):
        return {
            'title': title,
            'icon': icon,
            'model': found._name,
            'domain': list(domain),
            'has_more': len(found) > SHOWN,
            'records': [{'id': one.id, 'name': one.display_name} for one in found[:SHOWN]],
        }

    def _get_crm_phone_buttons(self):
        return [{'id': partner.id, 'name': partner.display_name} for partner in self]
