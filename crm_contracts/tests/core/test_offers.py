from datetime import date
from unittest import TestCase

from crm_contracts.core.offers import get_digest, get_last_day, is_expired

TODAY = date(2026, 3, 31)


class TestDigests(TestCase):
    def test_the_same_terms_have_one_digest_whatever_the_order_of_their_names(self):
        one = {'name': 'Support', 'lines': [{'price': 10.0, 'start': TODAY}]}
        same = {'lines': [{'start': date(2026, 3, 31), 'price': 10.0}], 'name': 'Support'}
        self.assertEqual(get_digest(one), get_digest(same))

    def test_what_differs_has_another_one(self):
        terms = {'name': 'Support', 'lines': [1.0, 2.0], 'end': TODAY}
        for other in (
            {**terms, 'name': 'Help'},
            {**terms, 'lines': [2.0, 1.0]},
            {**terms, 'end': date(2026, 4, 1)},
            {'name': 'Support', 'lines': [1.0, 2.0]},
        ):
            self.assertNotEqual(get_digest(terms), get_digest(other))


class TestExpiry(TestCase):
    def test_an_offer_holds_on_its_last_day_and_no_longer(self):
        self.assertFalse(is_expired(TODAY, TODAY))
        self.assertTrue(is_expired(date(2026, 3, 30), TODAY))
        self.assertFalse(is_expired(date(2026, 4, 1), TODAY))

    def test_an_offer_without_a_last_day_holds_for_good(self):
        self.assertIs(is_expired(None, TODAY), False)

    def test_an_offer_holds_for_the_usual_days_unless_a_day_was_typed(self):
        self.assertEqual(get_last_day(None, TODAY, 30), date(2026, 4, 30))
        self.assertEqual(get_last_day(None, TODAY, 1), date(2026, 4, 1))
        self.assertEqual(get_last_day(date(2026, 5, 2), TODAY, 30), date(2026, 5, 2))

    def test_without_usual_days_it_holds_for_good(self):
        self.assertIsNone(get_last_day(None, TODAY, 0))
        self.assertIsNone(get_last_day(None, TODAY, -1))
        self.assertEqual(get_last_day(date(2026, 5, 2), TODAY, 0), date(2026, 5, 2))
