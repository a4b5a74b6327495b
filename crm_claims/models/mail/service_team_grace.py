from odoo import fields, models


class ServiceTeam(models.Model):
    """How long an answer of the customer reopens what the team has closed."""

    _inherit = 'service.team'

    grace_days = fields.Integer(
        string='Days of Grace',
        default=14,
        help='So many days after closing, an answer of the customer reopens the case. Later ones '
        'open a new case that follows it; 0: all of them do.',
    )

    _grace_not_negative = models.Constraint(
        'CHECK (grace_days >= 0)',
        'The days of grace cannot be negative. Enter 0 to reopen nothing.',
    )
