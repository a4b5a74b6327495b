"""An own, slow way to say what packs, usage, advances and retention come to, in fractions."""

from collections import Counter
from datetime import date
from fractions import Fraction

CENT = Fraction(1, 100)
TERM_HOURS, OVERAGE = Fraction(10), Fraction(80)
BASE, TIERS = Fraction('0.10'), ((100, Fraction('0.08')), (250, Fraction('0.05')))


def to_cents(amount):
    """Return an amount to the cent, half a cent away from zero."""
    sign = -1 if amount < 0 else 1
    return sign * ((abs(amount) / CENT + Fraction(1, 2)) // 1) * CENT


def get_cost(quantity):
    """Return what a quantity of calls comes to, one after another."""
    prices = [BASE] * min(quantity, TIERS[0][0])
    for (start, price), (end, _next) in zip(TIERS, (*TIERS[1:], (quantity, 0)), strict=True):
        prices += [price] * max(min(quantity, end) - start, 0)
    return sum(prices, Fraction(0))


class ChargeModel:
    """What one contract has used, bought and paid."""

    def __init__(self, end, minimum, retention):
        self.end, self.minimum, self.retention = end, minimum, retention
        self.pools = [[end, 0, TERM_HOURS]]  # last day, number, hours left
        self.packs = []  # not invoiced: amounts
        self.hours = []  # open: day, number, hours
        self.reported = []  # open: day, calls
        self.calls, self.made_up = Counter(), Counter()  # of each month: billed, minimum charged
        self.bills = Counter()  # of each month: how many invoices charge it
        self.advances, self.rest, self.held = [], Fraction(0), Fraction(0)
        self.number = 0

    def top_up(self, hours, price, date_end):
        self.number += 1
        self.pools.append([date_end or date.max, self.number, Fraction(hours)])
        self.packs.append(Fraction(hours) * Fraction(price))

    def book(self, day, hours):
        self.number += 1
        self.hours.append((day, self.number, Fraction(hours)))

    # === ONE INVOICE === #

    def bill(self, until):
        """Return the amounts of the invoice up to a day, and how to take it back."""
        packs, self.packs = self.packs, []
        over, hours = self._settle(until)
        calls = self._charge_calls(until)
        earned = [*packs, *([to_cents(over * OVERAGE)] if over else []), *calls['amounts']]
        held = to_cents(sum(earned) * self.retention / 100)
        advances, self.advances = self.advances, []
        deducted = min(self.rest, sum(earned) - held) if self.rest else Fraction(0)
        self.rest += sum(advances) - deducted
        self.held += held
        taken = {
            'packs': packs, 'hours': hours, 'calls': calls, 'held': held,
            'advances': advances, 'deducted': deducted,
        }  # fmt: skip
        return sum(earned) + sum(advances) - held - deducted, taken

    def take_back(self, taken):
        """Let an invoice never have been; what it did not charge stays as it is."""
        self.packs += taken['packs']
        for booked, draws in taken['hours']:
            self.hours.append(booked)
            for pool, own in draws:
                pool[2] += own
        self.reported += taken['calls']['reported']
        self.calls.subtract(taken['calls']['calls'])
        self.made_up.subtract(taken['calls']['made_up'])
        self.bills.subtract(taken['calls']['calls'].keys())
        self.advances += taken['advances']
        self.rest += taken['deducted'] - sum(taken['advances'])
        self.held -= taken['held']

    # === HOURS === #

    def _settle(self, until):
        """Return the hours over what is prepaid, and those that are charged with their draws."""
        over, charged = Fraction(0), []
        due = sorted(one for one in self.hours if one[0] <= until)
        self.hours = [one for one in self.hours if one[0] > until]
        for booked in due:
            missing, draws = booked[2], []
            for pool in sorted(self.pools, key=lambda one: (one[0], one[1])):
                own = min(missing, pool[2])
                if own and (pool[0] >= booked[0] or not pool[1]):
                    pool[2] -= own
                    missing -= own
                    draws.append((pool, own))
            if missing:
                over += missing
                charged.append((booked, draws))
        return over, charged

    # === CALLS === #

    def _charge_calls(self, until):
        amounts, calls, made_up, reported = [], {}, {}, []
        for month in range(1, 13):
            if date(2026 + month // 12, month % 12 + 1, 1) > until:
                break
            own = [one for one in self.reported if one[0].month == month]
            if not own and (self.bills[month] or not self.minimum):
                continue
            self.reported = [one for one in self.reported if one[0].month != month]
            reported += own
            before, quantity = self.calls[month], sum(one[1] for one in own)
            after = get_cost(before + quantity)
            if own:
                amounts.append(to_cents(after - get_cost(before)))
            missing = max(self.minimum - to_cents(after), Fraction(0)) - self.made_up[month]
            amounts.append(missing)
            self.calls[month] += quantity
            self.made_up[month] += missing
            self.bills[month] += 1
            calls[month], made_up[month] = quantity, missing
        return {'amounts': amounts, 'calls': calls, 'made_up': made_up, 'reported': reported}
