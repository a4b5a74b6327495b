from collections import defaultdict

from odoo import api, fields, models


class CrmLeadMergeSource(models.Model):
    """A lead that was merged into another: its values and what was its own."""

    _name = 'crm.lead.merge.source'
    _description = 'Merged Lead'
    _order = 'merge_id desc, id'

    merge_id = fields.Many2one(
        comodel_name='crm.lead.merge',
        required=True,
        readonly=True,
        index=True,
        ondelete='cascade',
    )
    name = fields.Char(string='Lead', required=True, readonly=True)
    lead_ref = fields.Integer(
        string='Lead ID',
        required=True,
        readonly=True,
        index=True,
        aggregator=None,
        help='The id of the merged lead, which gets it back when the merge is undone.',
    )
    values = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='The row of the lead when it was deleted; empty while it exists.',
    )
    attached = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='Rows that were deleted with the lead: tags, followers, external ids.',
    )
    changes = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='What the merge changed on the lead before it was deleted, before and after.',
    )
    moved = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='What changed in the rows that left the lead, before and after.',
    )

    # === RECORD === #

    @api.model
    def _prepare_values(self, lead_id, survivor_id, before, after):
        old, new = before['rows'][lead_id], after['rows'][lead_id]
        return {
            'name': old['name'],
            'lead_ref': lead_id,
            'changes': self.env['crm.lead.merge.snapshot']._get_changes(old, new),
            'moved': self._get_moved(before['attached'][lead_id], after['attached'][survivor_id]),
        }

    def _get_moved(self, before, after):
        """Return ``{reference: {row id: {column: [before, after]}}}`` of the rows in both."""
        snapshot = self.env['crm.lead.merge.snapshot']
        moved = {}
        for name, rows in before.items():
            new = {row['id']: row for row in after.get(name, []) if 'id' in row}
            moved[name] = {
                str(row['id']): snapshot._get_changes(row, new[row['id']])
                for row in rows
                if row.get('id') in new
            }
        return {name: rows for name, rows in moved.items() if rows}

    @api.model
    def _get_open(self, leads):
        """Return the sources of merges that may still be undone, for leads to be deleted."""
        return self.search([('lead_ref', 'in', leads.ids), ('merge_id.state', '=', 'done')])

    def _keep(self, before):
        """Remember the leads, now deleted, and what went or lost its link with them."""
        self.env.flush_all()
        remaining = self._take_again(before['attached'])
        for source in self:
            attached = before['attached'][source.lead_ref]
            moved = source.moved or {}
            for name, rows in source._get_moved(attached, remaining).items():
                moved[name] = moved.get(name, {}) | rows
            source.write(
                {
                    'values': before['rows'].get(source.lead_ref) or source.values,
                    'attached': source._get_gone(attached, remaining),
                    'moved': moved,
                }
            )

    def _take_again(self, attached):
        """Return ``{reference: [row]}`` of those of the attached rows that still exist."""
        ids = defaultdict(set)
        for references in attached.values():
            for name, rows in references.items():
                ids[name].update(row['id'] for row in rows if 'id' in row)
        take = self.env['crm.lead.merge.snapshot']._take_rows
        return {
            name: list(take(name.split('.')[0], ids[name]).values()) if ids[name] else []
            for name in ids
        }

    def _get_gone(self, before, remaining):
        gone = {}
        for name, rows in before.items():
            left = {row['id'] for row in remaining[name]}
            gone[name] = [row for row in rows if row.get('id') not in left]
        return {name: rows for name, rows in gone.items() if rows}

    # === UNDO === #

    def _get_leads(self):
        return self.env['crm.lead'].browse(self.mapped('lead_ref')).exists()

    def _restore(self):
        """Put the deleted leads back, then what was theirs."""
        snapshot = self.env['crm.lead.merge.snapshot']
        rows = [source.values for source in self if source.values]
        existing = self._get_leads()
        snapshot._insert_rows('crm_lead', [row for row in rows if row['id'] not in existing.ids])
        snapshot._insert_attached(self._join_attached())
        self._restore_values()
        self._give_back()
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def _restore_values(self):
        snapshot = self.env['crm.lead.merge.snapshot']
        current = snapshot._take_rows('crm_lead', self.mapped('lead_ref'))
        values = {
            source.lead_ref: snapshot._get_reverted(
                source.changes or {},
                current[source.lead_ref],
            )
            for source in self
            if source.lead_ref in current
        }
        snapshot._update_rows('crm_lead', values)

    def _join_attached(self):
        attached = defaultdict(list)
        for source in self:
            for name, rows in (source.attached or {}).items():
                attached[name].extend(rows)
        return attached

    def _give_back(self):
        """Undo the moves, but for what somebody put elsewhere or edited since."""
        snapshot = self.env['crm.lead.merge.snapshot']
        references = snapshot._get_references()
        for name, moved in self._join_moved().items():
            reference = references.get(name)
            if not reference:
                continue
            current = snapshot._take_rows(reference.table, moved)
            reverted = {
                id_: snapshot._get_reverted(changes, current[id_])
                for id_, changes in moved.items()
                if id_ in current and current[id_][reference.column] == changes[reference.column][1]
            }
            snapshot._update_rows(reference.table, reverted)

    def _join_moved(self):
        joined = defaultdict(dict)
        for source in self:
            for name, rows in (source.moved or {}).items():
                joined[name].update({int(id_): changes for id_, changes in rows.items()})
        return joined
