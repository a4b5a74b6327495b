from odoo import api, fields, models
from odoo.fields import Domain


class CrmSegmentExplanation(models.TransientModel):
    """Shows why a contact belongs to a segment or does not, rule by rule."""

    _name = 'crm.segment.explanation'
    _description = 'Segment Explanation'

    segment_id = fields.Many2one('crm.segment', required=True, ondelete='cascade')
    partner_id = fields.Many2one('res.partner', string='Contact', ondelete='cascade')
    membership_id = fields.Many2one('crm.segment.membership', compute='_compute_membership_id')
    date_in = fields.Datetime(related='membership_id.date_in')
    reason = fields.Selection(related='membership_id.reason')
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

    def _prepare_lines(self):
        """Return the values of the lines: the criteria, each rule, the lists, the result."""
        segment, partner = self.segment_id, self.partner_id._origin
        if not (segment and partner):
            return []
        parts = segment._explain_parts(partner)[partner.id]
        measured = segment._explain(partner)[partner.id]
        return [
            {'name': self.env._('Criteria'), 'holds': parts['criteria']},
            *(rule._prepare_explanation(measured[rule.id]) for rule in segment.rule_ids),
            {'name': self.env._('Always included'), 'holds': parts['included']},
            {
                'name': self.env._('Always excluded, or taken by the group'),
                'holds': parts['barred'],
            },
            {'name': self.env._('Member now'), 'holds': bool(self.membership_id)},
        ]
