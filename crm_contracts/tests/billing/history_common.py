from datetime import date
from random import Random

from odoo import Command
from odoo.exceptions import UserError

from ..billing_common import ItemCase
from .property_common import DAY, RAISE, SEED, History

INTERVALS = (
    (1, 'week'),
    (2, 'week'),
    (45, 'day'),
    (1, 'month'),
    (2, 'month'),
    (3, 'month'),
    (4, 'month'),
    (1, 'year'),
)


class HistoryCase(ItemCase):
    """Contracts that live side by side, and the steps of which their lives are made.

    What each step means is noted in the contract's ``History``; what the steps do to the records
    is left to the addon.
    """

    size = 1

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = Random(SEED)
        cls.contracts = cls.env['crm.contract'].create(
            [cls.draw_contract() for _number in range(cls.size)]
        )
        cls.projects = dict(
            zip(
                cls.contracts,
                cls.env['project.project'].create(
                    [
                        {'name': 'History', cls.column: contract.analytic_account_id.id}
                        for contract in cls.contracts
                    ]
                ),
                strict=True,
            )
        )
        cls.histories = {contract: cls.begin_history(contract) for contract in cls.contracts}
        cls.first_prices = {line: line.price_unit for line in cls.contracts.line_ids}
        cls.bills = cls.env['account.move']
        cls.booked = {}  # id of an analytic item: its contract and the number of its term

    # === CONTRACTS === #

    @classmethod
    def draw_contract(cls):
        random = cls.random
        start = date(2026, random.choice([1, 3]), random.choice([1, 15, 28]))
        if random.random() < 0.5:
            start = date(2026, 1, random.choice([29, 30, 31]))
        lines = [cls.draw_recurring() for _number in range(random.choice([1, 1, 2, 3]))]
        if random.random() < 0.4:
            date_due = start + DAY * random.randrange(150)
            lines.append(cls.milestone(price_unit=500.0, date_due=date_due))
        by_day = random.random() < 0.5
        rate = cls.rate(
            price_unit=520.0 if by_day else 60.0,
            product_uom_id=(cls.day if by_day else cls.hour).id,
        )
        return {
            **cls.prepare_contract(*lines),
            'date_start': start,
            'date_end': start + DAY * random.randint(170, 230),
            'bill_time': True,
            'time_ratio': random.choice([100, 80]),
            'bill_costs': True,
            'cost_markup': random.choice([0, 10]),
            'invoice_grouping': random.choice(['contract', 'customer', 'customer', 'period']),
            'rate_ids': [Command.create(rate)],
            **(cls.draw_prepaid() if random.random() < 0.3 else {}),
        }

    @classmethod
    def draw_recurring(cls):
        random = cls.random
        count, unit = random.choice(INTERVALS)
        return cls.monthly(
            quantity=4,
            price_unit=random.choice([10.0, 12.5, 99.99]),
            interval_count=count,
            interval_unit=unit,
            timing=random.choice(['advance', 'arrears']),
            prorate=random.random() < 0.5,
        )

    @classmethod
    def draw_prepaid(cls):
        """Draw ten prepaid hours, also told in days, and eighty for each hour over them."""
        by_day = cls.random.random() < 0.3
        return {
            'prepaid_quantity': 1.25 if by_day else 10,
            'prepaid_uom_id': (cls.day if by_day else cls.hour).id,
            'overage_price': 640.0 if by_day else 80.0,
            'prepaid_rollover': cls.random.random() < 0.5,
        }

    @classmethod
    def begin_history(cls, contract):
        rate = contract.rate_ids
        per_hour = rate.price_unit / (8 if rate.product_uom_id == cls.day else 1)
        return History(
            end=contract.date_end,
            time_price=per_hour * contract.time_ratio / 100,
            overage_price=80.0,
            prepaid_hours=10.0 if contract.prepaid_quantity else 0.0,
            rolls_over=contract.prepaid_rollover,
        )

    def get_terms(self, contract):
        return contract.term_ids.sorted('date_start')

    # === STEPS === #

    def some(self, records, part):
        return records.filtered(lambda record: self.random.random() < part)

    def attempt(self, step):
        """Do a step that may be refused, and say whether it was done; else nothing has changed."""
        try:
            with self.cr.savepoint():
                step()
                self.env.flush_all()
        except UserError:
            self.env.invalidate_all()
            return False
        return True

    def suspend_some(self):
        for contract in self.some(self.contracts, 0.2):
            start = contract.date_start + DAY * self.random.randrange(150)
            contract.action_suspend(start, start + DAY * self.random.randint(1, 60))

    def rest_some(self):
        """Suspend contracts until further notice, which is taken back in the end."""
        for contract in self.some(self.contracts, 0.15):
            start = contract.date_start + DAY * self.random.randrange(150)
            self.attempt(lambda contract=contract, start=start: contract.action_suspend(start))

    def change_some(self):
        """Shorten contracts, give them their end back, or renew them, some at higher prices."""
        for contract in self.some(self.contracts, 0.15):
            history = self.histories[contract]
            if len(contract.term_ids) > 1:
                continue
            if self.random.random() < 0.7:
                short = contract.date_start + DAY * self.random.randint(30, 160)
                contract.date_end = self.random.choice([history.end, short])
            else:
                contract.date_end = history.end
                first_day = history.end + DAY
                history.end += DAY * self.random.randint(20, 60)
                rise = self.random.choice([0, RAISE])
                contract._renew(history.end, rise)
                history.raised_on = first_day if rise else None

    # === HOURS AND COSTS === #

    def book_some(self):
        contracts = self.some(self.contracts, 0.4)
        hours = [self.prepare_hours(contract) for contract in contracts]
        costs = [self.prepare_cost(contract) for contract in contracts]
        items = self.env['account.analytic.line']
        for made in (hours, costs):
            records = items.create([values for values, _number in made])
            for contract, record, (_values, number) in zip(contracts, records, made, strict=True):
                self.booked[record.id] = (contract, number)

    def prepare_hours(self, contract):
        """Draw hours, some booked in days, or a correction of hours.

        What rolled over once does not change any more.
        """
        number = self.random.choice(self.get_open_terms(contract))
        time = self.random.randint(1, 40) / 4
        if self.random.random() < 0.2 and not contract.prepaid_rollover:
            time = -time
        day = self.random.randrange(20 if number else 150)
        return self.prepare_time(contract, number, time, day), number

    def get_open_terms(self, contract):
        """Return the numbers of the terms whose hours still change."""
        numbers = range(len(contract.term_ids))
        return numbers[-1:] if contract.prepaid_rollover else numbers

    def prepare_time(self, contract, number, time, day):
        in_days = time % 2 == 0
        self.histories[contract].hours[number] += time
        return {
            'name': 'Work',
            'project_id': self.projects[contract].id,
            'employee_id': self.ada.id,
            'unit_amount': time / 8 if in_days else time,
            'product_uom_id': (self.day if in_days else self.hour).id,
            'date': self.get_terms(contract)[number].date_start + DAY * day,
        }

    def prepare_cost(self, contract, amount=None):
        amount = amount or 10.0 * self.random.choice([-3, 5, 20, 100])
        self.histories[contract].costs += amount
        start = self.get_terms(contract)[0].date_start
        values = {
            'name': 'Cost',
            'amount': -amount,
            'date': start + DAY * self.random.randrange(150),
            'product_id': self.random.choice([False, self.support.id]),
            self.column: contract.analytic_account_id.id,
        }
        return values, 0

    def buy_some(self):
        """Share vendor bills and refunds between two contracts, by percentages."""
        bills = []
        for contract in self.some(self.contracts, 0.1):
            other = self.random.choice(self.contracts - contract)
            percent = self.random.choice([10, 30, 50])
            move_type, amount = self.random.choice([('in_invoice', 700.0), ('in_refund', 40.0)])
            distribution = {contract: percent, other: 100 - percent}
            bills.append(self.prepare_vendor_bill(move_type, (amount, distribution)))
        moves = self.env['account.move'].create(bills)
        moves.action_post()
        type(self).bills |= moves

    def prepare_vendor_bill(self, move_type, *lines):
        """Return the values of a document of a vendor, its lines as (amount, distribution)."""
        sign = 1 if move_type == 'in_invoice' else -1
        for amount, distribution in lines:
            for contract, percent in distribution.items():
                self.histories[contract].costs += sign * amount * percent / 100
        return {
            'move_type': move_type,
            'partner_id': self.partner_b.id,
            'invoice_date': '2026-02-01',
            'invoice_line_ids': [
                Command.create(
                    {
                        'name': 'Licences',
                        'price_unit': amount,
                        'tax_ids': False,
                        'analytic_distribution': {
                            str(contract.analytic_account_id.id): percent
                            for contract, percent in distribution.items()
                        },
                    }
                )
                for amount, distribution in lines
            ],
        }

    def correct_some(self):
        """Correct or delete what no invoice stands for; what is billed again as it was refuses."""
        items = self.env['account.analytic.line'].browse(self.booked)
        for item in self.some(items, 0.15):
            contract, number = self.booked[item.id]
            is_open = item.crm_contract_billing_id.state in (False, 'released')
            rolled_over = contract.prepaid_rollover and number != len(contract.term_ids) - 1
            if is_open and not rolled_over:
                self.correct(item, contract, number)

    def correct(self, item, contract, number):
        """Delete an item, or make it more.

        Prepaid units that hours used once are not given to others, so those only become more.
        """
        history = self.histories[contract]
        name = 'unit_amount' if item.project_id else 'amount'
        hours = item.product_uom_id._compute_quantity(item.unit_amount, self.hour, round=False)
        before = hours if item.project_id else -item.amount
        is_deleted = not (item.project_id and contract.prepaid_quantity)
        is_deleted = is_deleted and self.random.random() < 0.4
        step = item.unlink if is_deleted else lambda: item.write({name: 2 * item[name]})
        if not self.attempt(step):
            return
        if is_deleted:
            del self.booked[item.id]
        change = -before if is_deleted else before
        if name == 'amount':
            history.costs += change
        else:
            history.hours[number] += change

    # === INVOICES === #

    def bill_some(self, number):
        until = date(2026, 3, 1) + DAY * (60 * number + self.random.randrange(60))
        self.some(self.contracts, 0.4)._bill(until)

    def get_documents(self, move_type, state):
        moves = self.contracts.billing_ids.move_line_ids.move_id
        return moves.filtered(lambda move: move.move_type == move_type and move.state == state)

    def decide_on_drafts(self):
        drafts = self.get_documents('out_invoice', 'draft')
        posted = self.some(drafts, 0.5)
        posted.action_post()
        cancelled = self.some(drafts - posted, 0.3)
        cancelled.button_cancel()
        self.some(drafts - posted - cancelled, 0.3).unlink()
        for move in self.some(self.get_documents('out_invoice', 'cancel'), 0.1):
            self.attempt(move.button_draft)

    def credit_some(self):
        for move in self.some(self.get_documents('out_invoice', 'posted'), 0.12):
            if all(
                row.state == 'invoiced' and row._get_invoice_lines().move_id == move
                for row in move.invoice_line_ids.crm_contract_billing_id
            ):
                self.credit_lines(move)
        for refund in self.some(self.get_documents('out_refund', 'posted'), 0.1):
            self.attempt(refund.button_draft)

    def credit_days_some(self):
        """Credit by quantity what contracts do not cover at this moment, and perhaps more."""
        for move in self.some(self.get_documents('out_invoice', 'posted'), 0.2):
            rows = move.invoice_line_ids.crm_contract_billing_id
            unused = {row: one for row, one in rows._get_unused().items() if one.quantity}
            if unused and rows == rows.filtered(lambda row: row.state == 'invoiced'):
                self.attempt(lambda move=move, unused=unused: self.credit_days(move, unused))

    def credit_days(self, move, unused):
        refund = move._credit_crm_contract_days(unused)
        if self.random.random() < 0.5:
            refund.invoice_date = move.invoice_date
            refund.action_post()

    def rebate_some(self):
        """Rebate a euro by price: it gives nothing back, and what is billed stays billed."""
        for move in self.some(self.get_documents('out_invoice', 'posted'), 0.05):
            self.attempt(lambda move=move: self.rebate(move))

    def rebate(self, move):
        refund = move._reverse_moves([{'invoice_date': move.invoice_date}])
        line = refund.invoice_line_ids[:1]
        history = self.histories[line.crm_contract_billing_id.contract_id]
        refund.invoice_line_ids = [
            Command.update(line.id, {'quantity': 0.5, 'price_unit': 2.0}),
            *(Command.delete(one.id) for one in refund.invoice_line_ids - line),
        ]
        refund.action_post()
        history.is_rebated = True

    def correct_bills_some(self):
        """Correct what vendors billed, whether or not it was passed on."""
        for bill in self.some(self.bills, 0.1):
            factor = self.random.choice([2, 0.5])
            before = bill.amount_untaxed
            bill.button_draft()
            for line in bill.invoice_line_ids:
                line.price_unit *= factor
            bill.action_post()
            change = self.get_vendor_sign(bill) * (bill.amount_untaxed - before)
            for account, percent in bill.invoice_line_ids.analytic_distribution.items():
                self.get_history(account).costs += change * percent / 100

    def get_vendor_sign(self, bill):
        return 1 if bill.move_type == 'in_invoice' else -1

    def get_history(self, account):
        """Return the history of the contract on an account, given by its id as a text."""
        return next(
            history
            for contract, history in self.histories.items()
            if str(contract.analytic_account_id.id) == account
        )

    def credit_lines(self, move):
        """Credit what is left of an invoice, or single lines, or half of what has an exact half."""
        refund = move._reverse_moves([{'invoice_date': move.invoice_date}])
        halve, single = self.random.random() < 0.5, self.random.random() < 0.4
        for line in refund.invoice_line_ids:
            row = line.crm_contract_billing_id
            exact = row.kind in ('time', 'recurring') and not row.line_id.prorate
            has_half = halve and exact and row.quantity % 0.5 == 0
            is_kept = single and self.random.random() < 0.5
            line.quantity = 0 if is_kept else row.quantity / 2 if has_half else row.quantity
        refund.action_post()

    def release_some(self):
        """Bill again what stays on its invoice: the customer pays it twice, because we say so."""
        standing = self.contracts.billing_ids.filtered(
            lambda row: row.state == 'invoiced' and row._get_invoice_lines()
        )
        for row in self.some(standing, 0.05):
            amount = row.amount
            if self.attempt(row.action_release):
                self.histories[row.contract_id].charged_twice += amount

    def waive_some(self):
        released = self.contracts.billing_ids.filtered(lambda row: row.state == 'released')
        for row in self.some(released, 0.1):
            self.attempt(row.action_waive)

    def finish(self):
        """Bill all that is left; refunds and corrections wait for further costs and hours."""
        for refund in self.get_documents('out_refund', 'draft'):
            self.attempt(refund.unlink)
        for suspension in self.contracts.suspension_ids.filtered(lambda one: not one.date_to):
            suspension.contract_id.action_resume(suspension.date_from)
        for contract in self.contracts:
            contract.date_end = self.histories[contract].end
        costs = [self.prepare_cost(contract, 1000.0)[0] for contract in self.contracts]
        self.env['account.analytic.line'].create(costs)
        self.env['account.analytic.line'].create(
            [
                self.prepare_time(contract, number, time, 0)
                for contract in self.contracts
                for number in self.get_open_terms(contract)
                for time in (200.0, 201.0)  # booked in days, and in hours
            ]
        )
        purchases = [(1000.0, {contract: 100}) for contract in self.contracts]
        bill = self.prepare_vendor_bill('in_invoice', *purchases)
        self.env['account.move'].create(bill).action_post()
        self.contracts._bill()
