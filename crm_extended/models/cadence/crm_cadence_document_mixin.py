from odoo import api, fields, models
from odoo.fields import Domain

from .crm_cadence_run import IS_RUNNING, LINKS


class CrmCadenceDocumentMixin(models.AbstractModel):
    """What a cadence can go on with."""

    _name = 'crm.cadence.document.mixin'
    _description = 'Followed Up by Cadences'

    crm_cadence_count = fields.Integer(
        string='Cadences',
        compute='_compute_crm_cadence_count',
        groups='sales_team.group_sale_salesman',
        help='Cadences that are going on.',
    )

    @api.depends_context('uid')
    def _compute_crm_cadence_count(self):
        link = LINKS[self._name]
        counts = dict(
            self.env['crm.cadence.run']._read_group(
                IS_RUNNING & Domain(link, 'in', self.ids), [link], ['__count']
            )
        )
        for document in self:
            document.crm_cadence_count = counts.get(document._origin, 0)

    def action_start_crm_cadence(self):
        """Open the dialog that chooses a cadence and starts it."""
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('Start a Cadence'),
            'res_model': 'crm.cadence.start',
            'view_mode': 'form',
            'target': 'new',
            'context': {'active_model': self._name, 'active_ids': self.ids},
        }

    def action_view_crm_cadences(self):
        """Open the cadences that are going on, as the button counts them."""
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_extended.crm_cadence_run_action'
        )
        domain = IS_RUNNING & Domain(LINKS[self._name], 'in', self.ids)
        return action | {'domain': list(domain), 'context': {}}
