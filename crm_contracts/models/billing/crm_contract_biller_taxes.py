from dataclasses import replace
from functools import cache

from odoo import api, fields, models

from ...core.figures import COUNTED_AS
from ...core.plan import UNINVOICED


class CrmContract(models.Model):
    """The service and the taxes of costs that come without a product."""

    _inherit = 'crm.contract'

    cost_product_id = fields.Many2one(
        compute='_compute_cost_product_id', store=True, readonly=False, precompute=True
    )
    cost_tax_ids = fields.Many2many(
        'account.tax',
        'crm_contract_cost_tax_rel',
        string='Taxes of Costs',
        compute='_compute_cost_tax_ids',
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        context={'active_test': False},
        domain="[('type_tax_use', '=', 'sale')]",
        help='Taxes of costs that come without a product. Proposed by the service for costs, else '
        'by the company, as the fiscal position has them.',
    )

    @api.depends('company_id')
    def _compute_cost_product_id(self):
        for contract in self:
            contract.cost_product_id = (
                contract.cost_product_id or contract.company_id.crm_contract_cost_product_id
            )

    @api.depends('company_id', 'cost_product_id', 'fiscal_position_id')
    def _compute_cost_tax_ids(self):
        groups = self.grouped(
            lambda contract: (
                contract.company_id or self.env.company,
                contract.cost_product_id,
                contract.fiscal_position_id,
            )
        )
        for (company, product, position), contracts in groups.items():
            contracts.cost_tax_ids = position.map_tax(
                company._get_crm_contract_usual_taxes(product)
            )


class CrmContractBiller(models.AbstractModel):
    """The taxes of what is billed: nothing is invoiced with taxes that nobody chose.

    Lines, rates and costs have their own. A part that comes back has those of the document that it
    came from. What has none, one that is archived or one that cannot be taken out of a price is
    held back.
    """

    _inherit = 'crm.contract.biller'

    # === WHICH TAXES === #

    def _settle_taxes(self, contracts, plan):
        """Return the plan with a service and taxes for what names none."""
        plan = plan.complete(lambda entry: self._complete_service(contracts, entry))
        open_entries = [entry for entry in plan.entries if self._needs_taxes(entry)]
        agreed, get_usual = self._get_agreed_taxes(open_entries), self._get_usual_tax_finder()

        def settle(entry):
            if not self._needs_taxes(entry):
                return entry
            contract = self._get_contract(contracts, entry)
            taxes = agreed.get((entry.billing_id, entry.line_id))
            if taxes is None:
                taxes = self._get_proposed_taxes(contract, entry, get_usual)
            return replace(entry, tax_ids=tuple(taxes.ids))

        return plan.complete(settle)

    def _needs_taxes(self, entry):
        """Say whether an entry is invoiced and nobody said its taxes yet."""
        return entry.tax_ids is None and entry.state not in UNINVOICED

    def _get_contract(self, contracts, entry):
        return contracts.browse(entry.contract_id).with_prefetch(contracts._prefetch_ids)

    def _complete_service(self, contracts, entry):
        """Return an entry with the service of its kind, if it is invoiced and names none."""
        if entry.product_id or entry.state in UNINVOICED:
            return entry
        service = self._get_service(self._get_contract(contracts, entry), entry.kind)
        return replace(entry, product_id=service.id)

    def _get_service(self, contract, kind):
        """Return the service of a contract for what names no product."""
        if kind == 'time':
            return contract.time_product_id
        if kind == 'cost':
            return contract.cost_product_id
        services = contract.company_id._get_crm_contract_services()
        return services.get(COUNTED_AS.get(kind, kind), contract.cost_product_id.browse())

    def _get_agreed_taxes(self, entries):
        """Return {(row that is billed again, line): taxes} of entries that have either.

        Those of the document that a part comes back from go before those of the line.
        """
        keys = {(entry.billing_id, entry.line_id) for entry in entries}
        lines = self.env['crm.contract.line'].browse({line for _row, line in keys if line})
        taxes = {(None, line.id): line.tax_ids for line in lines}
        rows = self.env['crm.contract.billing'].browse({row for row, _line in keys if row})
        rows._fetch_charging_lines()
        for row in rows:
            charged = row._get_charging_lines().tax_ids
            taxes[row.id, row.line_id.id] = charged or row.line_id.tax_ids or None
        return taxes

    def _get_proposed_taxes(self, contract, entry, get_usual):
        """Return the taxes of an entry that neither a line nor a document says."""
        if entry.kind == 'cost' and entry.product_id == contract.cost_product_id.id:
            return contract.cost_tax_ids
        return contract.fiscal_position_id.map_tax(get_usual(contract, entry.product_id))

    def _get_usual_tax_finder(self):
        """Return the function of contract and product id that says the taxes, without position."""

        @cache
        def find(company, product_id):
            return company._get_crm_contract_usual_taxes(
                self.env['product.product'].browse(product_id)
            )

        return lambda contract, product_id: find(contract.company_id, product_id)

    # === HOLDS === #

    def _get_tax_hold_finder(self, contracts):
        """Return the function that says why the taxes of an entry hold it back, or ''."""
        taxing = self._get_taxing_companies(contracts.company_id)
        get_usual = self._get_usual_tax_finder()

        def find(entry):
            contract = self._get_contract(contracts, entry)
            if entry.tax_ids is None or contract.company_id not in taxing:
                return ''
            taxes = self.env['account.tax'].browse(entry.tax_ids)
            if not taxes:
                usual = get_usual(contract, entry.product_id)
                return self._get_no_tax_hold(contract, entry, usual)
            return self._get_archived_hold(entry, taxes) or self._get_included_hold(
                contract, entry, taxes
            )

        return find

    def _get_taxing_companies(self, companies):
        """Return the companies that use taxes on sales, own or inherited."""
        groups = self.env['account.tax']._read_group(
            [('type_tax_use', '=', 'sale'), ('company_id', 'parent_of', companies.ids)],
            ['company_id'],
        )
        using = self.env['res.company'].concat(*(company for (company,) in groups))
        return companies.filtered(lambda company: company.parent_ids & using)

    def _get_no_tax_hold(self, contract, entry, usual):
        """Return why an entry without taxes is held back, or '' where that was chosen.

        :param usual: its taxes before the fiscal position
        """
        if usual and not contract.fiscal_position_id.map_tax(usual):
            return ''
        if entry.product_id and not usual and not contract.company_id.crm_contract_tax_required:
            return ''
        return self.env._(
            'There is no tax for "%(name)s": choose one, an exempt one if there is none to pay.',
            name=self._get_title(entry),
        )

    def _get_archived_hold(self, entry, taxes):
        archived = taxes.filtered(lambda tax: not tax.active)[:1]
        if not archived:
            return ''
        if entry.billing_id:
            return self.env._(
                'The tax %(tax)s, with which "%(name)s" was invoiced before, is archived: '
                'unarchive it to bill the rest, or never bill it again.',
                tax=archived.name,
                name=self._get_title(entry),
            )
        return self.env._(
            'The tax %(tax)s of "%(name)s" is archived: choose another one.',
            tax=archived.name,
            name=self._get_title(entry),
        )

    def _get_included_hold(self, contract, entry, taxes):
        """Return why taxes that prices include cannot be added to the price, or ''."""
        if not taxes._has_crm_contract_included():
            return ''
        line = {
            'price_unit': entry.price_unit,
            'quantity': entry.quantity,
            'discount': entry.discount,
            'currency_id': contract.currency_id,
            'product_id': self.env['product.product'].browse(entry.product_id),
            'product_uom_id': self.env['uom.uom'].browse(entry.product_uom_id),
        }
        if taxes._is_crm_contract_invertible(contract.company_id, line):
            return ''
        return self.env._(
            'The taxes %(taxes)s of "%(name)s" are included in prices, and none comes to the '
            'amount that was agreed: choose others.',
            taxes=', '.join(taxes.mapped('name')),
            name=self._get_title(entry),
        )

    def _get_title(self, entry):
        return entry.name.split('\n')[0]
