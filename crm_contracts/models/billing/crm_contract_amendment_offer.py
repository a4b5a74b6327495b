from odoo import models

from ..agreement.crm_contract_offered_mixin import read_terms

OFFERED_FIELDS = ('contract_id', 'date', 'note')


class CrmContractAmendment(models.Model):
    """An amendment as an offer: signed, it is applied."""

    _name = 'crm.contract.amendment'
    _inherit = ['crm.contract.offered.mixin', 'crm.contract.amendment']

    def _transition_to(self, state, **values):
        result = super()._transition_to(state, **values)
        if state == 'offered':
            self._open_offers()
        elif state != 'draft':
            self._settle_answers()
        return result

    def _open_offers(self):
        """Offer nothing that could not be applied."""
        for amendment in self:
            amendment._check_applicable()
        return super()._open_offers()

    def _on_signed(self):
        self.action_apply()

    def _get_contracts(self):
        return self.contract_id

    def _get_offered_terms(self):
        changes = self._get_changes()
        names = ('action', 'line_id', *self.env['crm.contract.line']._get_noted_fields())
        known = [name for name in names if name in changes._fields]
        return {
            'amendment': read_terms(self, OFFERED_FIELDS),
            'changes': [read_terms(change, known) for change in changes],
        }
