from odoo import Command, api, fields, models
from odoo.models import LOG_ACCESS_COLUMNS

from ...core.rows import (
    get_changes,
    get_link_changes,
    get_reverted,
    get_row_changes,
    get_table,
)


class CrmLeadMerge(models.Model):
    """One merge of leads, with what it takes to undo it."""

    _name = 'crm.lead.merge'
    _description = 'Lead Merge'
    _inherit = ['crm.turn.mixin']
    _order = 'id desc'
    _rec_name = 'lead_id'

    lead_id = fields.Many2one(
        comodel_name='crm.lead',
        string='Surviving Lead',
        required=True,
        readonly=True,
        index=True,
        ondelete='cascade',
    )
    user_id = fields.Many2one(
        comodel_name='res.users',
        string='Merged By',
        readonly=True,
        default=lambda self: self.env.user,
    )
    date = fields.Datetime(
        string='Merged On',
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )
    state = fields.Selection(
        selection=[('done', 'Merged'), ('undone', 'Undone')],
        string='Status',
        required=True,
        readonly=True,
        default='done',
    )
    source_ids = fields.One2many(
        comodel_name='crm.lead.merge.source',
        inverse_name='merge_id',
        string='Merged Leads',
        readonly=True,
    )
    changes = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='Each value that the merge changed on the surviving lead, before and after.',
    )
    links = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='Tags and the like that the surviving lead got or lost by the merge.',
    )
    customer_changes = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='What core wrote from the merged leads on their customers, before and after.',
    )

    # === RECORD === #

    @api.model
    def _take(self, leads):
        """Return the leads and all that hangs on them as they are now."""
        self.env.flush_all()
        snapshot = self.env['crm.lead.merge.snapshot']
        return {
            'rows': snapshot._take_rows('crm_lead', leads.ids),
            'customers': snapshot._take_rows('res_partner', leads.sudo().partner_id.ids),
            'attached': snapshot._take_attached(leads.ids),
        }

    @api.model
    def _record(self, survivor, losers, before):
        """Remember the merge of the leads that were as ``before``."""
        after = self._take(survivor | losers)
        return self.create(
            {
                'lead_id': survivor.id,
                **self._prepare_survivor_values(survivor.id, before, after),
                'customer_changes': get_row_changes(
                    before['customers'], after['customers'], LOG_ACCESS_COLUMNS
                ),
                'source_ids': [
                    Command.create(
                        self.source_ids._prepare_values(loser.id, survivor.id, before, after)
                    )
                    for loser in losers
                ],
            }
        )

    def _prepare_survivor_values(self, lead_id, before, after):
        references = self.env['crm.lead.merge.snapshot']._get_references()
        return {
            'changes': get_changes(
                before['rows'][lead_id], after['rows'][lead_id], LOG_ACCESS_COLUMNS
            ),
            'links': get_link_changes(
                before['attached'][lead_id],
                after['attached'][lead_id],
                [name for name, reference in references.items() if reference.kind == 'many2many'],
            ),
        }

    # === UNDO === #

    def _undo(self):
        """Bring the merged leads back and give everything that was theirs back to them.

        What was edited or added since stays with the survivor.
        """
        self.ensure_one()
        self.env.flush_all()
        self.source_ids._restore()
        self._restore_customers()
        self._restore_survivor()
        self.state = 'undone'
        self._log_undo()

    def _restore_customers(self):
        snapshot = self.env['crm.lead.merge.snapshot']
        changes = {int(id_): changed for id_, changed in (self.customer_changes or {}).items()}
        current = snapshot._take_rows('res_partner', changes)
        values = {id_: get_reverted(changes[id_], row) for id_, row in current.items()}
        snapshot._update_rows('res_partner', values)
        self.env.invalidate_all()
        customers = self.env['res.partner'].browse(values)
        leads = self.lead_id | self.source_ids._get_leads()
        restored = {column for changed in values.values() for column in changed}
        with (
            self.env.protecting(self._get_stored_fields(customers), customers),
            self.env.protecting(self._get_stored_fields(leads), leads),
        ):
            customers.modified(restored)
        self.env.flush_all()

    def _restore_survivor(self):
        snapshot = self.env['crm.lead.merge.snapshot']
        lead = self.lead_id
        current = snapshot._take_rows('crm_lead', lead.ids)[lead.id]
        values = get_reverted(self.changes or {}, current)
        status = self._get_won_lost(lead)
        if 'won_status' in values:
            # what was counted is taken back as long as the lead has the values that were counted
            lead._handle_won_lost(status, {})
            status = {}
        snapshot._update_rows('crm_lead', {lead.id: values})
        for name, rows in (self.links or {}).items():
            snapshot._delete_links(get_table(name), rows['added'])
            snapshot._insert_rows(get_table(name), rows['removed'])
        self.env.invalidate_all()
        self._recompute_mixed(values, set(self.changes or {}) - set(values))
        lead._handle_won_lost(status, self._get_won_lost(lead))

    def _recompute_mixed(self, restored, edited):
        """Compute again what depends both on restored and on edited values.

        All else of the survivor was restored as it was.
        """
        lead = self.lead_id
        mixed = [
            field
            for field in lead._fields.values()
            if field.compute and field.readonly and field.name in edited
        ]
        own = [field for field in self._get_stored_fields(lead) if field not in mixed]
        with self.env.protecting(own, lead):
            lead.modified(restored)
        self.env.flush_all()

    def _get_stored_fields(self, records):
        return [field for field in records._fields.values() if field.store]

    def _get_won_lost(self, leads):
        return {
            lead.id: {'is_lost': lead.won_status == 'lost', 'is_won': lead.won_status == 'won'}
            for lead in leads
        }

    def _log_undo(self):
        leads = self.source_ids._get_leads()
        self.lead_id.message_post_with_source(
            'crm_extended.crm_lead_merge_undone',
            render_values={'leads': leads},
            subtype_xmlid='mail.mt_note',
        )
