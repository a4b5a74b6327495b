from odoo import fields, models


class CrmSegmentExplanationLine(models.TransientModel):
    """One of the conditions of a segment and what it says of a contact."""

    _name = 'crm.segment.explanation.line'
    _description = 'Segment Explanation Line'
    _inherit = ['crm.linked.mixin']
    _parent_link = 'explanation_id'

    explanation_id = fields.Many2one('crm.segment.explanation', ondelete='cascade')
    name = fields.Char(string='Condition', readonly=True)
    level = fields.Integer(
        readonly=True, help='How far in the line stands: what is in a group stands further in.'
    )
    measured = fields.Char(readonly=True, help='What the metric of the rule is for the contact.')
    holds = fields.Boolean(readonly=True)
    is_hidden = fields.Boolean(
        readonly=True, help='Measured on documents that you may not see, as the author does.'
    )
