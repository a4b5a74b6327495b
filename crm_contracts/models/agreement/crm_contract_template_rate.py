from odoo import api, fields, models


class CrmContractTemplateRate(models.Model):
    """A rate that a template proposes."""

    _name = 'crm.contract.template.rate'
    _description = 'Contract Template Rate'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin', 'crm.contract.rate.mixin']
    _order = 'template_id, employee_id, job_id, id'
    _check_company_auto = True
    _parent_link = 'template_id'

    template_id = fields.Many2one(
        'crm.contract.template', required=True, index=True, ondelete='cascade', check_company=True
    )
    company_id = fields.Many2one(related='template_id.company_id', store=True)
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')

    @api.depends('company_id')
    @api.depends_context('company')
    def _compute_currency_id(self):
        for rate in self:
            rate.currency_id = (rate.company_id or self.env.company).currency_id

    def _prepare_contract_rate(self):
        """Return the values of the rate of a contract."""
        self.ensure_one()
        return {
            'employee_id': self.employee_id.id,
            'job_id': self.job_id.id,
            'product_id': self.product_id.id,
            'product_uom_id': self.product_uom_id.id,
            'price_unit': self.price_unit,
        }
