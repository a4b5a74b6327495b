from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Core moves of these what the user sees and deletes the rest with the lead.
_LEFT_BEHIND = {
    'mail.message': 'model',
    'mail.activity': 'res_model',
    'ir.attachment': 'res_model',
}


class CrmLead(models.Model):
    """Leads of which the merges are remembered and can be undone."""

    _inherit = 'crm.lead'

    crm_merge_ids = fields.One2many(
        comodel_name='crm.lead.merge',
        inverse_name='lead_id',
        string='Merges',
        groups='sales_team.group_sale_salesman',
    )
    crm_can_undo_merge = fields.Boolean(
        string='Has a Merge to Undo',
        compute='_compute_crm_can_undo_merge',
        groups='sales_team.group_sale_salesman',
    )

    @api.depends('crm_merge_ids.state')
    def _compute_crm_can_undo_merge(self):
        merges = self.env['crm.lead.merge']._read_group(
            [('lead_id', 'in', self.ids), ('state', '=', 'done')],
            ['lead_id'],
        )
        merged = {lead.id for (lead,) in merges}
        for lead in self:
            lead.crm_can_undo_merge = lead._origin.id in merged

    # === MERGING === #

    def merge_opportunity(self, user_id=False, team_id=False, auto_unlink=True):
        """Remember the merge, to undo it. The automatic assignment merges without."""
        merges_sudo = self.env['crm.lead.merge'].sudo()
        before = merges_sudo._take(self) if len(self) > 1 else None
        survivor = super().merge_opportunity(user_id, team_id, False)
        losers = self - survivor
        merges_sudo._record(survivor, losers, before)
        if auto_unlink:
            losers.sudo().unlink()
        return survivor

    # === CRUD === #

    def unlink(self):
        sources_sudo = self.env['crm.lead.merge.source'].sudo()._get_open(self)
        if not sources_sudo:
            return super().unlink()
        before = self.env['crm.lead.merge'].sudo()._take(self)
        result = super().unlink()
        sources_sudo.exists()._keep(before)
        return result

    # === ACTIONS === #

    def action_undo_merge(self):
        """Undo the last merge into this lead: the merged ones return with all that was theirs.

        What was edited on this lead or attached to it since stays. An earlier merge can be
        undone afterwards; that of a merged lead, on that lead.
        """
        self.ensure_one()
        self.check_access('write')
        merge_sudo = (
            self.env['crm.lead.merge']
            .sudo()
            .search([('lead_id', '=', self.id), ('state', '=', 'done')], limit=1)
        )
        if not merge_sudo:
            raise UserError(
                self.env._('There is no merge to undo on "%(lead)s".', lead=self.display_name)
            )
        merge_sudo._take_turn()
        merge_sudo._undo()
        return True

    # === BUSINESS === #

    def _get_merge_moved_fields(self):
        """Return ``{model: field}`` of what follows a merge besides what core moves.

        Addons extend it. Whatever they move, undoing a merge gives it back.
        """
        return {'crm.call': 'lead_id', 'crm.lead.merge': 'lead_id'}

    def _get_merge_moved_references(self):
        """Return ``{model: column}`` of what a merge moves, to say so before it does."""
        one2many = [
            self._fields[name]
            for name in self._merge_get_fields_specific()
            if name in self._fields and self._fields[name].type == 'one2many'
        ]
        return {
            **dict.fromkeys(_LEFT_BEHIND, 'res_id'),
            'calendar.event': 'opportunity_id',
            **{field.comodel_name: field.inverse_name for field in one2many},
            **self._get_merge_moved_fields(),
        }

    def _get_merge_choice(self):
        """Return the lead that the user wants to survive and whose values he wants.

        The signature of core's merge has no room for it.
        """
        choice = self.env.context.get('crm_merge_choice') or {}
        leads = {lead.id: lead for lead in self}
        values = {name: leads.get(id_) for name, id_ in choice.get('values', {}).items()}
        return leads.get(choice.get('survivor_id'), self.browse()), values

    def _sort_by_confidence_level(self, reverse=False):
        leads = super()._sort_by_confidence_level(reverse=reverse)
        survivor, _values = self._get_merge_choice()
        return survivor | leads

    def _merge_data(self, fnames=None):
        data = super()._merge_data(fnames)
        _survivor, values = self._get_merge_choice()
        for name, lead in values.items():
            if lead and name in data:
                field = self._fields[name]
                data[name] = field.convert_to_write(lead[name], lead)
        return data

    def _merge_dependences_calendar_events(self, opportunities):
        """Move the meetings of others, too, which core refuses, and all that is left behind.

        Core comes here last. One count spares its search for meetings where there are none,
        and ours for the rest.
        """
        counts = self._count_merge_dependences(opportunities)
        result = True
        if counts.get('calendar_event.opportunity_id'):
            leads_sudo = self.sudo().with_context(active_test=False)
            result = super(CrmLead, leads_sudo)._merge_dependences_calendar_events(opportunities)
        self._merge_dependences_linked(opportunities, counts)
        self._merge_dependences_left_behind(opportunities, counts)
        return result

    def _count_merge_dependences(self, opportunities):
        for model, column in self._get_merge_moved_references().items():
            self.env[model].flush_model([column])
        return self.env['crm.merge.snapshot']._count_attached(
            opportunities._name, opportunities.ids
        )

    def _merge_dependences_linked(self, opportunities, counts):
        """Move what is linked to the merged leads, also what the user may not see.

        :param counts: ``{reference: count}`` of what there is to move
        """
        for model, field in self._get_merge_moved_fields().items():
            records_sudo = self.env[model].sudo().with_context(active_test=False)
            if not counts.get(f'{records_sudo._table}.{field}'):
                continue
            is_reference = records_sudo._fields[field].type == 'reference'
            targets = [f'crm.lead,{id_}' for id_ in opportunities.ids]
            linked = records_sudo.search(
                [(field, 'in', targets if is_reference else opportunities.ids)]
            )
            linked.write({field: f'crm.lead,{self.id}' if is_reference else self.id})

    def _merge_dependences_left_behind(self, opportunities, counts):
        """Move the done activities, the notifications and what the user may not see, too."""
        for model, model_field in _LEFT_BEHIND.items():
            records_sudo = self.env[model].sudo().with_context(active_test=False)
            if counts.get(f'{records_sudo._table}.res_id'):
                records_sudo.search(
                    [(model_field, '=', 'crm.lead'), ('res_id', 'in', opportunities.ids)]
                ).write({'res_id': self.id})
        if counts.get('mail_scheduled_message.res_id'):
            self._merge_dependences_scheduled_messages(opportunities)

    def _merge_dependences_scheduled_messages(self, opportunities):
        """Send from here what was to be sent; the model itself refuses any change of record."""
        self.env.cr.execute(
            SQL(
                'UPDATE mail_scheduled_message SET res_id = %s'
                " WHERE model = 'crm.lead' AND res_id IN %s",
                self.id,
                tuple(opportunities.ids),
            )
        )
        self.env['mail.scheduled.message'].invalidate_model(['res_id'])
