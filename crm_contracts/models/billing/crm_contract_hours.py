from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...core.prepaid import UNIT_PRECISION, Booked, PrepaidUsage, Term, settle
from ...core.reactions import Reaction
from ...core.time import Rounding

# What each term keeps as it was agreed for it.
TERM_FIELDS = ('prepaid_quantity', 'prepaid_uom_id', 'overage_price')


class CrmContract(models.Model):
    """The hours of a contract: the service that they are, and how many of them are prepaid.

    Each term has its units anew. The hours booked on the contract's account consume them in the
    order of their dates; what is marked as not billed or sold by an order does not count, nor
    what was invoiced over the prepaid units.
    """

    _inherit = 'crm.contract'
    _reactions = (
        Reaction(TERM_FIELDS, after='_sync_prepaid'),
        Reaction({'prepaid_used'}, after='_sync_prepaid_used'),
    )

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
    prepaid_used = fields.Float(
        string='Prepaid Units Used Before',
        digits='Product Unit',
        copy=False,
        help='Units of the current term that were used before the contract was entered here.',
    )
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

    @api.depends(
        'prepaid_quantity',
        'prepaid_used',
        'prepaid_uom_id',
        'prepaid_rollover',
        'analytic_account_id',
        'billing_ids.state',
    )
    def _compute_prepaid(self):
        """Who may read the contract may read what is consumed, the hours need their own rights."""
        usages = self._origin.sudo()._get_current_usages()
        for contract in self:
            agreed = PrepaidUsage(contract.prepaid_quantity, consumed=contract.prepaid_used)
            usage = usages.get(contract._origin.id, agreed)
            contract.prepaid_available = usage.available
            contract.prepaid_consumed = usage.consumed
            contract.prepaid_remaining = usage.left
            contract.prepaid_percentage = usage.percentage

    # === CHECKS === #

    @api.constrains('prepaid_quantity', 'overage_price', 'prepaid_used')
    def _check_prepaid_numbers(self):
        for contract in self:
            if min(contract.prepaid_quantity, contract.overage_price, contract.prepaid_used) < 0:
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

    def _sync_prepaid_used(self, vals):
        """Let the term that ran when the contract was entered follow what was used in it."""
        for contract in self.sudo():
            term = contract._get_prepaid_term(contract.date_term_start or contract.date_start)
            term.prepaid_used = vals['prepaid_used']

    # === TERMS === #

    def _prepare_term(self, date_start, date_end):
        return {
            **super()._prepare_term(date_start, date_end),
            'prepaid_quantity': self.prepaid_quantity,
        }

    def _prepare_first_terms(self):
        """Count what was used before in the term that runs."""
        *past, current = super()._prepare_first_terms()
        return [*past, {**current, 'prepaid_used': self.prepaid_used}]

    def _prepare_past_term(self, date_start, date_end):
        """Nothing is left of what was prepaid before."""
        return {**super()._prepare_past_term(date_start, date_end), 'prepaid_quantity': 0.0}

    def _get_prepaid_term(self, day):
        """Return the term whose units an hour of a day consumes.

        Hours after the last term count in it, hours before the first one in the first.
        """
        self.ensure_one()
        terms = self.term_ids.sorted('date_start')
        return terms.filtered(lambda term: term.date_start <= day)[-1:] or terms[:1]

    # === HOURS === #

    def _get_hours(self, time, unit):
        """Return time in hours, a day having those of the contract; None if it is no time."""
        self.ensure_one()
        hour = self._get_time_unit('hour')
        unit = unit or hour
        if not unit._has_common_reference(hour):
            return None
        return round(time * self._get_unit_factor(unit, hour), UNIT_PRECISION)

    def _get_unit_factor(self, unit, other):
        """Return how many of another unit of time one of a unit is for the contract."""
        factor = unit._compute_quantity(1.0, other, round=False)
        return factor * self._get_day_scale(unit) / self._get_day_scale(other)

    def _get_day_scale(self, unit):
        """Return how much longer a unit is for the contract than for everybody else."""
        day = self.hours_per_day and self._get_time_unit('day')
        if not day or unit.factor < day.factor:
            return 1.0
        return self.hours_per_day / day._compute_quantity(
            1.0, self._get_time_unit('hour'), round=False
        )

    @api.model
    def _get_time_unit(self, name):
        """Return the unit of hours or of days, without asking the database each time."""
        units = self.env['uom.uom']
        return units.browse(self.env['ir.model.data']._xmlid_to_res_id(f'uom.product_uom_{name}'))

    def _get_time_rounding(self):
        """Return how the hours of an entry are charged."""
        return Rounding(self.time_rounding / 60, self.time_minimum / 60)

    def _get_charged_hours(self, time, unit):
        """Return the hours of one entry as they are charged; None if it is no time."""
        hours = self._get_hours(time, unit)
        return hours and round(self._get_time_rounding().charge(hours), UNIT_PRECISION)

    def _get_charged_units(self, time, unit):
        """Return the time of one entry as it is charged, in its own unit."""
        hours = self._get_hours(time, unit)
        charged = self._get_charged_hours(time, unit)
        return time if charged == hours else self._get_units(charged, unit)

    def _get_units(self, hours, unit):
        """Return hours of the contract in a unit of time."""
        return hours * self._get_unit_factor(self._get_time_unit('hour'), unit)

    # === USAGE === #

    @api.model
    def _get_prepaid_domain(self):
        """Return the domain of the contracts whose hours may be prepaid."""
        return Domain('term_ids.prepaid_quantity', '>', 0)

    def _has_prepaid(self):
        """Say whether hours of the contract may be prepaid."""
        return any(self.term_ids.mapped('prepaid_quantity'))

    def _get_prepaid_usages(self):
        """Return {contract: Prepaid} in hours, with all that is booked; constantly often."""
        prepaid = self.filtered(lambda contract: contract._has_prepaid())
        return prepaid._get_prepaid(prepaid._get_booked_hours())

    def _get_current_usages(self):
        """Return {contract id: PrepaidUsage} of the terms of today, in the unit of the contract."""
        today = fields.Date.context_today(self)
        return {
            contract.id: contract._get_usage(prepaid, contract._get_prepaid_term(today))
            for contract, prepaid in self._get_prepaid_usages().items()
        }

    def _get_usage(self, prepaid, term):
        """Return what there is and what is used of a term, in the unit of the contract."""
        usage = PrepaidUsage()
        for one in self._get_current_pools(term):
            usage = usage.plus(prepaid.usages.get(one, PrepaidUsage()))
        return usage.divide(self._get_hours(1.0, self.prepaid_uom_id) or 1.0)

    def _get_current_pools(self, term):
        """Return what covers hours of today: the term, and packs."""
        return [term]

    def _get_prepaid(self, booked):
        """Return {contract: Prepaid} in hours: what covers the hours that are not settled.

        :param booked: {contract: {term: [Booked]}}
        """
        settled = self._get_settled_units()
        return {
            contract: settle(
                [
                    contract._get_term_hours(term, settled, booked[contract][term])
                    for term in contract.term_ids.sorted('date_start')
                ],
                contract._get_pack_hours(settled),
                contract.prepaid_rollover,
            )
            for contract in self
        }

    def _get_term_hours(self, term, settled, booked):
        """Return the prepaid units of a term in hours."""
        unit = term.prepaid_uom_id
        return Term(
            term,
            self._get_hours(term.prepaid_quantity, unit) or 0.0,
            self._get_hours(settled.get(term, 0.0) + term.prepaid_used, unit) or 0.0,
            (not self.prepaid_rollover and term.date_end) or date.max,
            booked,
        )

    def _get_pack_hours(self, settled):
        """Return the packs of prepaid units beside those of the terms, in hours."""
        return []

    def _get_settled_units(self):
        """Return {term: units that the ledger used of it}, in the unit of the term."""
        ledger = self.env['crm.contract.billing']
        return dict(
            ledger._read_group(
                Domain('term_id', 'in', self.term_ids.ids) & ledger._get_settled_domain(),
                ['term_id'],
                ['covered_quantity:sum'],
            )
        )

    def _get_booked_hours(self):
        """Return {contract: {term: [Booked]}} of what is not settled yet.

        One grouped query per analytic plan.
        """
        booked = defaultdict(lambda: defaultdict(list))
        sharing, own = self._get_contracts_by_account(), set(self)
        for plan, accounts in self.analytic_account_id.grouped('root_plan_id').items():
            column = plan._column_name()
            groups = self.env['account.analytic.line']._read_group(
                Domain(column, 'in', accounts.ids)
                & Domain('project_id', '!=', False)
                & self._get_open_item_domain(),
                [column, 'date:day', 'product_uom_id', 'unit_amount'],
                ['__count'],
                order='date:day',
            )
            for account, day, unit, time, count in groups:
                contract = sharing[account]._get_contract_on(day)
                if contract in own:
                    hours = contract._get_charged_hours(time, unit)
                    term = contract._get_prepaid_term(day)
                    key = (account, day, unit, time)
                    booked[contract][term].append(Booked(key, day, hours and hours * count))
        return booked


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
            row.covered_quantity = row.term_id._convert_units(
                row.covered_quantity, units[row.term_id]
            )
        for term in changed.filtered('prepaid_used'):
            term.prepaid_used = term._convert_units(term.prepaid_used, units[term])
        return result

    def _convert_units(self, quantity, former):
        """Return a quantity of a former prepaid unit in that of the term."""
        hours = self.contract_id._get_hours(quantity, former)
        return round(self.contract_id._get_units(hours, self.prepaid_uom_id), UNIT_PRECISION)
