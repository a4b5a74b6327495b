from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmCadence(models.Model):
    """Steps by which leads or customers are followed up until they answer."""

    _name = 'crm.cadence'
    _description = 'Cadence'
    _inherit = ['crm.linked.mixin']
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True, help='An archived cadence stops with whomever it is going on.'
    )
    model_name = fields.Selection(
        selection=[('crm.lead', 'Leads and Opportunities'), ('res.partner', 'Customers')],
        string='For',
        required=True,
        default='crm.lead',
    )
    company_id = fields.Many2one('res.company', help='Empty for all companies.')
    step_ids = fields.One2many('crm.cadence.step', 'cadence_id', string='Steps', copy=True)
    working_days = fields.Integer(
        compute='_compute_working_days',
        help='Working days from the start to the last step.',
    )
    running_count = fields.Integer(string='In Progress', compute='_compute_running_count')

    @api.depends('step_ids.delay_days')
    def _compute_working_days(self):
        for cadence in self:
            cadence.working_days = sum(cadence.step_ids.mapped('delay_days'))

    @api.depends_context('uid')
    def _compute_running_count(self):
        running = dict(
            self.env['crm.cadence.run']._read_group(
                [('cadence_id', 'in', self.ids), ('state', '=', 'running')],
                ['cadence_id'],
                ['__count'],
            )
        )
        for cadence in self:
            cadence.running_count = running.get(cadence._origin, 0)

    @api.constrains('model_name')
    def _check_templates(self):
        self.step_ids._check_template_model()

    @api.constrains('model_name')
    def _check_followed_up(self):
        """Whom a cadence goes on with stays what it is for."""
        for cadence in self:
            if set(cadence._get_runs_sudo().mapped('model_name')) - {cadence.model_name}:
                raise ValidationError(
                    self.env._(
                        'The cadence "%(cadence)s" has been used: make another one for others.',
                        cadence=cadence.name,
                    )
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if 'name' not in (default or {}):
            for cadence, vals in zip(self, vals_list, strict=True):
                vals['name'] = self.env._('%s (copy)', cadence.name)
        return vals_list

    def write(self, vals):
        result = super().write(vals)
        if vals.get('active') is False:
            self._get_runs_sudo()._stop('archived')
        return result

    def _get_runs_sudo(self):
        # sudo: the plan is the same for everybody whom it is going on with
        return self.env['crm.cadence.run'].sudo().search([('cadence_id', 'in', self.ids)])

    def action_view_running(self):
        """Open whom the cadence is going on with."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_extended.crm_cadence_run_action'
        )
        domain = [('cadence_id', '=', self.id), ('state', '=', 'running')]
        return action | {'domain': domain, 'context': {}}
