from odoo import fields, models


class CrmSegmentImportLine(models.TransientModel):
    """One segmentation or filter that was found, and what becomes of it."""

    _name = 'crm.segment.import.line'
    _description = 'Source of a Segment'
    _inherit = ['crm.linked.mixin']
    _parent_link = 'import_id'

    import_id = fields.Many2one(
        'crm.segment.import', string='Dialogue', required=True, ondelete='cascade'
    )
    selected = fields.Boolean(string='Import')
    origin = fields.Char(required=True)
    name = fields.Char()
    source = fields.Selection(
        [('classic', 'Classic segmentation'), ('mailing_filter', 'Mailing filter')]
    )
    problem = fields.Char(string='Cannot Be Imported')
    segment_id = fields.Many2one('crm.segment', string='Imported as', ondelete='cascade')
