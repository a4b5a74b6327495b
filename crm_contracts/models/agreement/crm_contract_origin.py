from odoo import fields, models


class CrmContract(models.Model):
    """Where a contract comes from: the opportunity that was won."""

    _inherit = 'crm.contract'

    opportunity_id = fields.Many2one(
        'crm.lead',
        check_company=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        tracking=True,
        domain="[('type', '=', 'opportunity')]",
        help='Opportunity that became the contract.',
    )

    def _get_opening_action(self):
        """Return the action that opens the contracts: one as a form, several as a list."""
        action = self.env['ir.actions.act_window']._for_xml_id('crm_contracts.crm_contract_action')
        if len(self) == 1:
            return {**action, 'views': [(False, 'form')], 'res_id': self.id}
        return {**action, 'domain': [('id', 'in', self.ids)], 'context': {'active_test': False}}
