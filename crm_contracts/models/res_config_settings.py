from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    crm_contract_plan_id = fields.Many2one(
        related='company_id.crm_contract_plan_id', readonly=False
    )
    crm_contract_time_product_id = fields.Many2one(
        related='company_id.crm_contract_time_product_id', readonly=False
    )
    crm_contract_recurring_product_id = fields.Many2one(
        related='company_id.crm_contract_recurring_product_id', readonly=False
    )
    crm_contract_milestone_product_id = fields.Many2one(
        related='company_id.crm_contract_milestone_product_id', readonly=False
    )
    crm_contract_cost_product_id = fields.Many2one(
        related='company_id.crm_contract_cost_product_id', readonly=False
    )
    crm_contract_tax_required = fields.Boolean(
        related='company_id.crm_contract_tax_required', readonly=False
    )
    crm_contract_digest_days = fields.Integer(
        related='company_id.crm_contract_digest_days', readonly=False
    )
    crm_contract_notice_earliest = fields.Integer(
        related='company_id.crm_contract_notice_earliest', readonly=False
    )
    crm_contract_notice_latest = fields.Integer(
        related='company_id.crm_contract_notice_latest', readonly=False
    )
    crm_contract_notice_template_id = fields.Many2one(
        related='company_id.crm_contract_notice_template_id', readonly=False
    )
