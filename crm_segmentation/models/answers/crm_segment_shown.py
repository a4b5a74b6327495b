from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmSegmentMembership(models.Model):
    """Memberships as documents and contacts show them: of today, of who the user may read."""

    _inherit = 'crm.segment.membership'

    @api.model
    def _get_shown_domain(self):
        """Return the domain of open memberships of contacts that the user may read."""
        domain = Domain('date_out', '=', False) & Domain('segment_id.active', '=', True)
        if not self.env.su:
            # Not `any`: that would look every contact up once more than the rules on memberships.
            readable = self.env['ir.rule']._compute_domain('res.partner', 'read')
            domain &= Domain('partner_id', 'any!', readable)
        return domain

    @api.model
    def _get_shown_rows(self):
        """Return the SQL of (partner_id, segment_id) of them, in parentheses."""
        query = self._search(self._get_shown_domain(), order='')
        return query.subselect(
            SQL.identifier(query.table, 'partner_id'), SQL.identifier(query.table, 'segment_id')
        )
