from odoo import api, fields, models
from odoo.fields import Domain


class CrmSegment(models.Model):
    """Suppression lists: segments whose members are in no other segment.

    A list of one company counts for the segments of that company, a shared one for all. Lists do
    not suppress each other. Every other segment depends on those that count for it, as if it named
    them under *No Members of*, but they beat inclusion by hand as well.
    """

    _inherit = 'crm.segment'

    is_suppression = fields.Boolean(
        string='Suppression List',
        help='Whoever belongs is in no other segment of the company, not even when included by '
        'hand, and gets no mailing that is sent to one. Without a company it counts for all.',
    )

    @api.constrains('active', 'company_id', 'is_suppression')
    def _check_suppression_circles(self):
        self._check_circles()

    def _get_suppression_lists(self):
        """Return the lists that count for a segment."""
        self.ensure_one()
        if self.is_suppression:
            return self.browse()
        companies = [False, *self.company_id._origin.ids]
        # sudo: who applies a segment need not read what bars its contacts
        return self.sudo().search(
            Domain('is_suppression', '=', True)
            & Domain('active', '=', True)
            & Domain('company_id', 'in', companies)
        )

    def _get_suppressed_domain(self):
        """Return the domain of the contacts that lists keep out of a segment."""
        lists = self._get_suppression_lists()
        return lists._get_members_domain() if lists else Domain.FALSE

    def _get_never_domain(self):
        return super()._get_never_domain() | self._get_suppressed_domain()

    def _get_uses(self):
        uses = super()._get_uses()
        lists = self.filtered(lambda segment: segment.is_suppression and segment.active)
        for segment in self - self.filtered('is_suppression'):
            uses[segment.id] += lists.filtered(
                lambda one, to=segment: one.company_id in (to.company_id, one.company_id.browse())
            ).ids
        return uses

    def _get_suppressing(self, partners):
        """Return {contact: the lists that keep it out of the segment}."""
        rows = (
            self.env['crm.segment.membership']
            .sudo()
            ._read_group(
                Domain('segment_id', 'in', self._get_suppression_lists().ids)
                & Domain('partner_id', 'in', partners.ids)
                & Domain('date_out', '=', False),
                ['partner_id'],
                ['segment_id:recordset'],
            )
        )
        return dict(rows)
