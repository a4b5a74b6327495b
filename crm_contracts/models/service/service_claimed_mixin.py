from odoo import fields, models


class ServiceClaimedMixin(models.AbstractModel):
    """Documents that show the claims about them, and those that they were made for."""

    _name = 'service.claimed.mixin'
    _description = 'Document of Claims'

    service_claim_count = fields.Integer(
        string='Claims',
        compute='_compute_service_claim_count',
        groups='crm_claims.crm_claims_group_agent,sales_team.group_sale_salesman',
        help='Claims about the document or for which it was made, as far as the user sees them.',
    )

    def _compute_service_claim_count(self):
        claims = self._get_service_claims()
        for document in self:
            document.service_claim_count = len(claims.get(document.id, ()))

    def _get_service_claims(self):
        """Return {id of a document: claims that the user may see}, in one query."""
        keys = {f'{self._name},{id_}': id_ for id_ in self.ids}
        found = {}
        lines = self.env['service.claim.line'].search_fetch(
            ['|', ('document', 'in', list(keys)), ('outcome_document', 'in', list(keys))],
            ['claim_id', 'document', 'outcome_document'],
        )
        for line in lines:
            for document in (line.document, line.outcome_document):
                if document and document._name == self._name:
                    found.setdefault(document.id, set()).add(line.claim_id.id)
        return found

    def action_view_service_claims(self):
        """Open the claims about the document, and those that it was made for."""
        self.ensure_one()
        claims = self.env['service.claim'].browse(self._get_service_claims().get(self.id, ()))
        if len(claims) == 1:
            return claims.get_formview_action()
        action = self.env['ir.actions.act_window']._for_xml_id('crm_claims.service_claim_action')
        return {
            **action,
            'views': [(False, 'list'), (False, 'form')],
            'domain': [('id', 'in', claims.ids)],
            'context': {'create': False},
        }
