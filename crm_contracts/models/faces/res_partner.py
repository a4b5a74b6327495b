from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = 'res.partner'

    crm_contract_count = fields.Integer(
        string='Contracts',
        compute='_compute_crm_counters',
        groups='sales_team.group_sale_salesman',
    )

    def _get_crm_counters(self):
        return {
            **super()._get_crm_counters(),
            'crm_contract_count': ('crm.contract', Domain.TRUE),
        }

    @api.model
    def _get_crm_statistics(self):
        return super()._get_crm_statistics() | {
            'crm_contract_count': ('fa-file-text-o', self.env._('Contracts'), 10),
        }

    def action_view_crm_contracts(self):
        """Open the contracts that the contracts counter counts."""
        return self._get_crm_counter_action(
            'crm_contract_count', 'crm_contracts.crm_contract_action'
        )
