from collections import defaultdict
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...core.deductions import get_deductions, get_left, get_rest
from ...core.plan import Entry
from ...core.states import OVER_STATES

# What an invoice charged of an advance.
CHARGED_FIELDS = {'amount', 'contract_id', 'product_id'}


class CrmContractAdvance(models.Model):
    """Money that a customer is invoiced before it is earned; later invoices use it up.

    The advance and its deductions have the same product and the same taxes, so that the customer
    pays each tax once.
    """

    _name = 'crm.contract.advance'
    _description = 'Advance of a Contract'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin', 'crm.contract.noted.mixin']
    _order = 'contract_id, date_due, id'
    _check_company_auto = True
    _parent_link = 'contract_id'

    contract_id = fields.Many2one(
        'crm.contract', required=True, index=True, ondelete='cascade', check_company=True
    )
    company_id = fields.Many2one(related='contract_id.company_id', store=True)
    currency_id = fields.Many2one(related='contract_id.currency_id')
    name = fields.Char(
        string='Description',
        required=True,
        default=lambda self: self.env._('Advance'),
        help="Text of the invoice line, in the customer's language.",
    )
    product_id = fields.Many2one(
        'product.product',
        check_company=True,
        ondelete='restrict',
        domain="[('type', '=', 'service'), ('sale_ok', '=', True)]",
        help='Gives account and taxes of the advance and of its deductions.',
    )
    amount = fields.Monetary(required=True, help='Without taxes.')
    date_due = fields.Date(
        string='Due', required=True, default=lambda self: fields.Date.context_today(self)
    )
    billing_ids = fields.One2many(
        'crm.contract.billing', 'advance_id', string='Billed', readonly=True
    )
    rest = fields.Monetary(
        compute='_compute_rest',
        help='Invoiced and not deducted yet, without taxes. Below zero: deducted, and credited '
        'since; the next invoice charges it again, and a closed contract is billed once more.',
    )

    _amount_positive = models.Constraint('CHECK (amount > 0)', 'An advance is more than nothing.')

    @api.depends('billing_ids.state', 'billing_ids.amount')
    def _compute_rest(self):
        rests = self._origin.sudo()._get_rests()
        for advance in self:
            advance.rest = rests[advance._origin]

    @api.model
    def _get_noted_fields(self):
        return ['name', 'amount', 'product_id', 'date_due']

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        advances = super().create(vals_list)
        advances.contract_id._on_touch()
        return advances

    def write(self, vals):
        if vals.keys() & CHARGED_FIELDS:
            self._check_unbilled()
        result = super().write(vals)
        self.contract_id._on_touch()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_unbilled()

    def _check_unbilled(self):
        for advance in self.sudo().filtered('billing_ids')[:1]:
            raise UserError(
                self.env._(
                    'The advance "%(advance)s" of the contract "%(contract)s" was invoiced '
                    'already. Credit it, or add another one.',
                    advance=advance.name,
                    contract=advance.contract_id.display_name,
                )
            )

    # === WHAT IS OPEN === #

    def _is_settled(self):
        """Say whether the advance was invoiced and is not open again."""
        self.ensure_one()
        settled = self.billing_ids.filtered_domain(self.billing_ids._get_settled_domain())
        return any(row.amount > 0 for row in settled)

    def _is_called_off(self, closed=None):
        """Say whether the contract was over before the day of the advance.

        :param closed: day on which it is about to be closed
        """
        self.ensure_one()
        contract = self.contract_id
        closed = closed or (contract.state in OVER_STATES and contract.date_closed)
        return bool(closed) and self.date_due > closed

    def _filter_open(self):
        """Return those that are still to be invoiced."""
        return self.filtered(
            lambda advance: not advance._is_settled() and not advance._is_called_off()
        )

    # === REST === #

    def _get_rests(self):
        """Return {advance: what was invoiced of it and not deducted}, in one query."""
        groups = self.env['crm.contract.billing']._read_group(
            Domain('advance_id', 'in', self.ids) & Domain('state', 'in', ('invoiced', 'waived')),
            ['advance_id', 'state'],
            ['amount:sum'],
        )
        amounts = defaultdict(dict)
        for advance, state, amount in groups:
            amounts[advance][state] = amount
        rests = {advance: get_rest(**own) for advance, own in amounts.items()}
        return defaultdict(float, rests)

    def _get_charged_values(self):
        """Return {advance: product and taxes with which it was invoiced}, constantly often."""
        rows = self.env['crm.contract.billing'].search(
            [('advance_id', 'in', self.ids), ('amount', '>', 0)], order='id'
        )
        rows._fetch_charging_lines()
        # the oldest that has a line still: a row whose draft was deleted knows no taxes
        charging = rows.filtered(lambda row: row._get_charging_lines()).sorted('id', reverse=True)
        return {
            row.advance_id: {
                'product_id': row.product_id.id,
                'tax_ids': tuple(row._get_charging_lines().tax_ids.ids),
            }
            for row in charging
        }

    def _get_next_return(self):
        """Return the number of a row that charges again what was deducted and credited since.

        Below zero, apart from what was charged first and its parts.
        """
        self.ensure_one()
        return min([0, *self.billing_ids.mapped('part')]) - 1

    def _prepare_entry(self, amount, **values):
        """Return the entry of the plan that charges an amount of it, or deducts one below zero."""
        return Entry(
            **{
                'contract_id': self.contract_id.id,
                'kind': 'advance',
                'currency_id': self.currency_id.id,
                'product_id': self.product_id.id,
                'quantity': 1.0,
                'price_unit': amount,
                'amount': amount,
                'advance_id': self.id,
                **values,
            }
        )


class CrmContract(models.Model):
    """Advances of a contract, and what is left of them."""

    _inherit = 'crm.contract'

    advance_ids = fields.One2many('crm.contract.advance', 'contract_id', string='Advances')
    advance_rest = fields.Monetary(
        string='Advance Left',
        compute='_compute_advance_rest',
        help='Advances that were invoiced and not deducted yet, without taxes.',
    )

    @api.depends('advance_ids.rest')
    def _compute_advance_rest(self):
        for contract in self:
            contract.advance_rest = contract._get_advance_rest()

    @api.depends('advance_ids.date_due', 'advance_ids.rest')
    def _compute_next_billing_date(self):
        return super()._compute_next_billing_date()

    def _is_empty(self):
        return super()._is_empty() and not self.advance_ids

    def _get_next_billing_days(self):
        return [
            *super()._get_next_billing_days(),
            *self.advance_ids._filter_open().mapped('date_due'),
        ]

    def _get_advance_rest(self):
        """Return what is left of the advances, in the contract's currency, without taxes.

        Who may read the contract may read it; customers are among them.
        """
        self.ensure_one()
        self.check_access('read')
        return sum(self.sudo().advance_ids.mapped('rest'))

    def _on_enter_state(self, state):
        super()._on_enter_state(state)
        if state == 'closed':
            self._note_advance_rest()

    def _note_advance_rest(self):
        """Say of contracts that close what is left of their advances."""
        left = self.sudo().filtered(
            lambda contract: contract.currency_id.compare_amounts(contract.advance_rest, 0.0) > 0
        )
        biller = self.env['crm.contract.biller']
        self.browse(left.ids)._message_log_batch(
            {
                contract.id: self.env._(
                    'Of the advances %s is left: the last invoices deduct it. Credit what they '
                    'leave with "Credit Rest" in the tab Advances.',
                    biller._get_money_text(contract.advance_rest, contract.currency_id),
                )
                for contract in left
            }
        )


class CrmContractBilling(models.Model):
    _inherit = 'crm.contract.billing'

    advance_id = fields.Many2one(
        'crm.contract.advance',
        readonly=True,
        index='btree_not_null',
        ondelete='restrict',
        help='Advance that the row charges, or deducts below zero.',
    )

    _live_advance_unique = models.UniqueIndex(
        "(advance_id, COALESCE(part, 0)) WHERE state = 'invoiced' AND amount > 0 "
        'AND advance_id IS NOT NULL',
        'This advance is billed already.',
    )


class CrmContractBiller(models.AbstractModel):
    """Advances: charged on their day, and deducted from what is invoiced after."""

    _inherit = 'crm.contract.biller'

    def _get_sources(self):
        return [*super()._get_sources(), self._plan_advances]

    def _plan_advances(self, contracts, until):
        """Bill the advances that are due and not billed."""
        return [
            advance._prepare_entry(advance.amount, name=advance.name, date_due=advance.date_due)
            for advance in contracts.advance_ids._filter_open()
            if advance.date_due <= until
        ]

    def _get_called_off_text(self, contracts, day=None):
        """Name the advances too that closing calls off."""
        advances = contracts.advance_ids.filtered(
            lambda advance: not advance._is_settled() and advance._is_called_off(day)
        )
        texts = [
            f'{advance.name} ({self._get_money_text(advance.amount, advance.currency_id)})'
            for advance in advances
        ]
        return ', '.join(filter(None, [super()._get_called_off_text(contracts, day), *texts]))

    def _get_deducted(self, contracts, plan):
        """Deduct what is left of advances, the oldest first, from each invoice of the plan."""
        plan = super()._get_deducted(contracts, plan)
        advances = contracts.advance_ids
        if not advances:
            return plan
        plan_charged = plan.charged.invoiced
        rests, charging = advances._get_rests(), self._get_charged_advances(plan_charged)
        left = {one: get_left(rests[one], charging[one]) for one in advances if rests[one]}
        charged = advances._get_charged_values() if left else {}
        entries = []
        for own in plan_charged.group(self._get_deduction_key(contracts)).values():
            entries += self._deduct_advances(own, left, charged)
            for advance, amount in self._get_deductible_advances(own).items():
                left[advance] = max(amount + min(rests[advance], 0.0), 0.0)
        return replace(plan, entries=(*plan.entries, *entries))

    def _get_charged_advances(self, plan):
        """Return {advance: what a plan charges of it}."""
        amounts = defaultdict(float)
        for entry in plan.entries:
            if entry.kind == 'advance':
                amounts[self.env['crm.contract.advance'].browse(entry.advance_id)] += entry.amount
        return amounts

    def _get_deductible_advances(self, invoice):
        """Return {advance: amount} of an invoice that later ones of its plan deduct: none.

        A run deducts what was invoiced before it. Override where invoices follow one another.
        """
        return {}

    def _deduct_advances(self, invoice, left, charged):
        """Return the deductions from what one contract is charged on an invoice.

        :param left: {advance: what is left of it}, which goes down
        :param charged: {advance: product and taxes with which it was invoiced}
        """
        contract_id = invoice.entries[0].contract_id
        own = {one: rest for one, rest in left.items() if one.contract_id.id == contract_id}
        total = sum(entry.amount for entry in invoice.entries if entry.kind != 'advance')
        currency = self.env['res.currency'].browse(invoice.entries[0].currency_id)
        deductions = get_deductions(own, currency.round(total))
        left.update({one: currency.round(own[one] - amount) for one, amount in deductions.items()})
        return [
            advance._prepare_entry(
                -amount,
                name=self._get_deduction_name(advance),
                extra={'part': advance._get_next_return()} if amount < 0 else {},
                **charged.get(advance, {}),
                **self._get_beside(invoice),
            )
            for advance, amount in deductions.items()
        ]

    def _get_deduction_name(self, advance):
        biller = self._for_customer(advance.contract_id)
        return biller.env._('Deduction: %s', advance.name)
