from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    crm_health_url = fields.Char(
        string='Address of the Health',
        compute='_compute_crm_health_url',
        groups='base.group_system',
        help='What a monitoring system asks. Whoever knows it reads states and numbers.',
    )

    def _compute_crm_health_url(self):
        url = self.env['crm.health']._get_door_url()
        for settings in self:
            settings.crm_health_url = url

    def action_open_crm_health(self):
        """Give monitoring an address, or a new one in the place of the old."""
        self.env['crm.health']._open_door()
        return {'type': 'ir.actions.client', 'tag': 'reload'}

    def action_close_crm_health(self):
        """Answer no monitoring any more."""
        self.env['crm.health']._close_door()
        return {'type': 'ir.actions.client', 'tag': 'reload'}
