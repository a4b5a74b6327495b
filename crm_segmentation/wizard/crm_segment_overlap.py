from odoo import api, fields, models
from odoo.fields import Domain


class CrmSegmentOverlap(models.TransientModel):
    """Compares the members of two segments: only here, in both, only there."""

    _name = 'crm.segment.overlap'
    _description = 'Overlap of Two Segments'
    _inherit = ['crm.linked.mixin']

    first_id = fields.Many2one('crm.segment', string='Segment', required=True, ondelete='cascade')
    second_id = fields.Many2one(
        'crm.segment', string='Compared With', required=True, ondelete='cascade'
    )
    only_first_count = fields.Integer(string='Only in the First', compute='_compute_counts')
    both_count = fields.Integer(string='In Both', compute='_compute_counts')
    only_second_count = fields.Integer(string='Only in the Second', compute='_compute_counts')

    @api.depends('first_id', 'second_id')
    def _compute_counts(self):
        for overlap in self:
            partners = self.env['res.partner'].with_context(active_test=False)
            for name, domain in overlap._get_domains().items():
                overlap[f'{name}_count'] = partners.search_count(domain)

    def _get_domains(self):
        """Return {part of the picture: domain of its contacts}."""
        first = self.first_id._get_membership_domain()
        second = self.second_id._get_membership_domain()
        if not (self.first_id and self.second_id):
            return dict.fromkeys(('only_first', 'both', 'only_second'), Domain.FALSE)
        return {
            'only_first': first & ~second,
            'both': first & second,
            'only_second': second & ~first,
        }

    def action_view_only_first(self):
        """Open the contacts that belong to the first segment alone."""
        return self._view('only_first', self.first_id.name)

    def action_view_both(self):
        """Open the contacts that belong to both segments."""
        return self._view(
            'both',
            self.env._(
                '%(first)s and %(second)s', first=self.first_id.name, second=self.second_id.name
            ),
        )

    def action_view_only_second(self):
        """Open the contacts that belong to the second segment alone."""
        return self._view('only_second', self.second_id.name)

    def _view(self, part, name):
        self.ensure_one()
        return self.env['crm.segment']._get_members_action(name, self._get_domains()[part])
