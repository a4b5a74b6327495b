from odoo import api, fields, models
from odoo.fields import Domain

# Since the first day of the month, where the reader lives.
THIS_MONTH = 'today =1d'
MOVES = {'entered_this_month': 'date_in', 'left_this_month': 'date_out'}


class CrmSegment(models.Model):
    """Says who came and went this month, and how segments grow beside each other."""

    _inherit = 'crm.segment'

    entered_this_month = fields.Integer(
        compute='_compute_moves', help='Memberships that began this month.'
    )
    left_this_month = fields.Integer(
        compute='_compute_moves', help='Memberships that ended this month.'
    )

    @api.depends_context('uid', 'tz')
    def _compute_moves(self):
        memberships = self.env['crm.segment.membership']
        for name in MOVES:
            rows = memberships._read_group(
                self._get_moves_domain(name), ['segment_id'], ['__count']
            )
            counts = dict(rows)
            for segment in self:
                segment[name] = counts.get(segment._origin, 0)

    def _get_moves_domain(self, name):
        """Return the domain of the memberships that began or ended this month."""
        return Domain('segment_id', 'in', self.ids) & Domain(MOVES[name], '>=', THIS_MONTH)

    def action_view_entered(self):
        """Open the memberships that began this month."""
        return self._get_moves_action('entered_this_month', self.env._('Entered This Month'))

    def action_view_left(self):
        """Open the memberships that ended this month."""
        return self._get_moves_action('left_this_month', self.env._('Left This Month'))

    def _get_moves_action(self, name, title):
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_segmentation.crm_segment_membership_action'
        )
        domain = list(self._get_moves_domain(name))
        return {**action, 'display_name': title, 'domain': domain, 'context': {}}

    def action_view_trend(self):
        """Open the sizes of these segments, a line for each."""
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_segmentation.crm_segment_size_action'
        )
        return {**action, 'domain': [('segment_id', 'in', self.ids)], 'context': {}}
