from odoo import api, fields, models

from .crm_health import AREAS, STATES


class CrmHealthLine(models.TransientModel):
    """What was looked at, how it is, what to do, and the way to it."""

    _name = 'crm.health.line'
    _description = 'Health Check'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin']
    _parent_link = 'health_id'
    _order = 'id'

    health_id = fields.Many2one(
        'crm.health', required=True, readonly=True, index=True, ondelete='cascade'
    )
    key = fields.Char(required=True, readonly=True, help='The name that monitoring knows.')
    area = fields.Selection(AREAS, required=True, readonly=True)
    name = fields.Char(string='Subject', required=True, readonly=True)
    state = fields.Selection(STATES, string='Status', required=True, readonly=True)
    count = fields.Integer(
        string='Number', readonly=True, help='How many there are; of a job, how often it failed.'
    )
    detail = fields.Char(string='Details', readonly=True)
    advice = fields.Char(string='What to Do', readonly=True)
    model_name = fields.Char(string='Model', readonly=True)
    domain = fields.Json(readonly=True, help='Which documents are counted.')
    res_id = fields.Integer(string='Document', readonly=True)
    can_open = fields.Boolean(compute='_compute_can_open', help='You may see all that is counted.')

    @api.depends('model_name', 'domain', 'res_id', 'count')
    def _compute_can_open(self):
        for line in self:
            line.can_open = bool(line.model_name) and line._is_seen()

    def _is_seen(self):
        """Tell whether a list with the rights and companies of the user holds what is counted."""
        documents = self.env[self.model_name].sudo(False).with_context(active_test=False)
        if not documents.has_access('read'):
            return False
        if self.res_id:
            return documents.browse(self.res_id).has_access('read')
        return bool(self.count) and documents.search_count(self.domain or []) == self.count

    def action_open(self):
        """Open what was counted, or the job."""
        self.ensure_one()
        action = {
            'type': 'ir.actions.act_window',
            'name': self.name,
            'res_model': self.model_name,
            'views': [(False, 'list'), (False, 'form')],
            'domain': self.domain or [],
            'context': {'active_test': False, 'create': False},
        }
        if self.res_id:
            action |= {'res_id': self.res_id, 'views': [(False, 'form')], 'domain': []}
        return action
