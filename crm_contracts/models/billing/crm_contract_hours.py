from functools import partial
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...core.reactions import Reaction
from ...core.time import UNIT_PRECISION, PrepaidUsage, TermUnits, add_up, get_usages

# What each term keeps as it was agreed for it.
TERM_FIELDS = ('prepaid_quantity', 'prepaid_uom_id', 'overage_price')


class CrmContract(models.Model):
    """The hours of a contract: the service that they are, and how many of them are prepaid.

    Each term has its units anew. The hours booked on the contract's account consume them in the
    order of their dates; what is marked as not billed or sold by an order does not count.
    """

    _inherit = 'crm.contract'
    _reactions = (Reaction(TERM_FIELDS, after='_sync_prepaid'),)

    time_product_id = fields.Many2one(
        compute='_compute_time_product_id',
        store=True,
        readonly=False,
        precompute=True,
        help="Hours that no rate fits are billed as this service, at the price of the customer's "
        'pricelist. Empty: they are held back until there is a rate.',
    )
    prepaid_quantity = fields.Float(tracking=True)
    overage_price = fields.Float(tracking=True)
    prepaid_available = fields.Float(
        string='Available Units',
        compute='_compute_prepaid',
        digits='Product Unit',
        help='Prepaid in the current term, what was carried over included.',
    )
    prepaid_consumed = fields.Float(
        string='Consumed Units',
        compute='_compute_prepaid',
        digits='Product Unit',
        help='Booked in the current term, in the prepaid unit.',
    )
    prepaid_remaining = fields.Float(
        string='Remaining Units', compute='_compute_prepaid', digits='Product Unit'
    )
    prepaid_percentage = fields.Float(
        string='Consumed (%)',
        compute='_compute_prepaid',
        help='Consumed units per available unit of the current term, in percent.',
    )

    # === COMPUTE === #

    @api.depends('company_id')
    def _compute_time_product_id(self):
        for contract in self:
            contract.time_product_id = (
                contract.time_product_id or contract.company_id.crm_contract_time_product_id
            )

    @api.depends('prepaid_quantity', 'prepaid_uom_id', 'prepaid_rollover', 'analytic_account_id')
    def _compute_prepaid(self):
        """Who may read the contract may read what is consumed, the hours need their own rights."""
        contracts = self.sudo()
        usages = contracts._get_prepaid_usages()
        today = fields.Date.context_today(self)
        for contract, contract_sudo in zip(self, contracts, strict=True):
            term = contract_sudo._get_prepaid_term(today)
            usage = PrepaidUsage(contract.prepaid_quantity)
            if term.id in usages:
                usage = usages[term.id]
                if term.prepaid_uom_id and contract.prepaid_uom_id:
                    usage = usage.convert(
                        partial(
                            term.prepaid_uom_id._compute_quantity,
                            to_unit=contract.prepaid_uom_id,
                            round=False,
                        )
                    )
            contract.prepaid_available = usage.available
            contract.prepaid_consumed = usage.consumed
            contract.prepaid_remaining = usage.left
            contract.prepaid_percentage = usage.percentage

    # === CHECKS === #

    @api.constrains('prepaid_quantity', 'overage_price')
    def _check_prepaid_numbers(self):
        for contract in self:
            if contract.prepaid_quantity < 0 or contract.overage_price < 0:
                raise ValidationError(
                    self.env._(
                        'The prepaid units of "%(contract)s" and their price cannot be negative.',
                        contract=contract.display_name,
                    )
                )

    @api.constrains('prepaid_quantity', 'prepaid_uom_id')
    def _check_prepaid_unit(self):
        prepaid = self.filtered('prepaid_quantity')
        hour = prepaid and self.env.ref('uom.product_uom_hour')
        for contract in prepaid:
            unit = contract.prepaid_uom_id
            if not unit or not unit._has_common_reference(hour):
                raise ValidationError(
                    self.env._(
                        'The prepaid units of "%(contract)s" are hours or days: %(unit)s cannot be '
                        'converted to hours.',
                        contract=contract.display_name,
                        unit=unit.name or '-',
                    )
                )

    def _sync_prepaid(self, vals):
        """Let the current term follow what is prepaid in it and what goes beyond."""
        of_term = {name: vals[name] for name in TERM_FIELDS if name in vals}
        for contract in self.sudo():
            contract.term_ids.sorted('date_start')[-1:].write(of_term)

    # === TERMS === #

    def _prepare_term(self, date_start, date_end):
        return {
            **super()._prepare_term(date_start, date_end),
            'prepaid_quantity': self.prepaid_quantity,
        }

    def _get_prepaid_term(self, day):
        """Return the term whose units an hour of a day consumes.

        Hours after the last term count in it, hours before the first one in the first.
        """
        self.ensure_one()
        terms = self.term_ids.sorted('date_start')
        return terms.filtered(lambda term: term.date_start <= day)[-1:] or terms[:1]

    # === USAGE === #

    def _get_prepaid_usages(self):
        """Return {term id: PrepaidUsage} of contracts with prepaid units, constantly often."""
        prepaid = self.filtered(lambda contract: any(contract.term_ids.mapped('prepaid_quantity')))
        consumed = prepaid._get_consumed_units()
        usages = {}
        for contract in prepaid:
            terms = contract.term_ids.sorted('date_start')
            units = [
                TermUnits(
                    term.prepaid_quantity,
                    consumed[term.id],
                    partial(term._get_units, unit=before.prepaid_uom_id),
                )
                for before, term in pairwise([terms.browse(), *terms])
            ]
            usages.update(zip(terms.ids, get_usages(units, contract.prepaid_rollover), strict=True))
        return usages

    def _get_consumed_units(self):
        """Return {term id: units booked in it}: one grouped query per analytic plan."""
        sharing, own = self._get_contracts_by_account(), set(self)
        billable = self.env['crm.contract.biller']._get_billable_item_domain()
        booked = []
        for plan, accounts in self.analytic_account_id.grouped('root_plan_id').items():
            column = plan._column_name()
            groups = self.env['account.analytic.line']._read_group(
                Domain(column, 'in', accounts.ids) & Domain('project_id', '!=', False) & billable,
                [column, 'date:day', 'product_uom_id'],
                ['unit_amount:sum'],
            )
            for account, day, unit, time in groups:
                contract = sharing[account]._get_contract_on(day)
                if contract in own:
                    term = contract._get_prepaid_term(day)
                    booked.append((term.id, term._get_units(time, unit)))
        return add_up(booked)


class CrmContractTerm(models.Model):
    """The prepaid units of a term, whatever unit hours were booked in."""

    _inherit = 'crm.contract.term'

    def write(self, vals):
        """Keep what hours used of the prepaid units, when those get another unit."""
        units = {term: term.prepaid_uom_id for term in self} if 'prepaid_uom_id' in vals else {}
        result = super().write(vals)
        changed = self.filtered(lambda term: term in units and units[term] != term.prepaid_uom_id)
        rows = self.env['crm.contract.billing'].sudo()
        for row in rows.search([('term_id', 'in', changed.ids), ('covered_quantity', '!=', 0)]):
            term = row.term_id
            row.covered_quantity = term._get_units(row.covered_quantity, units[term])
        return result

    def _get_units(self, time, unit):
        """Return time in the prepaid unit of the term, or None if it cannot be converted."""
        self.ensure_one()
        # looked up only where it is missing: that takes a query
        unit = unit or self.env.ref('uom.product_uom_hour')
        if not self.prepaid_uom_id or not unit._has_common_reference(self.prepaid_uom_id):
            return None
        return round(unit._compute_quantity(time, self.prepaid_uom_id, round=False), UNIT_PRECISION)
