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
    timer_minutes = fields.Integer(
        string='Timer Rounds up to',
        default=1,
        help='Minutes: what a timer books is so many of them that were begun. What is charged of '
        'it is for the contract to round.',
    )
    biller_id = fields.Many2one(
        'res.users',
        string='Credit Notes by',
        check_company=True,
        index='btree_not_null',
        ondelete='set null',
        domain=[('share', '=', False)],
        help='Who is asked to make what claims of the team grant, where the agent may not. Empty: '
        'who made the invoice.',
    )

    _timer_minutes_positive = models.Constraint(
        'CHECK (timer_minutes > 0)', 'A timer rounds up to one minute or more.'
    )
