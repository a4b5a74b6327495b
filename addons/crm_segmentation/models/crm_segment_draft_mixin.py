from odoo import models
from odoo.tools import SQL

SAMPLE = 5


class CrmSegmentDraftMixin(models.AbstractModel):
    """Counts who would be a member while the criteria are still edited."""

    _name = 'crm.segment.draft.mixin'
    _description = 'Segment That Is Edited'

    def action_preview_draft(self, values):
        """Return who would be a member with unsaved values; nothing is written.

        :param values: as for writing the segment, or for creating it if there is none yet
        :return: {'count': number of contacts, 'names': some of them}
        :raise ValidationError: if the criteria do not compile
        """
        self.check_access('write')
        self.browse().check_access('create')
        draft = self.new(values, origin=self[:1])
        draft.author_id = self.env.user
        draft._check_domain()
        partners = draft._get_author_partners()
        query = draft._get_target_query()
        [(count,)] = self.env.execute_query(
            SQL('SELECT count(*) FROM %s AS matching', query.subselect())
        )
        query.limit = SAMPLE
        query.order = SQL.identifier(query.table, 'id')
        return {'count': count, 'names': partners.browse(query).mapped('display_name')}
