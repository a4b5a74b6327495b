from psycopg2.errors import QueryCanceled

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger

SAMPLE = 5
# Who edits waits no longer than this for a count; applying may take longer.
SECONDS = 10


class CrmSegment(models.Model):
    """Counts who would be a member while the criteria are still edited."""

    _inherit = 'crm.segment'

    def action_preview_draft(self, values):
        """Return who would be a member with unsaved values; nothing is written.

        Saving makes the user the author, so the rights are those of the user.

        :param values: as for writing the segment, or for creating it if there is none yet
        :return: {'count': number of contacts, 'names': some of them}
        :raise ValidationError: if the criteria do not compile
        :raise UserError: if counting takes more than some seconds
        """
        self.check_access('write')
        self.browse().check_access('create')
        draft = self.new(values, origin=self[:1])
        draft.author_id = self.env.user
        draft._check_used_segments()
        draft._check_domain()
        try:
            with self.env.cr.savepoint(flush=False), mute_logger('odoo.sql_db'):
                count, partner_ids = draft._count_and_sample()
        except QueryCanceled as error:
            raise UserError(
                self.env._(
                    'Counting takes more than %(count)s seconds. '
                    'Preview counts the saved segment without a limit.',
                    count=SECONDS,
                )
            ) from error
        partners = draft._get_author_partners().browse(partner_ids)
        return {'count': count, 'names': partners.mapped('display_name')}

    def _check_used_segments(self):
        """Let nobody count who belongs to segments that they may not read."""
        (self.parent_ids | self.not_parent_ids)._origin.check_access('read')
        self.group_id._origin.check_access('read')

    def _count_and_sample(self):
        """Return the number of matching contacts and the ids of some, within the time limit."""
        query = self._get_target_query()
        self._limit_time(self._get_draft_milliseconds())
        [[count]] = self.env.execute_query(query.select(SQL('count(*)')))
        query.limit = SAMPLE
        query.order = SQL.identifier(query.table, 'id')
        partner_ids = [id_ for (id_,) in self.env.execute_query(query.select())]
        self._limit_time(0)
        return count, partner_ids

    def _get_draft_milliseconds(self):
        """Return how long who edits waits for a count; overridden for patient people."""
        return SECONDS * 1000

    def _limit_time(self, milliseconds):
        self.env.cr.execute(SQL('SET LOCAL statement_timeout = %s', milliseconds))
