from odoo import api, fields, models
from odoo.models import LOG_ACCESS_COLUMNS

from ...core.rows import (
    get_changes,
    get_gone,
    get_ids,
    get_moved,
    get_table,
    join_attached,
)


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
            'changes': get_changes(old, new, LOG_ACCESS_COLUMNS),
            'moved': get_moved(
                before['attached'][lead_id], after['attached'][survivor_id], LOG_ACCESS_COLUMNS
            ),
        }

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
            for name, rows in get_moved(attached, remaining, LOG_ACCESS_COLUMNS).items():
                moved[name] = moved.get(name, {}) | rows
            source.write(
                {
                    'values': before['rows'].get(source.lead_ref) or source.values,
                    'attached': get_gone(attached, remaining),
                    'moved': moved,
                }
            )

    def _take_again(self, attached):
        """Return ``{reference: [row]}`` of those of the attached rows that still exist."""
        take = self.env['crm.merge.snapshot']._take_rows
        return {
            name: list(take(get_table(name), ids).values()) if ids else []
            for name, ids in get_ids(attached.values()).items()
        }

    # === UNDO === #

    def _get_leads(self):
        return self.env['crm.lead'].browse(self.mapped('lead_ref')).exists()

    def _restore(self):
        """Put the deleted leads back, then what was theirs."""
        snapshot = self.env['crm.merge.snapshot']
        rows = [source.values for source in self if source.values]
        existing = self._get_leads()
        snapshot._insert_rows('crm_lead', [row for row in rows if row['id'] not in existing.ids])
        snapshot._insert_attached(join_attached(source.attached for source in self))
        self._restore_values()
        self._give_back()
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def _restore_values(self):
        changes = {source.lead_ref: source.changes or {} for source in self}
        self.env['crm.merge.snapshot']._revert_rows('crm_lead', changes)

    def _give_back(self):
        self.env['crm.merge.snapshot']._move_back('crm.lead', (source.moved for source in self))
