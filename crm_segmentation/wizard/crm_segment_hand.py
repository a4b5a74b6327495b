from odoo import Command, api, fields, models

LISTS = {'include': 'include_partner_ids', 'exclude': 'exclude_partner_ids'}


class CrmSegmentHand(models.TransientModel):
    """Puts many contacts on a hand list of a segment at once, or takes them off both lists.

    The contacts are those of a list, or of a list of their documents.
    """

    _name = 'crm.segment.hand'
    _description = 'Contacts on Hand Lists'
    _inherit = ['crm.linked.mixin']

    segment_id = fields.Many2one('crm.segment', required=True, ondelete='cascade')
    change = fields.Selection(
        [
            ('include', 'Always include them'),
            ('exclude', 'Always exclude them'),
            ('remove', 'Take them off both lists'),
        ],
        required=True,
        default='include',
        help='Who is put on one list is taken off the other. Taken off both, the criteria decide.',
    )
    partner_ids = fields.Many2many('res.partner', string='Contacts', readonly=True)
    partner_count = fields.Integer(string='Number of Contacts', compute='_compute_partner_count')

    @api.depends('partner_ids')
    def _compute_partner_count(self):
        for dialog in self:
            dialog.partner_count = len(dialog.partner_ids)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if 'partner_ids' in fields_list:
            values['partner_ids'] = [Command.set(self._get_chosen_partners().ids)]
        return values

    @api.model
    def _get_chosen_partners(self):
        """Return the contacts that were chosen in a list, or those of the chosen documents."""
        context = self.env.context
        records = self.env[context.get('active_model', 'res.partner')]
        records = records.browse(context.get('active_ids', []))
        records.check_access('read')
        if records._name == 'res.partner':
            return records
        return records.partner_id if 'partner_id' in records._fields else self.partner_ids

    def action_confirm(self):
        """Change the lists of the segment; who belongs follows when it is applied.

        :raise AccessError: for who may not write segments
        """
        self.ensure_one()
        self.segment_id.write(self._prepare_lists())
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success',
                'message': self.env._(
                    '"%(segment)s": contacts changed on its lists: %(count)s. They follow when the '
                    'segment is applied.',
                    segment=self.segment_id.name,
                    count=self.partner_count,
                ),
                'next': {'type': 'ir.actions.act_window_close'},
            },
        }

    def _prepare_lists(self):
        ids = self.partner_ids.ids
        return {
            name: [(Command.link if self.change == change else Command.unlink)(id_) for id_ in ids]
            for change, name in LISTS.items()
        }
