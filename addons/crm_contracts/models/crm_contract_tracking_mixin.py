from markupsafe import Markup

from odoo import api, models
from odoo.tools import ormcache

from .crm_contract_noted_mixin import REMEMBERED


class CrmContractTrackingMixin(models.AbstractModel):
    """What the chatter tells of changes: of the conditions, and of the lines and rates."""

    _name = 'crm.contract.tracking.mixin'
    _description = 'Contract Tracking'
    _inherit = ['mail.thread']

    @ormcache('self.env.uid', 'self.env.su')
    def _track_get_fields(self):
        """Track whatever a template may propose, besides the fields that say so themselves."""
        conditions = {
            name for name in self._get_template_fields() if self._fields[name].type != 'html'
        }
        return super()._track_get_fields() | set(self.fields_get(conditions, attributes=()))

    @api.model
    def _note_changes(self):
        """Note on each contract what changed of its lines and rates in this transaction."""
        remembered = self.env.cr.precommit.data.pop(REMEMBERED, {})
        items = {}
        for model, before in remembered.items():
            known = {id_: texts for id_, texts in before.items() if texts}
            for record in self.env[model].sudo().browse(known).exists():
                changes = record._get_changes(known[record.id])
                if changes:
                    items.setdefault(record.contract_id.id, []).append(changes)
        if not items:
            return
        title = self.env._('Lines and rates changed')
        self.browse(items)._message_log_batch(
            {
                id_: Markup('%s<ul>%s</ul>') % (title, Markup().join(changes))
                for id_, changes in items.items()
            }
        )
