from odoo import models
from odoo.exceptions import UserError


class ServiceCaseWizard(models.AbstractModel):
    """A dialog about the claims or tickets that it was opened on."""

    _name = 'service.case.wizard'
    _description = 'Dialog about Service Cases'

    def _get_cases(self):
        model = self.env.get(self.env.context.get('active_model'))
        if not isinstance(model, self.env.registry['service.case.mixin']):
            raise UserError(self.env._('Open this dialogue from claims or tickets.'))
        return model.browse(self.env.context.get('active_ids'))
