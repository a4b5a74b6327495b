from odoo import api, fields, models


class CrmCadenceStart(models.TransientModel):
    """Choose the cadence that follows leads or customers up."""

    _name = 'crm.cadence.start'
    _description = 'Start a Cadence'
    _inherit = ['crm.linked.mixin']

    model_name = fields.Selection(
        selection=[('crm.lead', 'Leads and Opportunities'), ('res.partner', 'Customers')],
        required=True,
    )
    lead_ids = fields.Many2many('crm.lead', string='Leads')
    partner_ids = fields.Many2many('res.partner', string='Customers')
    number = fields.Integer(string='Chosen', compute='_compute_number')
    cadence_id = fields.Many2one(
        'crm.cadence', required=True, domain="[('model_name', '=', model_name)]"
    )
    step_ids = fields.One2many(related='cadence_id.step_ids')

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        model_name = self.env.context.get('active_model')
        ids = self.env.context.get('active_ids') or []
        if model_name in ('crm.lead', 'res.partner'):
            values['model_name'] = model_name
            values['lead_ids' if model_name == 'crm.lead' else 'partner_ids'] = [(6, 0, ids)]
            cadences = self.env['crm.cadence'].search([('model_name', '=', model_name)], limit=2)
            if len(cadences) == 1:
                values['cadence_id'] = cadences.id
        return values

    @api.depends('lead_ids', 'partner_ids')
    def _compute_number(self):
        for dialog in self:
            dialog.number = len(dialog._get_documents())

    def _get_documents(self):
        return self.lead_ids if self.model_name == 'crm.lead' else self.partner_ids

    def action_apply(self):
        """Start the cadence; with those with whom it is going on it goes on."""
        self.ensure_one()
        self.env['crm.cadence.run']._start(self.cadence_id, self._get_documents())
        return {'type': 'ir.actions.act_window_close'}
