from odoo import fields, models
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

    def _compute_application_statistics_hook(self):
        statistics = super()._compute_application_statistics_hook()
        if not self.env.user.has_group('sales_team.group_sale_salesman'):
            return statistics
        for partner in self.filtered('crm_contract_count'):
            statistics[partner.id].append(
                {
                    'iconClass': 'fa-file-text-o',
                    'value': partner.crm_contract_count,
                    'label': self.env._('Contracts'),
                    'tagClass': 'o_tag_color_10',
                }
            )
        return statistics

    def action_view_crm_contracts(self):
        """Open the contracts that the contracts counter counts."""
        return self._get_crm_counter_action(
            'crm_contract_count', 'crm_contracts.crm_contract_action'
        )
