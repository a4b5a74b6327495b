from odoo import fields, models


class CrmContractAmendment(models.Model):
    """The monthly revenue moves on the day of an amendment, however late it is applied."""

    _inherit = 'crm.contract.amendment'

    def _apply_changes(self, changes):
        self.contract_id._log_mrr()
        result = super()._apply_changes(changes)
        today = fields.Date.context_today(self)
        if self.date <= today:
            movements = self.env['crm.contract.mrr.movement'].sudo()
            movements._log(self.contract_id.sudo(), today, date=self.date)
        return result
