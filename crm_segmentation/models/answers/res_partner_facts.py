from odoo import models

SHOWN = 3


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def _get_crm_facts(self):
        return [*super()._get_crm_facts(), self._get_segment_fact()]

    def _get_segment_fact(self):
        """Name the first segments that the customer belongs to, and how many more there are."""
        if not self.env['crm.segment'].has_access('read'):
            return None
        segments = self.crm_segment_ids
        if not segments:
            return None
        names = segments[:SHOWN].mapped('name')
        more = len(segments) - SHOWN
        value = ', '.join(names) + (f' +{more}' if more > 0 else '')
        return self._prepare_crm_fact(
            'segments',
            self.env._('Segments'),
            value,
            'action_view_crm_segments',
            'fa-pie-chart',
        )
