import os
from datetime import date
from fractions import Fraction
from random import Random

from odoo import Command
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase
from .charge_model import BASE, TIERS, ChargeModel
from .property_common import DAY, LONG, SEED

HISTORIES = int(os.environ.get('CRM_CHARGE_HISTORIES', 500 if LONG else 5))
STEPS = 16


@tagged('post_install', '-at_install')
class TestContractChargeHistories(ItemCase):
    """Random lives of contracts with packs, usage, minimum, advances and retention, to the cent.

    CRM_CHARGE_HISTORIES sets how many, LONG=1 takes 500, CRM_SEED says where chance begins.
    """

    def test_each_invoice_is_that_of_an_independent_model(self):
        for number in range(HISTORIES):
            seed = SEED * 100_000 + number
            with self.subTest(seed=seed), self.cr.savepoint() as savepoint:
                self._live_through(Random(seed))
                savepoint.rollback()
                self.env.invalidate_all()

    def _live_through(self, random):
        self.random, self.day = random, date(2026, 1, 5)
        self._begin(Fraction(random.choice([0, 0, 15])), random.choice([0, 0, 5]))
        for _number in range(STEPS):
            self.day += DAY * random.randrange(30)
            with freeze_time(self.day):
                step = random.choice([self._top_up, self._book, self._book, self._report])
                random.choice([step, step, self._report, self._add_advance, self._credit_rest])()
                if random.random() < 0.5:
                    self._bill()
                self._assert_left()

    def _begin(self, minimum, retention):
        with freeze_time('2026-01-01'):
            calls = self.monthly(
                product_id=False,
                name='Calls',
                price_unit=float(BASE),
                is_metered=True,
                minimum_amount=float(minimum),
                tier_ids=[
                    Command.create({'quantity_from': start, 'price_unit': float(price)})
                    for start, price in TIERS
                ],
            )
            self.one = self.create_contract(
                calls,
                prepaid_quantity=10,
                prepaid_uom_id=self.hour.id,
                overage_price=80.0,
                retention_rate=retention,
            )
            self.one_project = self.env['project.project'].create(
                {'name': 'One', self.column: self.one.analytic_account_id.id}
            )
        self.model = ChargeModel(date(2026, 12, 31), minimum, retention)

    # === STEPS === #

    def _top_up(self):
        hours, price = self.random.randint(1, 6), self.random.choice([50.0, 62.5])
        date_end = self.random.choice([None, self.day + DAY * self.random.randrange(60)])
        self.one.action_top_up(hours, price, date_end)
        self.model.top_up(hours, price, date_end)

    def _book(self):
        hours = self.random.randint(1, 30) / 4
        day = max(date(2026, 1, 1), self.day - DAY * self.random.randrange(20))
        self.book(self.ben, hours, day, project_id=self.one_project.id)
        self.model.book(day, hours)

    def _report(self):
        quantity = self.random.randint(1, 180)
        day = max(date(2026, 1, 1), self.day - DAY * self.random.randrange(60))
        day = min(day, date(2026, 12, 31))
        line = self.one.line_ids.filtered('is_metered')
        self.env['crm.contract.usage'].create(
            {'line_id': line.id, 'date': day, 'quantity': quantity}
        )
        self.model.reported.append((day, quantity))

    def _add_advance(self):
        amount = self.random.choice([50.0, 333.33])
        self.env['crm.contract.advance'].create(
            {'contract_id': self.one.id, 'amount': amount, 'date_due': self.day}
        )
        self.model.advances.append(Fraction(str(amount)))

    def _credit_rest(self):
        """Credit what is left of all advances, on credit notes that stay drafts or do not."""
        if not self.model.rest:
            return
        moves = self.one.billing_ids.move_line_ids.move_id
        moves.filtered(lambda move: move.state == 'draft').action_post()
        self.one.advance_ids.filtered('rest').action_credit_rest()
        refunds = self.one.billing_ids.move_line_ids.move_id - moves
        self.assertAlmostEqual(sum(refunds.mapped('amount_untaxed')), float(self.model.rest), 2)
        if self.random.random() < 0.5:
            refunds.action_post()
        self.model.rest = Fraction(0)

    def _bill(self):
        """Bill all that is due; some invoices are cancelled or credited in full."""
        moves = self.one._bill(self.day)
        amount, taken = self.model.bill(self.day)
        self.assertAlmostEqual(sum(moves.mapped('amount_untaxed')), float(amount), 2)
        fate = self.random.random()
        if moves and fate < 0.2:
            moves.button_cancel()
            self.model.take_back(taken)
        elif moves and fate < 0.4:
            moves.action_post()
            self.credit(moves)
            self.model.take_back(taken)

    # === FIGURES === #

    def _assert_left(self):
        """Compare what is left with the model, after all that is booked."""
        self.one.invalidate_recordset()
        self.assertAlmostEqual(self.one.advance_rest, float(self.model.rest), 2)
        self.assertAlmostEqual(self.one.retention_held, float(self.model.held), 2)
        pools = [pool for pool in self.model.pools if pool[0] >= self.day or not pool[1]]
        open_hours = [one for one in self.model.hours if one[0] <= self.day]
        if not open_hours:
            self.assertAlmostEqual(
                self.one.prepaid_remaining, float(sum(pool[2] for pool in pools)), 2
            )
