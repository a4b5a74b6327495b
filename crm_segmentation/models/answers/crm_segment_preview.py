from psycopg2.errors import QueryCanceled

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, mute_logger

SAMPLE = 5
# So many of those who would enter or leave are listed.
LISTED = 1_000
# Who edits waits no longer than this for a count; applying may take longer.
SECONDS = 10


class CrmSegment(models.Model):
    """Says what applying a segment, saved or not yet, would change, without writing anything."""

    _inherit = 'crm.segment'

    can_preview = fields.Boolean(
        compute='_compute_can_preview', help='The user may ask who would enter and leave.'
    )

    @api.depends_context('uid')
    def _compute_can_preview(self):
        self.can_preview = self.env['crm.segment.preview'].has_access('create')

    def action_preview(self):
        """Open the dialogue that shows who would enter, leave and stay."""
        self.ensure_one()
        self.check_access('read')
        self.env['crm.segment.preview'].check_access('create')
        self._check_measured_models()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_segmentation.crm_segment_preview_action'
        )
        action['context'] = {'default_segment_id': self.id}
        return action

    def _preview(self):
        """Return {segment id: members after applying now}; nothing is written.

        :raise AccessError: if the user would count others than the author of the criteria
        """
        self._check_nothing_is_hidden()
        memberships = self.env['crm.segment.membership'].sudo()
        segments = self.sudo()
        grouped = segments.filtered(lambda segment: segment.active and segment.group_id)
        counts = {segment.id: memberships._count_target(segment) for segment in segments - grouped}
        for group in grouped.group_id:
            counts |= memberships._count_group(group.segment_ids.filtered('active').sorted())
        return {segment.id: counts[segment.id] for segment in self}

    def _get_changes(self):
        """Return {segment id: {'enter', 'leave', 'stay': number of contacts}}.

        :raise AccessError: if the user would count others than the author of the criteria
        """
        self._check_nothing_is_hidden()
        memberships = self.env['crm.segment.membership'].sudo()
        return {segment.id: memberships._count_changes(segment) for segment in self.sudo()}

    def _find_changing(self, direction):
        """Return the first contacts that would enter or leave; nothing is written.

        :param direction: `enter` or `leave`
        :raise AccessError: if the user would count others than the author of the criteria
        """
        self.ensure_one()
        self._check_nothing_is_hidden()
        segment = self.sudo()
        memberships = segment.env['crm.segment.membership']
        memberships._load_difference(segment, segment._get_target_query())
        ids = memberships._read_difference(direction, LISTED)
        memberships._drop_difference()
        return self.env['res.partner'].browse(ids)

    def _check_nothing_is_hidden(self):
        """Tell nobody a number that their own rights would not give."""
        self.check_access('read')
        self._check_measured_models()
        for segment in self:
            if not segment._is_read_by_author() and segment._takes_others_for_reader():
                raise AccessError(
                    self.env._(
                        '"%(author)s" wrote the criteria of the segment "%(segment)s" and may see '
                        'contacts or documents that you may not see, so the numbers are not shown '
                        'to you. Criteria that you write yourself count what you may see.',
                        author=segment.sudo().author_id.name,
                        segment=segment.name,
                    )
                )

    def _takes_others_for_reader(self):
        """Say whether the criteria take other contacts with the rights of the user."""
        [[differs]] = self.env.execute_query(
            SQL(
                """SELECT EXISTS (SELECT FROM %s AS theirs (id) FULL JOIN %s AS own (id) USING (id)
                                   WHERE theirs.id IS NULL OR own.id IS NULL)""",
                self.sudo()._get_target_query().subselect(),
                self._as_reader()._get_target_query().subselect(),
            )
        )
        return differs

    # === WHILE EDITING === #

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
        draft._check_outline()
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
        """Let nobody count who belongs to segments, or companies, that they may not read."""
        self.company_id._origin.check_access('read')
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
