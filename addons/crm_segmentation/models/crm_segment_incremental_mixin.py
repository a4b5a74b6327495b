from hashlib import sha256

from odoo import fields, models
from odoo.tools import SQL

# Transaction numbers of rows have 32 bits: those of a mark that is older say nothing.
MAX_TRANSACTIONS = 2**30


class CrmSegmentIncrementalMixin(models.AbstractModel):
    """Refreshes a segment by looking only at the contacts that changed since its last run.

    That is enough where nothing but the contact's own row decides: the compiled criteria read
    no other table, and they are what they were, dates, lists and rights of the author included.
    Every other segment is refreshed as a whole.

    What changed is told by the transaction number that the database keeps with each row, not by
    dates: it covers recomputed fields, writes in SQL, and who commits later what began earlier.
    """

    _name = 'crm.segment.incremental.mixin'
    _description = 'Segment That Follows Changes'

    refresh_mark = fields.Json(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help='Which criteria the last run applied, and the transaction before which all changes '
        'are known. Empty if the next run has to look at all contacts.',
    )

    def _get_refresh_mark(self, query):
        """Return what the next run has to know, False if it has to look at all contacts.

        :param query: of the contacts that belong to the segment
        """
        statement = query.select()
        is_alone = query.from_clause == SQL.identifier(query.table)
        if self.mode != 'dynamic' or not is_alone or 'SELECT' in query.where_clause.code.upper():
            return False
        [[since, database]] = self.env.execute_query(
            SQL(
                """SELECT pg_snapshot_xmin(pg_current_snapshot())::text,
                          (SELECT system_identifier::text FROM pg_control_system())
                          || '/' || (SELECT oid FROM pg_database
                                      WHERE datname = current_database())"""
            )
        )
        return {
            'criteria': sha256(repr((statement.code, statement.params)).encode()).hexdigest(),
            'database': database,
            'since': int(since),
        }

    def _get_changed_condition(self, mark):
        """Return the SQL condition of the contacts that may have changed since the last run.

        :param mark: of this run
        :return: None if all of them may have
        """
        known = self.refresh_mark
        if not (mark and known):
            return None
        is_same = all(known[name] == mark[name] for name in ('criteria', 'database'))
        if not is_same or not 0 <= mark['since'] - known['since'] < MAX_TRANSACTIONS:
            return None
        return SQL('age(res_partner.xmin) <= age(%s::xid8::xid)', str(known['since']))
