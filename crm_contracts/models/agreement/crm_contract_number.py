from odoo import models


class CrmContract(models.Model):
    """How contracts get their numbers: a series per company, made on first use."""

    _name = 'crm.contract'
    _inherit = ['crm.contract', 'service.autonumber.mixin']
    _number_field = 'code'
    _number_prefix = 'C'

    def _prepare_number_sequence(self, company):
        return {
            **super()._prepare_number_sequence(company),
            'name': self.env._('Contracts'),
            'padding': 4,
        }

    def _get_last_number(self, company):
        """Numbers that were typed, as those of an import, say nothing about the series."""
        return 0
