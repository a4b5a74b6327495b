from odoo import Command, api, fields, models
from odoo.models import LOG_ACCESS_COLUMNS

from ...core.rows import get_reverted, get_row_changes


class CrmLeadMerge(models.Model):
    """One merge of leads, with what it takes to undo it."""

    _name = 'crm.lead.merge'
    _description = 'Lead Merge'
    _inherit = ['crm.merge.mixin']
    _rec_name = 'lead_id'

    lead_id = fields.Many2one(
        comodel_name='crm.lead',
        string='Surviving Lead',
        required=True,
        readonly=True,
        index=True,
        ondelete='cascade',
    )
    source_ids = fields.One2many(
        comodel_name='crm.lead.merge.source',
        inverse_name='merge_id',
        string='Merged Leads',
        readonly=True,
    )
    customer_changes = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='What core wrote from the merged leads on their customers, before and after.',
    )

    # === RECORD === #

    @api.model
    def _take(self, leads):
        """Their customers too: core writes on them."""
        taken = super()._take(leads)
        customer_ids = leads.sudo().partner_id.ids
        rows = self.env['crm.merge.snapshot']._take_rows('res_partner', customer_ids)
        return {**taken, 'customers': rows}

    @api.model
    def _record(self, survivor, losers, before):
        """Remember the merge of the leads that were as ``before``."""
        after = self._take(survivor | losers)
        return self.create(
            {
                'lead_id': survivor.id,
                **self._prepare_survivor_values(survivor, before, after),
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
        snapshot = self.env['crm.merge.snapshot']
        changes = {int(id_): changed for id_, changed in (self.customer_changes or {}).items()}
        current = snapshot._take_rows('res_partner', changes)
        values = {id_: get_reverted(changes[id_], row) for id_, row in current.items()}
        snapshot._update_rows('res_partner', values)
        self.env.invalidate_all()
        customers = self.env['res.partner'].browse(values)
        leads = self.lead_id | self.source_ids._get_merged()
        restored = {column for changed in values.values() for column in changed}
        with (
            self.env.protecting(self._get_stored_fields(customers), customers),
            self.env.protecting(self._get_stored_fields(leads), leads),
        ):
            customers.modified(restored)
        self.env.flush_all()

    def _restore_survivor(self):
        lead = self.lead_id
        values = self._get_reverted_values(lead)
        status = self._get_won_lost(lead)
        if 'won_status' in values:
            # what was counted is taken back as long as the lead has the values that were counted
            lead._handle_won_lost(status, {})
            status = {}
        self._put_survivor_back(lead, values)
        lead._handle_won_lost(status, self._get_won_lost(lead))

    def _get_won_lost(self, leads):
        return {
            lead.id: {'is_lost': lead.won_status == 'lost', 'is_won': lead.won_status == 'won'}
            for lead in leads
        }

    def _log_undo(self):
        leads = self.source_ids._get_merged()
        self.lead_id.message_post_with_source(
            'crm_extended.crm_lead_merge_undone',
            render_values={'leads': leads},
            subtype_xmlid='mail.mt_note',
        )
