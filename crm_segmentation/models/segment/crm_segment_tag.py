from odoo import api, models
from odoo.fields import Domain


class CrmSegment(models.Model):
    """The tag that a segment gives its members, when the segment gets another or goes.

    Imported last: the members have the former tag while the segment itself changes.
    """

    _inherit = 'crm.segment'

    def write(self, vals):
        """Move our tags with the segment's category: members lose the old, receive the new."""
        if 'category_id' not in vals:
            return super().write(vals)
        memberships = self.env['crm.segment.membership'].sudo()
        category_id = vals['category_id'] or False
        retagged = self.filtered(lambda segment: segment.category_id.id != category_id)
        memberships._withdraw_tags(retagged)
        result = super().write(vals)
        for segment in retagged.sudo():
            memberships._grant_tags(segment, segment._get_members_sql())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_withdraw_tags(self):
        self.env['crm.segment.membership'].sudo()._withdraw_tags(self)

    def _get_members_sql(self):
        return (
            self.env['crm.segment.membership']
            .sudo()
            ._search(
                Domain('segment_id', 'in', self.ids) & Domain('date_out', '=', False),
            )
            .subselect('partner_id')
        )
