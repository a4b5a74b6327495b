from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def _get_crm_counters(self):
        """Declare the smart buttons of the customer card.

        Upper addons extend the mapping and declare each field with
        ``compute='_compute_crm_counters'``.

        :return: {counter field: (model, domain)}; the model needs a ``partner_id``.
        """
        return {}

    def _compute_crm_counters(self):
        """Count the documents of each partner and of everybody below it in the hierarchy.

        Archived documents count too; what the user may not read does not.
        """
        family = self._fetch_children_partners_for_hierarchy()
        for field_name, (model_name, domain) in self._get_crm_counters().items():
            counts = self._count_crm_documents(model_name, domain, family)
            for partner in self:
                partner[field_name] = counts.get(partner.id, 0)

    def _count_crm_documents(self, model_name, domain, family):
        documents = self.env[model_name].with_context(active_test=False)
        counts = {}
        if not documents.has_access('read'):
            return counts
        groups = documents._read_group(
            Domain('partner_id', 'in', family.ids) & domain, ['partner_id'], ['__count'],
        )
        for partner, count in groups:
            while partner:
                counts[partner.id] = counts.get(partner.id, 0) + count
                partner = partner.parent_id
        return counts

    def _get_crm_counter_action(self, field_name, action_xmlid):
        """Return the window action that lists exactly what the counter counted."""
        _model_name, domain = self._get_crm_counters()[field_name]
        action = self.env['ir.actions.act_window']._for_xml_id(action_xmlid)
        action['domain'] = list(Domain('partner_id', 'child_of', self.ids) & domain)
        action['context'] = {'active_test': False}
        return action
