from odoo import api, fields, models


class CalendarEvent(models.Model):
    _name = 'calendar.event'
    _inherit = ['crm.linked.mixin', 'calendar.event']

    crm_call_id = fields.Many2one(
        comodel_name='crm.call',
        string='Call',
        index='btree_not_null',
        ondelete='set null',
        # a copy is none of the call's; making a recurrence, Odoo copies whatever field it may
        copy=False,
        groups='sales_team.group_sale_salesman',
        help='The call from which this meeting was planned.',
    )
    crm_partner_id = fields.Many2one(
        comodel_name='res.partner',
        string='Customer',
        compute='_compute_crm_partner_id',
        compute_sudo=True,
        store=True,
        index='btree_not_null',
        help='The company or person outside with whom the meeting is: the customer of its '
        'opportunity or call, else of the first guest who is no colleague.',
    )

    # === COMPUTE === #

    @api.depends(
        'partner_ids.commercial_partner_id',
        'partner_ids.partner_share',
        'opportunity_id.partner_id.commercial_partner_id',
        'crm_call_id.partner_id.commercial_partner_id',
    )
    def _compute_crm_partner_id(self):
        for event in self:
            event.crm_partner_id = event._get_crm_contact().commercial_partner_id

    # === CRUD === #

    @api.model
    def _get_guarded_links(self):
        return frozenset({'crm_call_id'})

    # === ACTIONS === #

    def action_log_crm_call(self):
        """Open the dialog that logs a call with the customer of the meeting."""
        return self._get_crm_call_dialog('held')

    def action_plan_crm_call(self):
        """Open the dialog that plans a call with the customer of the meeting."""
        return self._get_crm_call_dialog('planned')

    def action_open_crm_call(self):
        """Open the call from which the meeting was planned."""
        self.ensure_one()
        return self.crm_call_id.get_formview_action()

    # === BUSINESS === #

    def _get_crm_contact(self):
        """Return whom the meeting is with: a customer known otherwise, else the first guest."""
        self.ensure_one()
        known = self.opportunity_id.partner_id or self.crm_call_id.partner_id
        guests = self.partner_ids.filtered('partner_share')
        return known or guests[:1]

    def _get_crm_call_dialog(self, state):
        self.ensure_one()
        return self.env['crm.call']._get_dialog_action(
            state,
            name=self.name,
            lead_id=self.opportunity_id.id,
            partner_id=self.sudo()._get_crm_contact().id,
        )
