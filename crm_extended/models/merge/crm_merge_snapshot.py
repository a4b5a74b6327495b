import json
from collections import defaultdict
from typing import NamedTuple

from odoo import api, models, tools
from odoo.tools import SQL, sql

from ...core.rows import (
    empty_dead_links,
    get_moved_back,
    get_reverted,
    get_table,
    join_moved,
)

# What a move never changes and would only take room.
_BULKY = {
    'mail_message': ['body'],
    'ir_attachment': ['db_datas', 'index_content'],
}
# Of more rows that hang on records through one column, only that column is taken.
_SLIM_FROM = 2000
_FOLLOWER_SUBTYPES = 'mail_followers_mail_message_subtype_rel'


class Reference(NamedTuple):
    """A column through which rows hang on the records of a model."""

    table: str
    column: str
    kind: str  # many2one, many2one_reference, reference or many2many
    model_column: str | None = None

    @property
    def name(self):
        return f'{self.table}.{self.column}'


class CrmMergeSnapshot(models.AbstractModel):
    """Rows of merged records and of all that hangs on them, taken and put back as they were.

    Rows and not records: a merged record returns with its own id, its dates and its computed
    values; no mail, tracking or scoring takes that for news. The references come from the
    registry, hence those of any other addon are among them.
    """

    _name = 'crm.merge.snapshot'
    _description = 'Snapshot of Merged Records'

    # === REFERENCES === #

    @api.model
    @tools.ormcache('model_name')
    def _get_references(self, model_name):
        """Return all columns of the database that point to records of the model."""
        references = {}
        for model in self.env.values():
            if model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                reference = self._get_reference(model_name, model, field)
                if reference:
                    references[reference.name] = reference
        return references

    def _get_reference(self, model_name, model, field):
        if not field.store or field.company_dependent:
            return None
        if field.type == 'many2one' and field.comodel_name == model_name:
            return Reference(model._table, field.name, 'many2one')
        if field.type == 'many2many' and model_name in (model._name, field.comodel_name):
            column = field.column1 if model._name == model_name else field.column2
            return Reference(field.relation, column, 'many2many')
        if field.type == 'reference':
            return Reference(model._table, field.name, 'reference')
        if field.type == 'many2one_reference':
            model_field = model._fields.get(field.model_field)
            if model_field is not None and model_field.store:
                return Reference(model._table, field.name, field.type, field.model_field)
        return None

    # === TAKE === #

    @api.model
    def _take_rows(self, table, ids):
        """Return ``{id: row}`` of the rows that still exist."""
        rows = self.env.execute_query(
            SQL(
                'SELECT t.id, %s FROM %s t WHERE t.id IN %s',
                self._row_sql(table),
                SQL.identifier(table),
                tuple(ids) or (0,),
            )
        )
        return dict(rows)

    @api.model
    def _take_attached(self, model_name, ids, slim=()):
        """Return ``{id: {reference: [row]}}`` of all that hangs on the records.

        :param slim: references of which only the id and the link of each row are taken
        """
        parts = self._get_attached_parts(model_name, ids, slim)
        parts.append(self._follower_subtypes_sql(model_name, ids))
        attached = defaultdict(lambda: defaultdict(list))
        for name, id_, row in self.env.execute_query(SQL(' UNION ALL ').join(parts)):
            attached[id_][name].append(row)
        return attached

    @api.model
    def _count_attached(self, model_name, ids):
        """Return ``{reference: count}`` of all that hangs on the records."""
        parts = self._get_attached_parts(model_name, ids)
        return dict(
            self.env.execute_query(
                SQL(
                    'SELECT name, count(*) FROM (%s) AS attached(name, id, data) GROUP BY name',
                    SQL(' UNION ALL ').join(parts),
                )
            )
        )

    @api.model
    def _get_slim_references(self, model_name, ids):
        """Return the references with so many rows that taking them whole would be too much."""
        references = self._get_references(model_name)
        counts = self._count_attached(model_name, ids)
        return {
            name
            for name, count in counts.items()
            if count > _SLIM_FROM and references[name].kind == 'many2one'
        }

    def _row_sql(self, table):
        return SQL('to_jsonb(t) - %s::text[]', _BULKY.get(table, []))

    def _get_attached_parts(self, model_name, ids, slim=()):
        return [
            self._attached_sql(reference, model_name, ids, name in slim)
            for name, reference in self._get_references(model_name).items()
        ]

    def _attached_sql(self, reference, model_name, ids, is_slim=False):
        column = SQL.identifier('t', reference.column)
        id_, values, condition = column, tuple(ids), SQL('TRUE')
        if reference.kind == 'reference':
            id_ = SQL("split_part(%s, ',', 2)::int", column)
            values = tuple(f'{model_name},{id_}' for id_ in ids)
        elif reference.model_column:
            condition = SQL('%s = %s', SQL.identifier('t', reference.model_column), model_name)
        row = self._row_sql(reference.table)
        if is_slim:
            row = SQL("jsonb_build_object('id', t.id, %s, %s)", reference.column, column)
        return SQL(
            'SELECT %s, %s, %s FROM %s t WHERE %s IN %s AND %s',
            reference.name,
            id_,
            row,
            SQL.identifier(reference.table),
            column,
            values,
            condition,
        )

    def _follower_subtypes_sql(self, model_name, ids):
        """Followers go with their record, or with who follows; what they follow goes with them."""
        of_record = SQL('f.res_model = %s AND f.res_id IN %s', model_name, tuple(ids))
        parts = [self._get_subtypes_sql(SQL('f.res_id'), of_record)]
        if model_name == 'res.partner':
            of_contact = SQL('f.partner_id IN %s', tuple(ids))
            parts.append(self._get_subtypes_sql(SQL('f.partner_id'), of_contact))
        return SQL(' UNION ALL ').join(parts)

    def _get_subtypes_sql(self, id_, condition):
        return SQL(
            """SELECT %s, %s, to_jsonb(t) FROM %s t
                 JOIN mail_followers f ON f.id = t.mail_followers_id
                WHERE %s""",
            f'{_FOLLOWER_SUBTYPES}.mail_followers_id',
            id_,
            SQL.identifier(_FOLLOWER_SUBTYPES),
            condition,
        )

    # === PUT BACK === #

    @api.model
    def _revert_rows(self, table, changes):
        """Take back ``{id: changes}`` of rows, but for what somebody edited since."""
        current = self._take_rows(table, changes)
        self._update_rows(
            table, {id_: get_reverted(changes[id_], row) for id_, row in current.items()}
        )

    @api.model
    def _move_back(self, model_name, moved):
        """Undo the moves of several records, but for what somebody put elsewhere since."""
        references = self._get_references(model_name)
        for name, changes in join_moved(moved).items():
            if reference := references.get(name):
                current = self._take_rows(reference.table, changes)
                reverted = get_moved_back(changes, current, reference.column)
                self._update_rows(reference.table, reverted)

    @api.model
    def _update_rows(self, table, changes):
        """Write ``{id: {column: value}}`` in one statement."""
        current = self._take_rows(table, changes)
        columns = sorted({column for values in changes.values() for column in values})
        rows = [
            {'id': id_} | {column: (current[id_] | values)[column] for column in columns}
            for id_, values in changes.items()
            if id_ in current
        ]
        rows = self._without_dead_links(table, rows) if columns else []
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                """UPDATE %(table)s t SET (%(names)s) = ROW(%(values)s)
                     FROM jsonb_populate_recordset(NULL::%(table)s, %(rows)s::jsonb) v
                    WHERE t.id = v.id""",
                table=SQL.identifier(table),
                names=SQL(', ').join(SQL.identifier(column) for column in columns),
                values=SQL(', ').join(SQL.identifier('v', column) for column in columns),
                rows=json.dumps(rows),
            )
        )

    @api.model
    def _insert_rows(self, table, rows):
        """Put deleted rows back, with their ids, as far as the columns still exist."""
        rows = self._without_dead_links(table, rows)
        if not rows:
            return
        columns = sorted(rows[0].keys() & sql.table_columns(self.env.cr, table).keys())
        self.env.cr.execute(
            SQL(
                """INSERT INTO %(table)s (%(names)s) SELECT %(names)s
                     FROM jsonb_populate_recordset(NULL::%(table)s, %(rows)s::jsonb)
              ON CONFLICT DO NOTHING""",
                table=SQL.identifier(table),
                names=SQL(', ').join(SQL.identifier(column) for column in columns),
                rows=json.dumps(rows),
            )
        )

    @api.model
    def _delete_links(self, table, rows):
        """Delete rows of a many2many, which have no id."""
        if rows:
            self.env.cr.execute(
                SQL(
                    'DELETE FROM %s t WHERE to_jsonb(t) IN'
                    ' (SELECT jsonb_array_elements(%s::jsonb))',
                    SQL.identifier(table),
                    json.dumps(rows),
                )
            )

    @api.model
    def _insert_attached(self, attached):
        """Put back ``{reference: [row]}``; followers come before what they follow."""
        for name in sorted(attached, key=lambda name: name.startswith(_FOLLOWER_SUBTYPES)):
            self._insert_rows(get_table(name), attached[name])

    # === DEAD LINKS === #

    def _without_dead_links(self, table, rows):
        """Empty the links to what was deleted since; leave out rows that need one.

        Rows that are put back together may point at each other and at themselves.
        """
        for column, target, is_required in self._get_foreign_keys(table):
            linked = {row[column] for row in rows if row.get(column)}
            if target == table:
                linked -= {row.get('id') for row in rows}
            dead = linked - self._get_existing_ids(target, linked)
            rows = empty_dead_links(rows, column, dead, is_required)
        return rows

    def _get_existing_ids(self, table, ids):
        if not ids:
            return set()
        query = SQL('SELECT id FROM %s WHERE id IN %s', SQL.identifier(table), tuple(ids))
        return {id_ for (id_,) in self.env.execute_query(query)}

    def _get_foreign_keys(self, table):
        return self.env.execute_query(
            SQL(
                """SELECT a.attname, t.relname, a.attnotnull
                     FROM pg_constraint c
                     JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                     JOIN pg_class t ON t.oid = c.confrelid
                    WHERE c.contype = 'f' AND c.conrelid = %s::regclass""",
                table,
            )
        )
