import os
from collections import Counter
from datetime import date
from random import Random
from typing import NamedTuple

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase
from .property_common import DAY, SEED, add_intervals

HISTORIES = int(os.environ.get('CRM_AMENDED_HISTORIES', 6))
STEPS = 12
START, END = date(2026, 1, 31), date(2026, 12, 17)
# The last period is cut by the end, and charged in full or by its days as agreed for that.
LAST_AMENDED = date(2026, 11, 29)


class Piece(NamedTuple):
    """Days of which each period costs so many cents, by its days or in full."""

    cents: int
    start: date
    end: date  # the last day
    anchor: date
    by_days: bool

    def get_cents(self):
        """Return what all the days cost."""
        return sum(
            # half a cent is a cent
            (2 * self.cents * days + whole) // (2 * whole)
            if self.by_days or end <= END
            else self.cents
            for days, whole, end in self._get_periods()
        )

    def _get_periods(self):
        """Yield (days charged, days of the whole period, its last day)."""
        number = 0
        while (first := add_intervals(self.anchor, number, 'month')) <= self.end:
            number += 1
            after = add_intervals(self.anchor, number, 'month')
            last = after - DAY
            days = (min(last, self.end) - max(first, self.start)).days + 1
            if days > 0:
                yield days, (after - first).days, last


def get_boundary(anchor, day):
    """Return the first day of a period that is this day or comes after it."""
    number = 0
    while (start := add_intervals(anchor, number, 'month')) < day:
        number += 1
    return start


@tagged('post_install', '-at_install')
class TestContractAmendmentHistories(BillingCase):
    """Random amendments, closings and reopenings against an own calculation, to the cent."""

    def test_every_day_is_charged_as_agreed_whatever_happens(self):
        with freeze_time('2027-06-01'):
            for seed in range(SEED, SEED + HISTORIES):
                with self.subTest(seed=seed):
                    self.happened = Counter()
                    self._live_through(Random(seed))

    def _live_through(self, random):
        self.random, self.until = random, START
        self.contract = self.create_contract(
            self.monthly(quantity=10, price_unit=31.07, prorate=random.random() < 0.5),
            self.monthly(quantity=3, price_unit=99.99, timing='arrears'),
            date_start=START,
            date_end=END,
        )
        self.pieces = {
            line: Piece(self._cents(line), START, END, START, line.prorate)
            for line in self.contract.line_ids
        }
        steps = [self._bill, self._amend, self._amend, self._close_and_reopen, self._settle]
        for _number in range(STEPS):
            random.choice(steps)()
        self._settle()
        self.contract._bill('2027-06-01')
        self.assertFalse(self.contract.unused_amount)
        self.assertFalse(self.contract._bill('2027-06-01'))
        expected = sum(piece.get_cents() for piece in self.pieces.values())
        charged = sum(self.live(self.contract).mapped('amount'))
        self.assertEqual(round(charged * 100), expected, self.happened)

    def _cents(self, line):
        return round(100 * line.quantity * line.price_unit)

    # === STEPS === #

    def _bill(self):
        self.happened['billed'] += 1
        until = START + DAY * self.random.randrange(400)
        self.until = max(self.until, until)
        self.contract._bill(until)

    def _settle(self):
        """Post what is a draft, and credit what is charged and not covered."""
        moves = self.contract.billing_ids.move_line_ids.move_id
        moves.filtered(lambda move: move.state == 'draft').action_post()
        if self.contract.unused_amount:
            self.contract.action_credit_unused()
            moves = self.contract.billing_ids.move_line_ids.move_id
            moves.filtered(lambda move: move.state == 'draft').action_post()

    def _close_and_reopen(self):
        """End the contract on a day of it, perhaps credit what is charged after, and go on."""
        self.happened['closed'] += 1
        self.contract.action_close(date=START + DAY * self.random.randrange((END - START).days))
        if self.random.random() < 0.5:
            self._settle()
        self.contract.action_reopen()
        # What was credited comes back as it was; a part of it would come by rounded quantities.
        self.contract._bill(self.until)

    def _amend(self):
        """Amend a line from a day on, by one of the ways."""
        line = self.random.choice(list(self.pieces))
        piece = self.pieces[line]
        days = (min(piece.end, LAST_AMENDED) - piece.start).days + 1
        day = piece.start + DAY * self.random.randrange(max(days, 1))
        change = self.random.choice([self._end, self._change, self._change, self._add])
        try:
            with self.cr.savepoint():
                change(line, piece, day)
        except UserError:
            self.happened['refused'] += 1

    def _apply(self, day, **values):
        amendment = self.env['crm.contract.amendment'].create(
            {
                'contract_id': self.contract.id,
                'date': day,
                'credit_unused': self.random.random() < 0.5,
                'line_ids': [Command.create(values)],
            }
        )
        amendment.action_apply()
        self.happened[amendment.line_ids.action] += 1
        made = amendment.line_ids.contract_line_ids.sorted('date_start')
        return made.filtered(lambda line: line.date_start <= END)

    def _keep(self, lines, pieces):
        """Remember the pieces of new lines, which are those that were made."""
        self.assertEqual(
            [(line.date_start, line.date_end or END) for line in lines],
            [(piece.start, piece.end) for piece in pieces],
        )
        self.pieces.update(zip(lines, pieces, strict=True))

    def _end(self, line, piece, day):
        self._apply(day, action='end', line_id=line.id)
        self.pieces[line] = piece._replace(end=day - DAY)

    def _change(self, line, piece, day):
        quantity = self.random.randint(1, 20)
        price = self.random.choice([line.price_unit, 31.07, 0.35, 250.0])
        after = round(100 * quantity * price)
        lines = self._apply(day, line_id=line.id, quantity=quantity, price_unit=price)
        if (line.quantity, line.price_unit) == (quantity, price):
            self.assertLessEqual(day, line.date_start, 'only what has not begun changes itself')
            self.pieces[line] = piece._replace(cents=after)
            return
        boundary = get_boundary(piece.anchor, day)
        if after >= piece.cents:
            # However far the line goes on: what is beside it comes to the same.
            kept = min(line.date_end, END)
            boundary = kept + DAY
            bridge = after - piece.cents
        else:
            kept, bridge = day - DAY, after
        rest = [
            Piece(bridge, day, min(boundary - DAY, piece.end), piece.anchor, True),
            Piece(after, boundary, piece.end, piece.anchor, piece.by_days),
        ]
        self.pieces[line] = piece._replace(end=kept)
        self._keep(lines, [one for one in rest if one.start <= one.end and one.cents])

    def _add(self, _line, piece, day):
        lines = self._apply(day, action='add', name='More', price_unit=62.31)
        if not lines:
            return
        anchor = lines[-1].date_anchor or day
        boundary = get_boundary(anchor, day)
        pieces = [
            Piece(6231, day, boundary - DAY, anchor, True),
            Piece(6231, boundary, END, anchor, False),
        ]
        self._keep(lines, [one for one in pieces if one.start <= one.end])
