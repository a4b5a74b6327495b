import json
from collections import defaultdict
from typing import NamedTuple

from odoo import api, models, tools
from odoo.tools import SQL, sql

from ...core.rows import empty_dead_links, get_table

# What a move never changes and would only take room.
_BULKY = {
    'mail_message': ['body'],
    'ir_attachment': ['db_datas', 'index_content'],
}
_FOLLOWER_SUBTYPES = 'mail_followers_mail_message_subtype_rel'


class Reference(NamedTuple):
    """A column through which rows hang on leads."""

    table: str
    column: str
    kind: str  # many2one, many2one_reference, reference or many2many
    model_column: str | None = None

    @property
    def name(self):
        return f'{self.table}.{self.column}'


class CrmLeadMergeSnapshot(models.AbstractModel):
    """Rows of leads and of all that hangs on them, taken and put back as they were.

    Rows and not records: a merged lead returns with its own id, its dates and its computed
    values; no mail, tracking or scoring takes that for news. The references come from the
    registry, hence those of any other addon are among them.
    """

    _name = 'crm.lead.merge.snapshot'
    _description = 'Snapshot of Merged Leads'

    # === REFERENCES === #

    @api.model
    @tools.ormcache()
    def _get_references(self):
        """Return all columns of the database that point to leads."""
        references = {}
        for model in self.env.values():
            if model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                reference = self._get_reference(model, field)
                if reference:
                    references[reference.name] = reference
        return references

    def _get_reference(self, model, field):
        if not field.store or field.company_dependent:
            return None
        if field.type == 'many2one' and field.comodel_name == 'crm.lead':
            return Reference(model._table, field.name, 'many2one')
        if field.type == 'many2many' and 'crm.lead' in (model._name, field.comodel_name):
            column = field.column1 if model._name == 'crm.lead' else field.column2
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
    def _take_attached(self, lead_ids):
        """Return ``{lead id: {reference: [row]}}`` of all that hangs on the leads."""
        parts = [self._attached_sql(r, lead_ids) for r in self._get_references().values()]
        parts.append(self._follower_subtypes_sql(lead_ids))
        attached = defaultdict(lambda: defaultdict(list))
        for name, lead_id, row in self.env.execute_query(SQL(' UNION ALL ').join(parts)):
            attached[lead_id][name].append(row)
        return attached

    @api.model
    def _count_attached(self, lead_ids):
        """Return ``{reference: count}`` of all that hangs on the leads."""
        parts = [self._attached_sql(r, lead_ids) for r in self._get_references().values()]
        return dict(
            self.env.execute_query(
                SQL(
                    'SELECT name, count(*) FROM (%s) AS attached(name, lead_id, data)'
                    ' GROUP BY name',
                    SQL(' UNION ALL ').join(parts),
                )
            )
        )

    def _row_sql(self, table):
        return SQL('to_jsonb(t) - %s::text[]', _BULKY.get(table, []))

    def _attached_sql(self, reference, lead_ids):
        column = SQL.identifier('t', reference.column)
        lead_id, values, condition = column, tuple(lead_ids), SQL('TRUE')
        if reference.kind == 'reference':
            lead_id = SQL("split_part(%s, ',', 2)::int", column)
            values = tuple(f'crm.lead,{lead_id}' for lead_id in lead_ids)
        elif reference.model_column:
            condition = SQL('%s = %s', SQL.identifier('t', reference.model_column), 'crm.lead')
        return SQL(
            'SELECT %s, %s, %s FROM %s t WHERE %s IN %s AND %s',
            reference.name,
            lead_id,
            self._row_sql(reference.table),
            SQL.identifier(reference.table),
            column,
            values,
            condition,
        )

    def _follower_subtypes_sql(self, lead_ids):
        """Followers go with their lead, and what they follow goes with them."""
        return SQL(
            """SELECT %s, f.res_id, to_jsonb(t) FROM %s t
                 JOIN mail_followers f ON f.id = t.mail_followers_id
                WHERE f.res_model = 'crm.lead' AND f.res_id IN %s""",
            f'{_FOLLOWER_SUBTYPES}.mail_followers_id',
            SQL.identifier(_FOLLOWER_SUBTYPES),
            tuple(lead_ids),
        )

    # === PUT BACK === #

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
        """Empty the links to what was deleted since; leave out rows that need one."""
        for column, target, is_required in self._get_foreign_keys(table):
            linked = {row[column] for row in rows if row.get(column)}
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
