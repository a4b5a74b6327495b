from odoo import api, models


class ServiceClaimLine(models.Model):
    _inherit = 'service.claim.line'

    @api.model
    def _get_document_line_models(self):
        return [*super()._get_document_line_models(), 'account.move.line']
