from odoo import api, fields, models


class CrmPrivacy(models.TransientModel):
    """Print what is known about people, or forget it."""

    _name = 'crm.privacy'
    _description = 'Personal Data'
    _inherit = ['crm.linked.mixin']

    partner_ids = fields.Many2many('res.partner', string='Contacts', required=True)
    summary = fields.Text(compute='_compute_summary', help='What is known, by kind.')

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get('active_model') == 'res.partner':
            values['partner_ids'] = [(6, 0, self.env.context.get('active_ids') or [])]
        return values

    @api.depends('partner_ids')
    def _compute_summary(self):
        for dialog in self:
            known = dialog.partner_ids._origin._get_crm_known() if dialog.partner_ids else []
            dialog.summary = '\n'.join(f'{title}: {len(rows)}' for title, rows in known)

    def action_print(self):
        """Print what is known about the contacts."""
        self.ensure_one()
        self.partner_ids._check_crm_privacy()
        report = self.env.ref('crm_extended.crm_privacy_report')
        return report.report_action(self.partner_ids)

    def action_anonymise(self):
        """Forget who the contacts are; refused as *Personal Data* refuses it."""
        self.ensure_one()
        self.partner_ids._anonymise()
        return {'type': 'ir.actions.act_window_close'}
