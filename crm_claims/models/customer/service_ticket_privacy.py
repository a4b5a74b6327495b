from odoo import models


class ServiceTicket(models.Model):
    """What is split from a private ticket, and the claim that it becomes, are private too."""

    _inherit = 'service.ticket'

    def _prepare_split_values(self):
        return {**super()._prepare_split_values(), 'is_private': self.is_private}

    def _prepare_claim_values(self):
        return {**super()._prepare_claim_values(), 'is_private': self.is_private}
