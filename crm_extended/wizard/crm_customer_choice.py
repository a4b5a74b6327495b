from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CrmCustomerChoice(models.TransientModel):
    """Asks who is to be the customer of leads, where somebody is known who may be meant."""

    _name = 'crm.customer.choice'
    _description = 'Choice of Customers'
    _inherit = ['crm.linked.mixin']

    line_ids = fields.One2many(
        comodel_name='crm.customer.choice.line',
        inverse_name='wizard_id',
        string='Leads',
        default=lambda self: self._default_line_ids(),
    )

    def _default_line_ids(self):
        leads = self.env['crm.lead'].browse(self.env.context.get('crm_lead_ids') or ())
        return [Command.create({'lead_id': lead.id}) for lead in leads]

    # === ACTIONS === #

    def action_confirm(self):
        """Give each lead the customer that was chosen for it.

        :raise UserError: somebody is to be chosen still, or a lead got a customer meanwhile;
            then none is changed
        """
        self.ensure_one()
        leads = self.line_ids.lead_id
        leads._check_has_no_customer()
        self.line_ids._check_is_chosen()
        for line in self.line_ids:
            line._apply()
        return leads._get_crm_customers_notification()


class CrmCustomerChoiceLine(models.TransientModel):
    """Who is to be the customer of one lead."""

    _name = 'crm.customer.choice.line'
    _description = 'Choice of a Customer'
    _inherit = ['crm.linked.mixin']
    _parent_link = 'wizard_id'

    wizard_id = fields.Many2one(
        comodel_name='crm.customer.choice',
        required=True,
        ondelete='cascade',
    )
    lead_id = fields.Many2one(
        comodel_name='crm.lead',
        string='Lead/Opportunity',
        required=True,
        ondelete='cascade',
    )
    candidate_ids = fields.Many2many(
        comodel_name='res.partner',
        string='Known',
        compute='_compute_candidate_ids',
        help='Who has the number of the lead, and companies that may be the one that it names.',
    )
    partner_id = fields.Many2one(
        comodel_name='res.partner',
        string='Customer',
        help='The contact that becomes the customer. Of a company, the person whom the lead names '
        'becomes a contact.',
    )
    is_new = fields.Boolean(string='New', help='Create a new customer of what the lead tells.')

    # === COMPUTE === #

    @api.depends('lead_id')
    def _compute_candidate_ids(self):
        candidates = self.lead_id._get_crm_candidates()
        for line in self:
            line.candidate_ids = candidates.get(line.lead_id)

    # === ONCHANGE === #

    @api.onchange('partner_id')
    def _onchange_partner_id(self):
        if self.partner_id:
            self.is_new = False

    @api.onchange('is_new')
    def _onchange_is_new(self):
        if self.is_new:
            self.partner_id = False

    # === BUSINESS === #

    def _check_is_chosen(self):
        open_lines = self.filtered(lambda line: not (line.partner_id or line.is_new))
        if open_lines:
            raise UserError(
                self.env._(
                    'Choose a customer or tick "New" for %(leads)s.',
                    leads=open_lines.lead_id.mapped('name'),
                )
            )

    def _apply(self):
        self.ensure_one()
        if self.partner_id:
            self.lead_id._set_crm_customer(self.partner_id)
        else:
            self.lead_id._set_crm_new_customer()
