from odoo import fields, models
from odoo.tools import SQL

from ...core.sources import get_changed_links, get_signature, is_comparable
from ..measure.crm_segment_metric_sql import get_changed_condition


class CrmSegment(models.Model):
    """Refreshes a segment by looking only at the contacts that may have changed since its last run.

    That is enough where the contact's own row, rows of measured documents and memberships of
    suppression lists decide: the compiled criteria read no other table, each rule compares the
    value of a contact alone, and all is what it was, lists and rights of the author included. Every
    other segment is refreshed as a whole.

    What changed is told by the transaction number that the database keeps with each row, not by
    dates: it covers recomputed fields, writes in SQL, and who commits later what began earlier.
    What is gone has no row: a checksum over all documents and their contacts tells that one was
    deleted or given to another contact, and then all contacts are looked at.
    """

    _inherit = 'crm.segment'

    refresh_mark = fields.Json(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help='Which criteria the last run applied, when, and what it knew of the documents. '
        'Empty if the next run has to look at all contacts.',
    )

    # === MARK === #

    def _get_refresh_mark(self):
        """Return what the next run has to know, False if it has to look at all contacts.

        :rtype: crm_segmentation.core.sources.Mark
        """
        sources = self._get_sources()
        # Who is suppressed is told by rows of memberships, see `_load_suspects`.
        query = self._get_target_query(barred=self._get_own_barred_domain())
        if self.mode != 'dynamic' or None in sources or not self._is_told_by_rows(query, sources):
            return False
        self.env.flush_all()
        [[since, database]] = self.env.execute_query(
            SQL(
                """SELECT pg_snapshot_xmin(pg_current_snapshot())::text,
                          (SELECT system_identifier::text FROM pg_control_system())
                          || '/' || (SELECT oid FROM pg_database
                                      WHERE datname = current_database())"""
            )
        )
        condition, metrics = query.where_clause, self.env['crm.segment.metric']
        return {
            'criteria': get_signature(
                condition.code, [*condition.params, self._get_suppression_lists().ids], sources
            ),
            'database': database,
            'since': int(since),
            'moment': fields.Datetime.to_string(fields.Datetime.now()),
            'rates': any(source.has_rates for source in sources) and self._get_rates_checksum(),
            'links': {
                key: metrics._get_links(source)
                for key, source in {source.key: source for source in sources}.items()
            },
        }

    def _get_sources(self):
        """Return for each rule what tells its changes, None for a rule that cannot be followed."""
        return [rule._get_source(self) for rule in self._get_complete_rules()]

    def _is_told_by_rows(self, query, sources):
        """Say whether nothing but contacts and what rules join decides."""
        is_joined_by_rules = len(query._tables) == 1 and len(query._joins) == len(sources)
        return is_joined_by_rules and 'SELECT' not in query.where_clause.code.upper()

    def _get_rates_checksum(self):
        [[checksum]] = self.env.execute_query(
            SQL("SELECT md5(string_agg(rate::text, ',' ORDER BY id)) FROM res_currency_rate rate")
        )
        return checksum

    # === SUSPECTS === #

    def _load_suspects(self, mark):
        """Gather the contacts that may have entered or left since the last run.

        :param mark: of this run
        :return: SQL of their ids, in parentheses; None if it may be any contact
        """
        known, sources = self.refresh_mark, self._get_sources()
        if not (mark and known and is_comparable(known, mark)):
            return None
        if not self._has_kept_links(sources, get_changed_links(known, mark)):
            return None
        changed = get_changed_condition(known['since'])
        metrics = self.env['crm.segment.metric']
        contacts = [SQL('SELECT id FROM res_partner WHERE %s', changed)]
        contacts += [metrics._get_changed_contacts(source, known, mark) for source in sources]
        contacts += self._get_changed_suppressed(changed)
        memberships = self.env['crm.segment.membership'].sudo()
        return memberships._load_suspects(SQL(' UNION ').join(contacts))

    def _get_changed_suppressed(self, changed):
        """Return the SQL of who came onto a suppression list or left it, if there are lists."""
        lists = self._get_suppression_lists()
        if not lists:
            return []
        return [
            SQL(
                'SELECT partner_id FROM crm_segment_membership WHERE segment_id = ANY(%s) AND %s',
                lists.ids,
                changed,
            )
        ]

    def _has_kept_links(self, sources, changed):
        """Say whether the documents of the last run are all there and still whose they were.

        :param changed: {key of a source: its links at the last run}
        """
        metrics = self.env['crm.segment.metric']
        by_key = {source.key: source for source in sources}
        return all(
            metrics._get_links(by_key[key], last_id)[1] == checksum
            for key, (last_id, checksum) in changed.items()
        )


class CrmSegmentMembership(models.Model):
    """Contacts that are merged need not be written, so the next run looks at everybody."""

    _inherit = 'crm.segment.membership'

    def _merge_partners(self, partners, into):
        self._search_open(partners | into).segment_id.sudo().refresh_mark = False
        return super()._merge_partners(partners, into)
