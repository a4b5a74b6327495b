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
    run_ids = fields.One2many('crm.cadence.run', 'cadence_id', string='Followed Up', readonly=True)
    days = fields.Integer(
        string='Working Days',
        compute='_compute_days',
        help='Working days from the start to the last step.',
    )
    running_count = fields.Integer(string='In Progress', compute='_compute_running_count')

    @api.depends('step_ids.delay_days')
    def _compute_days(self):
        for cadence in self:
            cadence.days = sum(cadence.step_ids.mapped('delay_days'))

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
            if set(cadence.sudo().run_ids.mapped('model_name')) - {cadence.model_name}:
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
            # sudo: who may archive the plan ends it for everybody
            self.sudo().run_ids._stop('archived')
        return result

    def action_view_running(self):
        """Open whom the cadence is going on with."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_extended.crm_cadence_run_action'
        )
        domain = [('cadence_id', '=', self.id), ('state', '=', 'running')]
        return action | {'domain': domain, 'context': {}}
