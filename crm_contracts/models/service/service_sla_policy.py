from odoo import fields, models
from odoo.fields import Domain


class ServiceSlaPolicy(models.Model):
    _inherit = 'service.sla.policy'

    contract_ids = fields.Many2many(
        'crm.contract',
        'crm_contract_service_sla_policy_rel',
        'policy_id',
        'contract_id',
        string='Contracts',
        check_company=True,
        ondelete='restrict',
        help='Cases that are handled under one of these contracts.',
    )

    def _get_case_domain(self, cases):
        domain = super()._get_case_domain(cases)
        # sudo: a promise does not depend on who may see the contracts
        contract_ids = self.sudo().contract_ids.ids
        return domain & Domain('contract_id', 'in', contract_ids) if contract_ids else domain

    def _get_condition_fields(self):
        return (*super()._get_condition_fields(), 'contract_ids')
