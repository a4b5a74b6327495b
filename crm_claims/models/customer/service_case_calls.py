from odoo import api, fields, models

SALESMAN = 'sales_team.group_sale_salesman'


class ServiceCaseMixin(models.AbstractModel):
    """The calls about a case, for who makes calls."""

    _inherit = 'service.case.mixin'

    crm_call_count = fields.Integer(
        string='Calls',
        compute='_compute_crm_call_count',
        groups=SALESMAN,
        help='Calls about the case that the user may see: planned, held and missed ones.',
    )

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_crm_call_count(self):
        link = self._get_crm_call_link()
        groups = self.env['crm.call']._read_group([(link, 'in', self.ids)], [link], ['__count'])
        counts = {case.id: count for case, count in groups}
        for case in self:
            case.crm_call_count = counts.get(case.id, 0)

    @api.model
    def _get_crm_call_link(self):
        """Return the field of a call that names such a case."""
        return f'{self._name.replace(".", "_")}_id'

    def action_log_crm_call(self):
        """Open the dialogue that logs a call with the customer about the case: the answer."""
        return self._get_crm_call_dialog('held')

    def action_plan_crm_call(self):
        """Open the dialogue that plans a call with the customer about the case."""
        return self._get_crm_call_dialog('planned')

    def _get_crm_call_dialog(self, state):
        self.ensure_one()
        self.check_access('read')
        return self.env['crm.call']._get_dialog_action(
            state,
            name=self.name,
            partner_id=self.partner_id.id,
            phone=self.phone,
            **{self._get_crm_call_link(): self.id},
        )

    def action_view_crm_calls(self):
        """Open the calls about the case."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('crm_extended.crm_call_action')
        link = self._get_crm_call_link()
        return {
            **action,
            'name': self.env._('Calls'),
            'domain': [(link, '=', self.id)],
            'context': {
                'default_name': self.name,
                'default_partner_id': self.partner_id.id,
                f'default_{link}': self.id,
            },
        }
