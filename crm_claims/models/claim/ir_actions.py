from odoo import api, models, tools
from odoo.tools import frozendict


class IrActionsActions(models.Model):
    _inherit = 'ir.actions.actions'

    @api.model
    @tools.ormcache('model_name', 'self.env.lang')
    def _get_bindings(self, model_name):
        """Offer to claim on every kind of document that is installed, whichever that is."""
        bindings = super()._get_bindings(model_name)
        documents = dict(self.env['service.claim.line']._selection_document())
        if model_name not in documents:
            return bindings
        action = self.env.ref('crm_claims.service_claim_pick_action').sudo()
        claim = frozendict(
            id=action.id,
            name=action.name,
            binding_view_types='form',
            group_ids=list(action.group_ids._ensure_xml_id().values()),
            res_model=action.res_model,
        )
        return frozendict(bindings, action=(*bindings.get('action', ()), claim))
