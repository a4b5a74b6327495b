import os
from datetime import date
from random import Random

from odoo.tests import BaseCase

from ...core.periods import Schedule, get_charge, get_open_periods
from .property_common import DAY, SEED, get_days, get_expected

HISTORIES = int(os.environ.get('CRM_PURE_HISTORIES', 3000))


class TestContractPeriodHistories(BaseCase):
    """Thousands of histories of a schedule, without a database."""

    def test_every_day_is_charged_exactly_once(self):
        for seed in range(SEED, SEED + HISTORIES):
            with self.subTest(seed=seed):
                self._live_through(Random(seed))

    def _draw_schedule(self, random):
        start = date(2023, 1, 1) + DAY * random.randrange(500)
        if random.random() < 0.5:
            start = date(2024, random.choice([1, 3, 5, 10]), random.choice([28, 29, 30, 31]))
        date_from = start + DAY * random.choice([0, 0, 3, 40])
        return Schedule(
            anchor=start,
            interval_count=random.randint(1, 4),
            interval_unit=random.choice(['day', 'week', 'month', 'month', 'year']),
            date_from=date_from,
            date_to=date_from + DAY * random.randint(1, 300),
        )

    def _draw_suspensions(self, random, schedule):
        start = schedule.date_from + DAY * random.randrange(200)
        spans = [(start, start + DAY * random.randint(1, 50))]
        return spans if random.random() < 0.5 else []

    def _live_through(self, random):
        schedule = self._draw_schedule(random)
        suspended = self._draw_suspensions(random, schedule)
        prorate = random.random() < 0.5
        billed = []
        for _number in range(random.randint(1, 8)):
            step = random.random()
            if billed and step < 0.3:
                billed.remove(random.choice(billed))  # cancelled or credited in full
                continue
            days = (schedule.date_to - schedule.date_from).days
            cut = schedule._replace(
                date_to=schedule.date_from + DAY * random.randint(1, days)
                if step < 0.5
                else schedule.date_to
            )
            until = schedule.date_from + DAY * random.randrange(days + 10)
            self._bill(cut, suspended, prorate, billed, until)
        self._bill(schedule, suspended, prorate, billed, date.max)
        self.assertFalse(list(get_open_periods(schedule, billed, prorate, suspended)))
        self._assert_once(schedule, suspended, prorate, billed)

    def _bill(self, schedule, suspended, prorate, billed, until):
        for period in list(get_open_periods(schedule, billed, prorate, suspended)):
            if period.start > until:
                break
            billed.append((period.start, period.end))
            self.assertGreater(get_charge(period, prorate), 0)

    def _assert_once(self, schedule, suspended, prorate, billed):
        expected = get_expected(schedule, suspended, prorate)
        if prorate:
            days = [day for start, end in billed for day in get_days(start, end)]
            self.assertEqual(sorted(days), sorted(expected))
        else:
            hits = [
                sum(start < period[1] and period[0] < end for start, end in billed)
                for period in expected
            ]
            self.assertEqual(hits, [1] * len(expected))
            self.assertEqual(len(billed), len(expected))
