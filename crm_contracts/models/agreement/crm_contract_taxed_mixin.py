from odoo import api, fields, models


class CrmContractTaxedMixin(models.AbstractModel):
    """The taxes of what a contract charges: the same for its lines and its rates.

    Proposed as Odoo proposes those of an order: by the product, through the fiscal position. What
    is billed has the taxes that stand here.
    """

    _name = 'crm.contract.taxed.mixin'
    _description = 'Taxes of What a Contract Charges'

    tax_ids = fields.Many2many(
        'account.tax',
        string='Taxes',
        compute='_compute_tax_ids',
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        context={'active_test': False},
        domain="[('type_tax_use', '=', 'sale')]",
        help='Taxes of the invoice line. Proposed by the product, else by the company, as the '
        'fiscal position has them. Where there is none to pay, choose an exempt one: without any '
        'it is held back.',
    )

    @api.depends('product_id', 'contract_id.company_id', 'contract_id.fiscal_position_id')
    def _compute_tax_ids(self):
        groups = self.grouped(
            lambda record: (
                record.contract_id.company_id or self.env.company,
                record.contract_id.fiscal_position_id,
                record._get_service(),
                record._get_proposed_taxes(),
            )
        )
        for (company, position, service, proposed), records in groups.items():
            taxes = proposed or company._get_crm_contract_usual_taxes(service)
            records.tax_ids = position.map_tax(taxes)

    def _get_proposed_taxes(self):
        """Return taxes that go before those of the product; override where there are any."""
        return self.env['account.tax']

    def _get_service(self):
        """Return the product that is invoiced; override where it is not always named."""
        return self.product_id
