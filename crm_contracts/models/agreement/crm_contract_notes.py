from collections import defaultdict

from markupsafe import Markup

from odoo import api, models
from odoo.tools import ormcache

from ...core.reactions import Reaction
from .crm_contract_noted_mixin import REMEMBERED

# Prices or taxes of lines and rates are proposed anew when one of these changes.
PRICING_FIELDS = {'company_id', 'currency_id', 'fiscal_position_id', 'time_product_id'}


class CrmContract(models.Model):
    """What the chatter tells of changes: of the conditions, and of the lines and rates."""

    _name = 'crm.contract'
    _inherit = ['mail.thread', 'crm.contract']
    _reactions = (
        Reaction(PRICING_FIELDS, before='_remember_prices'),
        Reaction({'terms'}, before='_get_terms', after='_note_terms'),
    )

    @ormcache('self.env.uid', 'self.env.su')
    def _track_get_fields(self):
        """Track whatever a template may propose, besides the fields that say so themselves."""
        conditions = {
            name for name in self._get_template_fields() if self._fields[name].type != 'html'
        }
        return super()._track_get_fields() | set(self.fields_get(conditions, attributes=()))

    @api.model_create_multi
    def create(self, vals_list):
        contracts = super().create(vals_list)
        self.env['crm.contract.line']._get_remembered('new').update(dict.fromkeys(contracts.ids))
        return contracts

    def _tracking(self, vals):
        """Return the contracts as to be written: tracked, whatever the context of a client says."""
        if self.env.su or not vals.keys() & self._track_get_fields():
            return self
        return self.with_context(tracking_disable=False, mail_notrack=False)

    def _remember_prices(self, vals):
        self.line_ids._remember()
        self.rate_ids._remember()

    def _get_terms(self, vals):
        return {contract: contract.terms for contract in self}

    def _note_terms(self, vals, terms):
        reworded = self.filtered(lambda contract: contract.terms != terms[contract])
        note = self.env._('The terms and conditions were changed.')
        reworded._message_log_batch(dict.fromkeys(reworded.ids, note))

    @api.model
    def _note_changes(self):
        """Note on each contract what happened to its lines and rates in this transaction."""
        remembered = self.env.cr.precommit.data.pop(REMEMBERED, {})
        new, gone = (remembered.pop(kind, {}) for kind in ('new', 'gone'))
        items = defaultdict(list)
        for contract_id, summary in gone.values():
            items[contract_id].append(self.env._('Removed: %s', summary))
        for model, before in remembered.items():
            for record in self.env[model].sudo().browse(before).exists():
                items[record.contract_id.id] += record._get_note_items(before[record.id])
        title = self.env._('Lines and rates changed')
        noted = self.browse(id_ for id_ in items if items[id_] and id_ not in new).exists()
        noted._message_log_batch(
            {
                contract.id: Markup('%s<ul>%s</ul>')
                % (title, Markup().join(map(Markup('<li>%s</li>').__mod__, items[contract.id])))
                for contract in noted
            }
        )
