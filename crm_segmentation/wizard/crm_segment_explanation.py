from odoo import api, fields, models
from odoo.fields import Domain


class CrmSegmentExplanation(models.TransientModel):
    """Shows why a contact belongs to a segment or does not, rule by rule."""

    _name = 'crm.segment.explanation'
    _description = 'Segment Explanation'
    _inherit = ['crm.linked.mixin']

    segment_id = fields.Many2one('crm.segment', required=True, ondelete='cascade')
    partner_id = fields.Many2one('res.partner', string='Contact', ondelete='cascade')
    membership_id = fields.Many2one('crm.segment.membership', compute='_compute_membership_id')
    date_in = fields.Datetime(related='membership_id.date_in')
    reason = fields.Selection(related='membership_id.reason')
    verdict = fields.Char(
        compute='_compute_verdict',
        help='Whether the contact belongs to the segment, and whether that changes with its next '
        'application. Who does not see what the author sees is told only the former.',
    )
    line_ids = fields.One2many(
        'crm.segment.explanation.line', 'explanation_id', compute='_compute_line_ids'
    )

    @api.depends('segment_id', 'partner_id')
    def _compute_membership_id(self):
        for explanation in self:
            explanation.membership_id = self.env['crm.segment.membership'].search(
                Domain('segment_id', '=', explanation.segment_id.id)
                & Domain('partner_id', '=', explanation.partner_id.id)
                & Domain('date_out', '=', False),
                limit=1,
            )

    @api.depends('segment_id', 'partner_id')
    def _compute_line_ids(self):
        lines = self.env['crm.segment.explanation.line']
        for explanation in self:
            explanation.line_ids = lines.concat(*map(lines.new, explanation._prepare_lines()))

    @api.depends('line_ids')
    def _compute_verdict(self):
        for explanation in self:
            explanation.verdict = explanation._get_verdict()

    def _get_verdict(self):
        partner = self.partner_id._origin
        if not (self.segment_id and partner):
            return False
        belongs = bool(self.membership_id)
        is_hidden = any(self.line_ids.mapped('is_hidden'))
        stays = belongs if is_hidden else partner in self.segment_id._filter_taken(partner)
        sentences = {
            (True, True): self.env._('Belongs to the segment.'),
            (True, False): self.env._(
                'Belongs to the segment, and leaves when it is applied next.'
            ),
            (False, True): self.env._(
                'Does not belong to the segment yet, and enters when it is applied next.'
            ),
            (False, False): self.env._('Does not belong to the segment.'),
        }
        return sentences[belongs, stays]

    def _prepare_lines(self):
        """Return the values of the lines: the criteria, each rule, the lists, the result."""
        segment, partner = self.segment_id, self.partner_id._origin
        if not (segment and partner):
            return []
        parts = segment._explain_parts(partner)[partner.id]
        measured = segment._explain(partner)[partner.id]
        return [
            self._prepare_criteria_line(parts['criteria']),
            *self._prepare_rule_lines(measured),
            *self._prepare_cut_lines(),
            {'name': self.env._('Always included'), 'holds': parts['included']},
            {
                'name': self.env._('Always excluded, or taken by the group'),
                'holds': parts['barred'],
            },
            *self._prepare_suppression_lines(),
            {'name': self.env._('Member now'), 'holds': bool(self.membership_id)},
        ]

    def _prepare_rule_lines(self, measured):
        """Return the lines of all rules together, and below it those of each group and rule.

        :param measured: what :meth:`crm.segment._explain` says of the contact
        """
        if 0 not in measured:
            return []
        segment, whole = self.segment_id, measured[0]
        return [
            {
                'name': segment._get_match_words(segment.match, segment.match_count),
                'measured': segment._get_held_words(whole),
                'holds': bool(whole['holds']),
                'is_hidden': whole['hidden'],
            },
            *(
                line._prepare_explanation(measured[line.id])
                for line in segment.rule_ids
                if line.id in measured
            ),
        ]

    def _prepare_cut_lines(self):
        segment, partner = self.segment_id, self.partner_id._origin
        if not segment._has_cut():
            return []
        holds = segment._explain_cut(partner)[partner.id]
        labels = dict(segment._fields['cut']._description_selection(self.env))
        return [self._prepare_told_line(labels[segment.cut], holds)]

    def _prepare_suppression_lines(self):
        """Return a line for each list that keeps the contact out."""
        partner = self.partner_id._origin
        lists = self.segment_id._get_suppressing(partner).get(partner, self.segment_id.browse())
        return [
            {
                'name': self.env._('On the suppression list "%(segment)s"', segment=one.name),
                'holds': True,
            }
            for one in lists
        ]

    def _prepare_criteria_line(self, holds):
        """Return the line on the criteria; None is what the reader would measure otherwise."""
        return self._prepare_told_line(self.env._('Criteria'), holds)

    def _prepare_told_line(self, name, holds):
        is_hidden = holds is None
        return {
            'name': name,
            'measured': is_hidden and self.env._('not visible to you'),
            'holds': bool(holds),
            'is_hidden': is_hidden,
        }
