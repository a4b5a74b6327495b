from odoo import api, fields, models
from odoo.models import LOG_ACCESS_COLUMNS

from ...core.rows import get_changes, get_moved


class CrmLeadMergeSource(models.Model):
    """A lead that was merged into another: its values and what was its own."""

    _name = 'crm.lead.merge.source'
    _description = 'Merged Lead'
    _inherit = ['crm.merge.source.mixin']
    _order = 'merge_id desc, id'
    _source_model = 'crm.lead'
    _source_ref = 'lead_ref'

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
    changes = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='What the merge changed on the lead before it was deleted, before and after.',
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
            gone = self._prepare_gone_values(source.lead_ref, before, remaining, source.moved)
            source.write({**gone, 'values': gone['values'] or source.values})

    # === UNDO === #

    def _restore_values(self):
        changes = {source.lead_ref: source.changes or {} for source in self}
        self.env['crm.merge.snapshot']._revert_rows('crm_lead', changes)
