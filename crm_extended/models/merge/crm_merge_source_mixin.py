from odoo import api, fields, models
from odoo.models import LOG_ACCESS_COLUMNS
from odoo.tools import SQL

from ...core.rows import get_gone, get_ids, get_moved, get_table, join_attached


class CrmMergeSourceMixin(models.AbstractModel):
    """A record that was merged into another and deleted: its values and what was its own."""

    _name = 'crm.merge.source.mixin'
    _description = 'Merged Record'
    _source_model = None  # the model of what was merged
    _source_ref = None  # the field with its id

    values = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='The row of the merged record when it was deleted; empty while it exists.',
    )
    attached = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='Rows that were deleted with the merged record: tags, followers, external ids.',
    )
    moved = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='What changed in the rows that left the merged record, before and after.',
    )

    # === RECORD === #

    @api.model
    def _prepare_gone_values(self, record_id, before, remaining, moved=None):
        """Return what is remembered of a record that was deleted.

        :param before: the record and what hung on it, as it was taken
        :param remaining: ``{reference: [row]}`` of what still exists
        :param moved: what left the record before that
        """
        attached = before['attached'][record_id]
        moved = moved or {}
        for name, rows in get_moved(attached, remaining, LOG_ACCESS_COLUMNS).items():
            moved[name] = moved.get(name, {}) | rows
        return {
            'values': before['rows'].get(record_id),
            'attached': get_gone(attached, remaining),
            'moved': moved,
        }

    @api.model
    def _take_again(self, attached):
        """Return ``{reference: [row]}`` of those of the attached rows that still exist."""
        take = self.env['crm.merge.snapshot']._take_rows
        return {
            name: list(take(get_table(name), ids).values()) if ids else []
            for name, ids in get_ids(attached.values()).items()
        }

    # === FIND === #

    @api.model
    def _find_of_people(self, partners, emails):
        """Return what was deleted that belonged to these contacts, or has one of the addresses."""
        query = SQL(
            """SELECT id FROM %(table)s
                WHERE "values"->>'email_normalized' = ANY(%(emails)s)
                   OR ("values"->>'partner_id')::int = ANY(%(ids)s)""",
            table=SQL.identifier(self._table),
            emails=emails,
            ids=partners.ids,
        )
        return self.browse(source_id for (source_id,) in self.env.execute_query(query))

    # === UNDO === #

    def _get_merged(self):
        return self.env[self._source_model].browse(self.mapped(self._source_ref)).exists()

    def _restore(self):
        """Put the deleted records back, then what was theirs."""
        snapshot = self.env['crm.merge.snapshot']
        rows = [source.values for source in self if source.values]
        existing = self._get_merged()
        missing = [row for row in rows if row['id'] not in existing.ids]
        snapshot._insert_rows(existing._table, missing)
        snapshot._insert_attached(join_attached(source.attached for source in self))
        self._restore_values()
        snapshot._move_back(self._source_model, (source.moved for source in self))
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def _restore_values(self):
        """Take back what was changed on the records themselves; override where something is."""
