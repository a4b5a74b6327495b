from odoo import fields, models


class ServiceTeam(models.Model):
    _inherit = 'service.team'

    project_id = fields.Many2one(
        'project.project',
        check_company=True,
        index='btree_not_null',
        ondelete='set null',
        help='Where tickets of the team become tasks.',
    )
