from datetime import date
from itertools import permutations
from unittest import TestCase

from crm_contracts.core.rates import Rate, get_latest, get_predecessor, get_rate

ANA, BEN = 1, 2
DEVELOPER, TESTER = 10, 20
JANUARY, JUNE = date(2026, 1, 1), date(2026, 6, 1)


class TestRates(TestCase):
    def test_a_rate_is_for_somebody_a_job_or_everybody(self):
        for rate, fits in [
            (Rate(1), True),
            (Rate(1, employee_id=ANA), True),
            (Rate(1, employee_id=BEN), False),
            (Rate(1, job_id=DEVELOPER), True),
            (Rate(1, job_id=TESTER), False),
            (Rate(1, ANA, TESTER), False),
            (Rate(1, BEN, DEVELOPER), False),
            (Rate(1, start=JUNE), True),
            (Rate(1, start=date(2026, 6, 2)), False),
        ]:
            with self.subTest(rate=rate):
                self.assertEqual(rate.fits(ANA, DEVELOPER, JUNE), fits)

    def test_name_goes_before_job_before_everybody(self):
        everybody, job = Rate(1), Rate(2, job_id=DEVELOPER)
        name, both = Rate(3, employee_id=ANA), Rate(4, ANA, DEVELOPER)
        for rates, expected in [
            ([everybody], everybody),
            ([everybody, job], job),
            ([everybody, job, name], name),
            ([everybody, job, name, both], both),
            ([Rate(5, employee_id=BEN)], None),
            ([], None),
        ]:
            for order in permutations(rates):
                with self.subTest(rates=order):
                    self.assertEqual(get_rate(order, ANA, DEVELOPER, JUNE), expected)

    def test_the_latest_that_has_begun_is_valid(self):
        always, january, june = Rate(3), Rate(2, start=JANUARY), Rate(1, start=JUNE)
        for order in permutations([always, january, june]):
            self.assertEqual(get_rate(order, ANA, False, date(2025, 12, 31)), always)
            self.assertEqual(get_rate(order, ANA, False, JANUARY), january)
            self.assertEqual(get_rate(order, ANA, False, date(2026, 5, 31)), january)
            self.assertEqual(get_rate(order, ANA, False, JUNE), june)

    def test_an_older_rate_by_name_beats_a_later_one_for_everybody(self):
        name, everybody = Rate(1, employee_id=ANA), Rate(2, start=JUNE)
        self.assertEqual(get_rate([everybody, name], ANA, DEVELOPER, JUNE), name)

    def test_of_two_that_start_together_the_older_record_is_valid(self):
        for order in permutations([Rate(7, start=JUNE), Rate(8, start=JUNE)]):
            self.assertEqual(get_latest(order), [Rate(7, start=JUNE)])

    def test_latest_are_of_each_employee_and_job_in_their_order(self):
        rates = [
            Rate(1, ANA),
            Rate(2, ANA, start=JUNE),
            Rate(3, BEN),
            Rate(4, job_id=DEVELOPER, start=JANUARY),
            Rate(5, ANA, DEVELOPER),
        ]
        self.assertEqual([rate.id for rate in get_latest(rates)], [2, 3, 4, 5])

    def test_who_fits_twice_by_the_same_has_the_older_record(self):
        self.assertEqual(
            get_rate([Rate(6, job_id=DEVELOPER), Rate(5, job_id=DEVELOPER)], ANA, DEVELOPER, JUNE),
            Rate(5, job_id=DEVELOPER),
        )

    def test_predecessor_is_the_latest_before_of_the_same(self):
        first, second = Rate(1, ANA), Rate(2, ANA, start=JANUARY)
        third, other = Rate(3, ANA, start=JUNE), Rate(4, BEN, start=JANUARY)
        rates = [third, other, first, second]
        self.assertEqual(get_predecessor(rates, third), second)
        self.assertEqual(get_predecessor(rates, second), first)
        self.assertIsNone(get_predecessor(rates, first))
        self.assertIsNone(get_predecessor(rates, other))
        self.assertIsNone(get_predecessor([Rate(5, ANA, start=JUNE), third], third))
