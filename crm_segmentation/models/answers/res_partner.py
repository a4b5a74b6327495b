from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.groups import DEFINERS, MAILING_USERS

# Without Email Marketing nobody has its group.
READERS = f'sales_team.group_sale_salesman,{DEFINERS},{MAILING_USERS}'
OPEN_MEMBERSHIP = Domain('date_out', '=', False)


class ResPartner(models.Model):
    _inherit = 'res.partner'

    crm_segment_membership_ids = fields.One2many(
        'crm.segment.membership',
        'partner_id',
        string='Segment Memberships',
        readonly=True,
        copy=False,
        groups=READERS,
    )
    crm_segment_ids = fields.Many2many(
        'crm.segment',
        string='Segments',
        compute='_compute_crm_segment_ids',
        search='_search_crm_segment_ids',
        groups=READERS,
        help='Segments that the contact belongs to now.',
    )
    crm_segment_count = fields.Integer(
        string='Segment Count',
        compute='_compute_crm_counters',
        groups=READERS,
    )

    @api.depends('crm_segment_membership_ids.date_out')
    def _compute_crm_segment_ids(self):
        segments = dict(
            self.env['crm.segment.membership']._read_group(
                Domain('partner_id', 'in', self.ids) & OPEN_MEMBERSHIP,
                ['partner_id'],
                ['segment_id:recordset'],
            )
        )
        for partner in self:
            partner.crm_segment_ids = segments.get(partner._origin, False)

    def _search_crm_segment_ids(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        domain = Domain(
            'crm_segment_membership_ids',
            'any',
            OPEN_MEMBERSHIP & Domain('segment_id', operator, value),
        )
        if operator == 'in' and False in value:
            shown = self.env['crm.segment.membership']._get_shown_domain()
            domain |= Domain('crm_segment_membership_ids', 'not any', shown)
        return domain

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Group by segment: a contact counts in each segment that it belongs to now."""
        if groupby_spec != 'crm_segment_ids':
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields[groupby_spec], 'read')
        rows = query.make_alias(alias, groupby_spec)
        query.add_join(
            'LEFT JOIN',
            rows,
            self.env['crm.segment.membership']._get_shown_rows(),
            SQL('%s = %s', SQL.identifier(rows, 'partner_id'), SQL.identifier(alias, 'id')),
        )
        return SQL.identifier(rows, 'segment_id')

    def _get_crm_counters(self):
        return {
            **super()._get_crm_counters(),
            'crm_segment_count': ('crm.segment.membership', OPEN_MEMBERSHIP),
        }

    @api.model
    def _get_crm_statistics(self):
        return super()._get_crm_statistics() | {
            'crm_segment_count': ('fa-pie-chart', self.env._('Segments'), 11),
        }

    def action_view_crm_segments(self):
        """Open the memberships that the segments counter counts."""
        return self._get_crm_counter_action(
            'crm_segment_count', 'crm_segmentation.crm_segment_membership_action'
        )
