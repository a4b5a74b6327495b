from odoo import fields, models


class ServiceTeamCapacity(models.Model):
    """How much a member of a team takes, measured against the others."""

    _name = 'service.team.capacity'
    _description = 'Capacity of a Team Member'
    _inherit = ['crm.linked.mixin']
    _order = 'team_id, id'
    _rec_name = 'user_id'
    _parent_link = 'team_id'

    team_id = fields.Many2one(
        'service.team',
        required=True,
        index=True,
        ondelete='cascade',
    )
    user_id = fields.Many2one(
        'res.users',
        string='Member',
        required=True,
        index=True,
        ondelete='cascade',
        domain="[('id', 'in', parent.member_ids)]",
    )
    capacity = fields.Float(
        required=True,
        default=1.0,
        help='2 takes twice as many cases as 1, 0.5 half as many, 0 none.',
    )

    _capacity_not_negative = models.Constraint(
        'CHECK (capacity >= 0)',
        'The capacity of a member cannot be negative. Enter 0 for who takes no cases.',
    )
    _member_unique = models.UniqueIndex(
        '(team_id, user_id)',
        'This member already has a capacity in the team.',
    )
