from odoo import api, fields, models


class CrmContract(models.Model):
    """The cases that recur under a contract."""

    _inherit = 'crm.contract'

    service_recurrence_ids = fields.One2many(
        'service.recurrence',
        'contract_id',
        string='Recurring Cases',
        groups='crm_claims.crm_claims_group_agent,sales_team.group_sale_salesman',
    )
    service_recurrence_count = fields.Integer(
        compute='_compute_service_recurrence_count',
        groups='crm_claims.crm_claims_group_agent,sales_team.group_sale_salesman',
    )

    @api.depends('service_recurrence_ids')
    def _compute_service_recurrence_count(self):
        counts = dict(
            self.env['service.recurrence']._read_group(
                [('contract_id', 'in', self.ids)], ['contract_id'], ['__count']
            )
        )
        for contract in self:
            contract.service_recurrence_count = counts.get(contract._origin, 0)

    def action_view_service_recurrences(self):
        """Open what recurs under the contract; a new one belongs to it."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_claims.service_recurrence_action'
        )
        action['domain'] = [('contract_id', '=', self.id)]
        action['context'] = {
            'default_contract_id': self.id,
            'default_partner_id': self.partner_id.id,
            'default_company_id': self.company_id.id,
            'default_name': self.name,
        }
        return action
