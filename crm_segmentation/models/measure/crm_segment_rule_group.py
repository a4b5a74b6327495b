from odoo import api, fields, models

from ...core.outline import MAX_LEVEL, Line


class CrmSegmentRule(models.Model):
    """A line of the rules is a rule on a metric, or the head of a group of the lines below it.

    The lines are an outline: what stands further in than a group, down to the next line that does
    not, is in the group. So there are no circles, and the list reads as it counts.
    """

    _inherit = 'crm.segment.rule'

    match = fields.Selection(
        selection=lambda self: self.env['crm.segment']._fields['match'].selection,
        string='Group',
        help='How many of the lines in the group must hold. A line without this is a rule on a '
        'metric. A group that has no rules in it does not count.',
    )
    match_count = fields.Integer(
        string='How Many',
        default=2,
        help='How many of the lines in the group must hold at least. Of fewer lines than that '
        'nobody satisfies the group.',
    )
    level = fields.Integer(
        string='Indented by',
        help='A line that stands further in than a group above it belongs to the group.',
    )

    _group_or_rule = models.Constraint(
        'CHECK ((match IS NULL) = (metric_id IS NOT NULL))',
        'A line is either a rule on a metric or a group of rules.',
    )
    _level_possible = models.Constraint(
        f'CHECK (level >= 0 AND level <= {MAX_LEVEL})',
        'Rules stand in groups within groups four times at most: join some groups, or make '
        'another segment of them and use that one.',
    )
    _match_count_possible = models.Constraint(
        "CHECK (match IS NULL OR match <> 'some' OR match_count >= 1)",
        'At least one of the lines of a group must hold.',
    )

    @api.onchange('match')
    def _onchange_match(self):
        if self.match:
            self.metric_id = False

    def _get_line(self):
        return Line(self.level, bool(self.match))

    def _prepare_explanation(self, answer):
        """A group says how many of its lines hold, and every line how far in it stands."""
        explanation = super()._prepare_explanation(answer)
        return {**explanation, 'level': self.level + 1}

    def _get_answer_text(self, answer):
        if not self.match:
            return super()._get_answer_text(answer)
        return self.segment_id._get_held_words(answer)
