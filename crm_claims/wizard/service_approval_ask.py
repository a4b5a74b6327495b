from odoo import api, fields, models


class ServiceApprovalAsk(models.TransientModel):
    """Ask the leader of the team or a manager to approve something on a case."""

    _name = 'service.approval.ask'
    _description = 'Ask for Approval'
    _inherit = ['service.case.wizard']

    allowed_user_ids = fields.Many2many('res.users', compute='_compute_allowed_user_ids')
    user_id = fields.Many2one(
        'res.users',
        string='Approver',
        required=True,
        domain="[('id', 'in', allowed_user_ids)]",
        compute='_compute_user_id',
        store=True,
        readonly=False,
    )
    what_for = fields.Text(required=True)

    @api.depends_context('active_model', 'active_ids')
    def _compute_allowed_user_ids(self):
        for dialog in self:
            cases = dialog._get_asked_cases()
            allowed = self.env['res.users'].union(*(case._get_approvers() for case in cases))
            dialog.allowed_user_ids = allowed - self.env.user

    @api.depends('allowed_user_ids')
    def _compute_user_id(self):
        for dialog in self:
            leaders = dialog._get_asked_cases().team_id.leader_id & dialog.allowed_user_ids
            dialog.user_id = (leaders or dialog.allowed_user_ids)[:1]

    def _get_asked_cases(self):
        """Return the cases, none while the dialogue is not opened on any."""
        is_open = self.env.context.get('active_model')
        return self._get_cases() if is_open else self.env['service.ticket']

    def action_ask(self):
        """Ask for approval of the cases that the dialogue was opened on."""
        self.ensure_one()
        self._get_cases()._ask_approval(self.user_id, self.what_for)
        return {'type': 'ir.actions.act_window_close'}
