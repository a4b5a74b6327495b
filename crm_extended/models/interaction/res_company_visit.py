from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    crm_visit_days = fields.Integer(
        string='Keep Portal Visits',
        default=365,
        help='For so many days it is known that a customer opened a document in the portal; 0: '
        'nothing of the kind is noted.',
    )

    _crm_visit_days_not_negative = models.Constraint(
        'CHECK (crm_visit_days BETWEEN 0 AND 36500)',
        'Portal visits are kept for some days, a century at most, or for none.',
    )


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    crm_visit_days = fields.Integer(related='company_id.crm_visit_days', readonly=False)
