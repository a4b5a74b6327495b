from odoo import fields, models


class CrmStage(models.Model):
    _inherit = 'crm.stage'

    crm_requirement_ids = fields.One2many(
        comodel_name='crm.stage.requirement',
        inverse_name='stage_id',
        string='Checklist',
        copy=True,
        help='What must hold before an opportunity enters the stage.',
    )
