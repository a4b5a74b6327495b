import os
from collections import Counter
from datetime import date
from random import Random

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase
from .property_common import DAY, LONG, SEED

PAIRS = int(os.environ.get('CRM_PAIRS', 1000 if LONG else 8))
ROUNDS = 5
FIRST = date(2026, 1, 1)
LAST_OF_FORMER = date(2026, 3, 31)
PRICE, HOURLY_COST = 60.0, 10.0
# More than all refunds of a history: with it nothing waits any more.
LARGE = 100000.0


@tagged('post_install', '-at_install')
@freeze_time('2026-07-15')
class TestContractSharedHistories(ItemCase):
    """Contracts and their successors share accounts, and costs are corrected and refunded.

    CRM_PAIRS sets how many, LONG=1 takes a thousand, CRM_SEED says where chance begins.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = Random(SEED)
        cls.ben.hourly_cost = HOURLY_COST
        cls.formers = cls.env['crm.contract'].create(
            [cls.draw_contract(date_end=LAST_OF_FORMER) for _number in range(PAIRS)]
        )
        cls.successors = cls.env['crm.contract'].create(
            [
                cls.draw_contract(
                    date_start=LAST_OF_FORMER + DAY,
                    analytic_account_id=former.analytic_account_id.id,
                )
                for former in cls.formers
            ]
        )
        cls.contracts = cls.formers | cls.successors
        cls.pairs = dict(zip(cls.formers, cls.successors, strict=True))
        cls.projects = cls.env['project.project'].create(
            [
                {'name': 'Shared', cls.column: former.analytic_account_id.id}
                for former in cls.formers
            ]
        )
        cls.hours, cls.costs, cls.time_costs = Counter(), Counter(), Counter()
        cls.booked, cls.spent, cls.bills = {}, {}, {}

    @classmethod
    def draw_contract(cls, **values):
        return {
            **cls.prepare_contract(cls.milestone(date_due='2030-01-01')),
            'date_start': FIRST,
            'bill_time': True,
            'bill_costs': True,
            'cost_markup': cls.random.choice([0, 10]),
            'invoice_grouping': cls.random.choice(['contract', 'customer', 'period']),
            'rate_ids': [
                Command.create(cls.rate(price_unit=PRICE, product_uom_id=cls.hour.id)),
            ],
            **values,
        }

    # === STEPS === #

    def some(self, records, part):
        return [record for record in records if self.random.random() < part]

    def attempt(self, step):
        """Do a step that may be refused, and say whether it was done; else nothing has changed."""
        try:
            with self.cr.savepoint():
                step()
                self.env.flush_all()
        except UserError:
            return False
        return True

    def draw_day(self):
        """Return a day, and which contract of a pair has it."""
        day = FIRST + DAY * self.random.randrange(180)
        return day, lambda former: former if day <= LAST_OF_FORMER else self.pairs[former]

    def book_some(self):
        for former, project in zip(self.formers, self.projects, strict=True):
            if self.random.random() < 0.5:
                day, owner_of = self.draw_day()
                hours = self.random.randint(1, 32) / 4
                item = self.book(self.ben, hours, str(day), project_id=project.id)
                self.booked[item] = owner_of(former)
                self.hours[owner_of(former)] += hours
                self.time_costs[owner_of(former)] += hours * HOURLY_COST

    def spend_some(self):
        for former in self.some(self.formers, 0.4):
            day, owner_of = self.draw_day()
            amount = 10.0 * self.random.choice([-3, 5, 20, 100])
            item = self.env['account.analytic.line'].create(
                {
                    'name': 'Mileage',
                    'date': day,
                    'amount': -amount,
                    self.column: former.analytic_account_id.id,
                }
            )
            self.spent[item] = owner_of(former)
            self.costs[owner_of(former)] += amount

    def buy_some(self):
        for former in self.some(self.formers, 0.4):
            day, owner_of = self.draw_day()
            move_type = self.random.choice(['in_invoice', 'in_invoice', 'in_refund'])
            amount = 10.0 * self.random.choice([7, 30, 80])
            self.buy(former, day, owner_of(former), amount, move_type)

    def buy(self, former, day, owner, amount, move_type='in_invoice'):
        bill = self.spend(
            amount,
            move_type,
            document={'invoice_date': day, 'date': day},
            analytic_distribution={str(former.analytic_account_id.id): 100},
        )
        self.bills[bill] = owner
        self.costs[owner] += self.get_sign(bill) * amount

    def get_sign(self, bill):
        return 1 if bill.move_type == 'in_invoice' else -1

    # === CORRECTIONS === #

    def correct_some(self):
        """Correct what was spent, passed on or not: amounts, bills, and the cost of hours."""
        for item in self.some(list(self.spent), 0.2):
            amount = 10.0 * self.random.choice([-3, 5, 20, 100])
            self.costs[self.spent[item]] += amount + item.amount
            item.amount = -amount
        for bill in self.some(list(self.bills), 0.2):
            self.correct_bill(bill, 10.0 * self.random.choice([7, 30, 80]))
        for item in self.some(list(self.booked), 0.1):
            self.time_costs[self.booked[item]] += 5.0
            item.amount -= 5.0

    def correct_bill(self, bill, amount):
        sign, before = self.get_sign(bill), bill.amount_untaxed
        bill.button_draft()
        if self.random.random() < 0.3:
            self.bill_some()
        bill.invoice_line_ids.price_unit = amount
        bill.action_post()
        self.costs[self.bills[bill]] += sign * (amount - before)

    def delete_some(self):
        for item in self.some(list(self.spent), 0.05):
            amount = -item.amount
            if self.attempt(item.unlink):
                self.costs[self.spent.pop(item)] -= amount

    # === INVOICES === #

    def bill_some(self):
        contracts = self.contracts.browse(one.id for one in self.some(self.contracts, 0.5))
        contracts._bill('2026-07-15')

    def get_documents(self, move_type, state):
        moves = self.contracts.billing_ids.move_line_ids.move_id
        return moves.filtered(lambda move: move.move_type == move_type and move.state == state)

    def decide_on_drafts(self):
        for move_type in ('out_invoice', 'out_refund'):
            for draft in self.some(self.get_documents(move_type, 'draft'), 0.7):
                step = self.random.choice([self.post, self.post, self.post, self.cancel])
                self.attempt(lambda draft=draft, step=step: step(draft))

    def post(self, draft):
        draft.invoice_date = '2026-07-15'
        draft.action_post()

    def cancel(self, draft):
        self.random.choice([draft.button_cancel, draft.unlink])()

    def credit_some(self):
        for move in self.some(self.get_documents('out_invoice', 'posted'), 0.2):
            self.attempt(lambda move=move: self.credit_move(move))

    def credit_move(self, move):
        """Credit all that is left of an invoice, or a half of its hours."""
        refund = move._reverse_moves([{'invoice_date': move.invoice_date}])
        if self.random.random() < 0.4:
            for line in refund.invoice_line_ids:
                row = line.crm_contract_billing_id
                if row.kind == 'time' and line.quantity % 0.5 == 0:
                    line.quantity /= 2
        refund.action_post()

    def finish(self):
        """Post or delete what is a draft, and bill all that is left, refunds too."""
        for former, successor in self.pairs.items():
            for day, owner in ((FIRST, former), (LAST_OF_FORMER + DAY, successor)):
                self.buy(former, day, owner, LARGE)
                item = self.spend_without_entry(LARGE)
                item.write({'date': day, self.column: former.analytic_account_id.id})
                self.costs[owner] += LARGE
        self.get_documents('out_refund', 'draft').unlink()
        self.contracts._bill('2026-07-15')
        for draft in self.get_documents('out_invoice', 'draft'):
            self.post(draft)

    # === WHAT HAS TO HOLD === #

    def test_each_contract_charges_and_costs_its_own_to_the_cent(self):
        for _number in range(ROUNDS):
            self.book_some()
            self.spend_some()
            self.buy_some()
            self.bill_some()
            self.decide_on_drafts()
            self.credit_some()
            self.correct_some()
            self.delete_some()
        self.finish()
        self.assertFalse(self.contracts._bill('2026-07-15'))
        rebates = self.rebate_some()
        self.env.invalidate_all()
        for contract in self.contracts:
            with self.subTest(contract=contract.id, seed=SEED, pairs=PAIRS):
                self._assert_money(contract, rebates[contract])
        self._assert_accounts()

    def rebate_some(self):
        """Give rebates by price, and by lines typed anew; return {contract: what they come to}."""
        rebates = Counter()
        for contract in self.some(self.contracts, 0.5):
            lines = contract.billing_ids.move_line_ids.filtered(
                lambda line: (
                    line.move_type == 'out_invoice'
                    and line.parent_state == 'posted'
                    and line.crm_contract_billing_id.state == 'invoiced'
                    and line.price_subtotal > LARGE
                    and not line.move_id.reversal_move_ids
                )
            )
            for line in lines[:1]:
                refund = line.move_id._reverse_moves([{'invoice_date': '2026-07-15'}])
                own = refund.invoice_line_ids.filtered(
                    lambda one, line=line: (
                        one.crm_contract_billing_id == line.crm_contract_billing_id
                    )
                )
                typed = {
                    'name': 'Rebate',
                    'price_unit': 12.34,
                    'tax_ids': False,
                    'analytic_distribution': {str(contract.analytic_account_id.id): 100},
                }
                is_typed = self.random.random() < 0.5
                refund.invoice_line_ids = [
                    *(Command.delete(one.id) for one in refund.invoice_line_ids - own),
                    Command.delete(own.id)
                    if is_typed
                    else Command.update(own.id, {'quantity': 1, 'price_unit': 12.34}),
                    *([Command.create(typed)] if is_typed else []),
                ]
                refund.action_post()
                rebates[contract] += 12.34
        return rebates

    def _assert_money(self, contract, rebate):
        hours = self.hours[contract] * PRICE
        charged = hours + self.costs[contract] * (1 + contract.cost_markup / 100)
        self.assertAlmostEqual(contract.amount_invoiced, charged - rebate, 2)
        self.assertAlmostEqual(contract.amount_drafted, 0.0, 2)
        self.assertAlmostEqual(contract.revenue, charged - rebate, 2)
        statement = contract._get_statement('2026-01-01', '2026-12-31')
        self.assertAlmostEqual(statement.total_charged, charged - rebate, 2)
        self.assertAlmostEqual(contract.cost_time, self.time_costs[contract], 2)
        self.assertAlmostEqual(
            contract.cost_purchase + contract.cost_other, self.costs[contract], 2
        )

    def _assert_accounts(self):
        """What lies on an account is that of both contracts, and nothing of it twice."""
        items = self.env['account.analytic.line']
        groups = items._read_group(
            [(self.column, 'in', self.formers.analytic_account_id.ids)],
            [self.column],
            ['amount:sum'],
        )
        totals = dict(groups)
        for former, successor in self.pairs.items():
            self.assertAlmostEqual(
                former.margin + successor.margin, totals[former.analytic_account_id], 2
            )
