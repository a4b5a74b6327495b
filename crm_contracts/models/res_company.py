from odoo import api, fields, models

PLAN_NAMES = ('Contracts', 'Contratos')


class ResCompany(models.Model):
    _inherit = 'res.company'

    crm_contract_plan_id = fields.Many2one(
        'account.analytic.plan',
        string='Analytic Plan of Contracts',
        ondelete='set null',
        default=lambda self: self._default_crm_contract_plan_id(),
        help='Plan in which the analytic account of each contract is made.',
    )

    crm_contract_time_product_id = fields.Many2one(
        'product.product',
        string='Service without Rate',
        domain="[('type', '=', 'service'), ('sale_ok', '=', True)]",
        ondelete='set null',
        help='Proposed to new contracts for hours that no rate fits.',
    )

    crm_contract_recurring_product_id = fields.Many2one(
        'product.product',
        string='Service for Recurring Lines',
        domain="[('sale_ok', '=', True)]",
        ondelete='set null',
        help='Gives account and taxes to recurring lines of contracts that name no product.',
    )
    crm_contract_milestone_product_id = fields.Many2one(
        'product.product',
        string='Service for Milestones',
        domain="[('sale_ok', '=', True)]",
        ondelete='set null',
        help='Gives account and taxes to milestones of contracts that name no product.',
    )
    crm_contract_cost_product_id = fields.Many2one(
        'product.product',
        string='Service for Costs',
        domain="[('sale_ok', '=', True)]",
        ondelete='set null',
        help='Proposed to new contracts: gives account and taxes to costs that come without a '
        'product.',
    )
    crm_contract_tax_required = fields.Boolean(
        string='Tax on Each Line',
        compute='_compute_crm_contract_tax_required',
        store=True,
        readonly=False,
        help='Also what is sold with a product without taxes is held back until it has one: an '
        'exempt one where there is none to pay. Proposed where VAT has to be stated.',
    )

    crm_contract_digest_days = fields.Integer(
        string='Days of the Renewal Digest',
        default=30,
        help='The weekly mail also lists the contracts that are to be renewed in so many days.',
    )
    crm_contract_notice_earliest = fields.Integer(
        string='Earliest Notice to Customers',
        default=45,
        help='Days before the end of a term from which its customer is told.',
    )
    crm_contract_notice_latest = fields.Integer(
        string='Latest Notice to Customers',
        default=15,
        help='Days before the end of a term until which its customer is told.',
    )
    crm_contract_notice_template_id = fields.Many2one(
        'mail.template',
        string='Notice to Customers',
        domain="[('model', '=', 'crm.contract')]",
        ondelete='set null',
        help='Empty: the mail that comes with the application.',
    )

    crm_contract_deferred_account_id = fields.Many2one(
        'account.account',
        string='Account of Deferred Revenue of Contracts',
        check_company=True,
        help='On which revenue was booked last that contracts billed for later days.',
    )
    crm_contract_accrued_account_id = fields.Many2one(
        'account.account',
        string='Account of Accrued Revenue of Contracts',
        check_company=True,
        help='On which revenue was booked last that contracts had still to bill.',
    )

    _crm_contract_notice_ordered = models.Constraint(
        'CHECK (crm_contract_notice_latest >= 0 '
        'AND crm_contract_notice_earliest >= crm_contract_notice_latest)',
        'The earliest notice to customers cannot come after the latest one.',
    )
    _crm_contract_digest_days_positive = models.Constraint(
        'CHECK (crm_contract_digest_days >= 0)',
        'The days of the renewal digest cannot be negative.',
    )

    @api.depends('account_fiscal_country_id')
    def _compute_crm_contract_tax_required(self):
        europe = self.env.ref('base.europe', raise_if_not_found=False)
        for company in self:
            country = company.account_fiscal_country_id
            company.crm_contract_tax_required = bool(europe) and country in europe.country_ids

    # === TAXES === #

    def _get_crm_contract_services(self):
        """Return {kind of the billing ledger: service for what names no product}."""
        return {
            'recurring': self.crm_contract_recurring_product_id,
            'milestone': self.crm_contract_milestone_product_id,
            'time': self.crm_contract_time_product_id,
            'cost': self.crm_contract_cost_product_id,
        }

    def _get_crm_contract_usual_taxes(self, product):
        """Return the taxes of what is sold, before any fiscal position, archived ones included.

        Those of the product, else of its account; where neither has any there is none. What is
        sold without a product has those of the company.
        """
        self.ensure_one()
        if not product:
            return self._get_crm_contract_default_taxes()
        if product.crm_is_disbursement:
            return self.env['account.tax']
        taxes = product.with_context(active_test=False).sudo().taxes_id
        own = taxes._filter_taxes_by_company(self)
        return (own or self._get_crm_contract_account_taxes(product)).with_env(self.env)

    def _get_crm_contract_account_taxes(self, product):
        accounts = product.sudo().with_company(self)._get_product_accounts()
        taxes = accounts['income'].tax_ids if accounts['income'] else self.env['account.tax']
        return taxes.filtered(lambda tax: tax.type_tax_use == 'sale')._filter_taxes_by_company(self)

    def _get_crm_contract_default_taxes(self):
        """Return the taxes of what is sold without a product: of the sales account, or usual."""
        journals = self.env['account.journal'].sudo()
        domain = [*journals._check_company_domain(self), ('type', '=', 'sale')]
        taxes = journals.search(domain, limit=1).default_account_id.tax_ids
        taxes = taxes.filtered(lambda tax: tax.type_tax_use == 'sale')
        taxes = taxes._filter_taxes_by_company(self)
        usual = self.sudo().parent_ids[::-1].account_sale_tax_id
        return (taxes or usual[:1]).with_env(self.env)

    def _default_crm_contract_plan_id(self):
        """A new company books its contracts where the others do."""
        return self.search([('crm_contract_plan_id', '!=', False)], limit=1).crm_contract_plan_id

    @api.model
    def _set_contract_plans(self):
        """Give every company without one a plan for its contracts' accounts."""
        companies = self.search([('crm_contract_plan_id', '=', False)])
        if companies:
            companies.crm_contract_plan_id = self._get_or_create_contract_plan()

    @api.model
    def _get_or_create_contract_plan(self):
        """Return the plan called like ours, else make one that leaves with the addon."""
        plans = self.env['account.analytic.plan']
        plan = plans.search([('name', 'in', PLAN_NAMES), ('parent_id', '=', False)], limit=1)
        if not plan:
            plan = plans.create({'name': PLAN_NAMES[0]})
            self.env['ir.model.data']._update_xmlids(
                [
                    {
                        'xml_id': 'crm_contracts.analytic_plan_contracts',
                        'record': plan,
                        'noupdate': True,
                    }
                ]
            )
        return plan
