from unittest import TestCase

from crm_contracts.core.deductions import (
    get_deductions,
    get_left,
    get_rest,
    get_retained_share,
)


def to_cents(amount):
    return round(amount, 2)


class TestDeductions(TestCase):
    def test_the_first_advance_is_used_up_before_the_next(self):
        left = {'old': 30.0, 'new': 50.0}
        self.assertEqual(get_deductions(left, 20.0), {'old': 20.0})
        self.assertEqual(get_deductions(left, 30.0), {'old': 30.0})
        self.assertEqual(get_deductions(left, 60.0), {'old': 30.0, 'new': 30.0})
        self.assertEqual(get_deductions(left, 100.0), left)

    def test_what_is_waived_is_not_owed_and_not_left(self):
        self.assertEqual(get_rest(), 0.0)
        self.assertEqual(get_rest(invoiced=30.0, waived=20.0), 30.0)
        self.assertEqual(get_rest(invoiced=0.0, waived=20.0), 0.0)
        self.assertEqual(get_rest(waived=20.0), 0.0)
        self.assertEqual(get_rest(invoiced=-30.0), -30.0)
        self.assertEqual(get_rest(invoiced=-30.0, waived=20.0), -10.0)
        self.assertEqual(get_rest(invoiced=-30.0, waived=50.0), 0.0)

    def test_what_is_charged_anew_makes_up_for_what_was_deducted_too_much(self):
        self.assertEqual(get_left(30.0, 50.0), 30.0, 'what is charged now is deducted later')
        self.assertEqual(get_left(0.0, 50.0), 0.0)
        self.assertEqual(get_left(-30.0, 0.0), -30.0)
        self.assertEqual(get_left(-30.0, 10.0), -20.0)
        self.assertEqual(get_left(-30.0, 50.0), 0.0)

    def test_nothing_is_deducted_from_nothing(self):
        self.assertEqual(get_deductions({'old': 30.0}, 0.0), {})
        self.assertEqual(get_deductions({'old': 30.0}, -5.0), {})
        self.assertEqual(get_deductions({'old': 0.0}, 5.0), {})

    def test_what_was_deducted_too_much_comes_back_and_may_be_deducted_of_another(self):
        left = {'old': -10.0, 'new': 50.0}
        self.assertEqual(get_deductions(left, 20.0), {'old': -10.0, 'new': 30.0})


class TestRetainedShare(TestCase):
    def get_back(self, held, charged, credited):
        return to_cents(get_retained_share(held, charged, credited, to_cents))

    def test_credit_takes_its_share_back(self):
        self.assertEqual(self.get_back(10.0, 200.0, 50.0), 2.5)
        self.assertEqual(self.get_back(10.0, 300.0, 100.0), 3.33)
        self.assertEqual(self.get_back(10.0, 200.0, 0.0), 0.0)

    def test_all_that_is_credited_takes_all_of_it_back(self):
        self.assertEqual(self.get_back(10.0, 200.0, 200.0), 10.0)
        self.assertEqual(self.get_back(10.0, 200.0, 201.0), 10.0)
        self.assertEqual(self.get_back(0.01, 200.0, 199.99), 0.01, 'nothing is left of a cent')

    def test_shares_of_all_days_are_the_retention_to_the_cent(self):
        held, charged, back = 7.77, 93.0, 0.0
        for _day in range(31):
            share = self.get_back(held, charged, 3.0)
            held, charged, back = to_cents(held - share), charged - 3.0, back + share
        self.assertEqual((held, to_cents(back)), (0.0, 7.77))
