"""An own, slow way to say what contracts charge, to hold the billing against."""

import os
from collections import Counter
from datetime import date, timedelta

SEED = int(os.environ.get('CRM_SEED', 1))
# LONG=1 lives through thousands of histories instead of a sample.
LONG = os.environ.get('LONG', '') not in ('', '0')
DAY = timedelta(days=1)
RAISE = 20  # percent that prices rise with a new term, where they rise


def get_days(start, end):
    """Return the days from the first to the one before the last."""
    return [start + DAY * number for number in range((end - start).days)]


def add_intervals(anchor, number, unit):
    """Return a day so many units after another: an own, slow way, without any library."""
    if unit in ('day', 'week'):
        return anchor + DAY * number * (7 if unit == 'week' else 1)
    months = anchor.month - 1 + number * (12 if unit == 'year' else 1)
    year, month = anchor.year + months // 12, months % 12 + 1
    day = anchor.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def get_whole_periods(schedule):
    """Return the periods of a schedule with an end, uncut."""
    periods, number = [], 0
    while (
        start := add_intervals(
            schedule.anchor, number * schedule.interval_count, schedule.interval_unit
        )
    ) < schedule.date_to:
        number += 1
        end = add_intervals(
            schedule.anchor, number * schedule.interval_count, schedule.interval_unit
        )
        periods.append((start, end))
    return periods


def get_expected(schedule, suspended, prorate):
    """Return {day: share of a whole price} with proration, else [active days of each period]."""
    paused = {day for start, end in suspended for day in get_days(start, end)}
    shares, periods = {}, []
    for start, end in get_whole_periods(schedule):
        active = [
            day
            for day in get_days(max(start, schedule.date_from), min(end, schedule.date_to))
            if day not in paused
        ]
        shares.update(dict.fromkeys(active, 1 / (end - start).days))
        if active:
            periods.append((start, end))
    return shares if prorate else periods


class History:
    """What happened to one contract, and what it has to charge for it."""

    def __init__(self, end, time_price, overage_price, prepaid_hours, rolls_over):
        self.end = end
        self.time_price = time_price  # of an hour, what is charged of it
        self.overage_price = overage_price  # of an hour
        self.prepaid_hours = prepaid_hours
        self.rolls_over = rolls_over
        self.hours = Counter()  # by the number of the term
        self.costs = 0.0
        self.charged_twice = 0.0
        self.is_rebated = False  # so that documents charge less than the ledger
        self.raised_on = None  # first day of the higher prices

    def get_price(self, price, day):
        """Return a price as it is on a day."""
        is_raised = self.raised_on and day >= self.raised_on
        return round(price * (1 + RAISE / 100), 2) if is_raised else price

    def get_time_amount(self):
        """Return what the hours of both terms come to."""
        if self.prepaid_hours:
            price, hours = self.overage_price, self._get_overage()
        else:
            price, hours = self.time_price, (self.hours[0], self.hours[1])
        raised = self.get_price(price, self.raised_on)
        return hours[0] * price + hours[1] * raised

    def _get_overage(self):
        """Return the hours over the prepaid ones, of the first term and of the second."""
        left = max(self.prepaid_hours - self.hours[0], 0.0) if self.rolls_over else 0.0
        return (
            max(self.hours[0] - self.prepaid_hours, 0.0),
            max(self.hours[1] - self.prepaid_hours - left, 0.0),
        )
