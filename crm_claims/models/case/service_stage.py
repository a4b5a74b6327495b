from odoo import fields, models

KINDS = [
    ('new', 'New'),
    ('open', 'In Progress'),
    ('waiting', 'Waiting'),
    ('solved', 'Solved'),
    ('rejected', 'Rejected'),
]


class ServiceStage(models.Model):
    """A column of the claims' or the tickets' board.

    Its kind, not its name, tells what the stage means: closing dates, transitions and
    statistics follow the kind.
    """

    _name = 'service.stage'
    _description = 'Service Stage'
    _inherit = ['crm.linked.mixin']
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        KINDS,
        required=True,
        default='open',
        help='What the stage means. Solved and Rejected close a case; Waiting is for an answer '
        'of somebody outside.',
    )
    fold = fields.Boolean(
        string='Folded in Kanban',
        help='Show the stage as a folded column in the kanban view.',
    )
    case_model = fields.Selection(
        [
            ('both', 'Claims and Tickets'),
            ('service.claim', 'Claims'),
            ('service.ticket', 'Tickets'),
        ],
        string='Used For',
        required=True,
        default='both',
    )
    team_ids = fields.Many2many(
        'service.team',
        string='Teams',
        help='Leave empty to offer the stage to every team.',
    )

    def _filter_for_team(self, team):
        """Keep the stages that cases of the given team may be in."""
        return self.filtered(lambda stage: not stage.team_ids or team in stage.team_ids)
