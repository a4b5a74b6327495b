from odoo import api, fields, models
from odoo.fields import Domain


class ServiceCaseMixin(models.AbstractModel):
    """Which policy would cover a case now, whatever was promised before."""

    _inherit = 'service.case.mixin'

    covering_policy_id = fields.Many2one(
        'service.sla.policy',
        compute='_compute_covering_policy_id',
        search='_search_covering_policy_id',
        groups='base.group_user',
        help='The first service level policy that covers the case as it is now. What was promised '
        'before stays until policies are applied again.',
    )

    @api.depends(lambda self: self._get_sla_policy_fields())
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_covering_policy_id(self):
        for case, policy in self.env['service.sla.policy']._choose_policies(self).items():
            case.covering_policy_id = policy

    @api.model
    def _search_covering_policy_id(self, operator, value):
        if operator != 'in':
            return NotImplemented
        domain = self.env['service.sla.policy']._get_covered_domain(self, value)
        # sudo: what a policy asks of customers is not everybody's to search
        cases_sudo = self.sudo().with_context(active_test=False)
        return Domain('id', 'in', cases_sudo._search(domain))
