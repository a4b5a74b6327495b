from odoo import models


class ServiceCaseWizard(models.AbstractModel):
    """A dialog about the claims or tickets that it was opened on."""

    _name = 'service.case.wizard'
    _description = 'Dialog about Service Cases'

    def _get_cases(self):
        context = self.env.context
        return self.env[context['active_model']].browse(context['active_ids'])
