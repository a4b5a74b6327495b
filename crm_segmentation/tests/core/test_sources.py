from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import product
from unittest import TestCase

from dateutil.relativedelta import relativedelta

from crm_segmentation.core.sources import (
    Source,
    get_changed_links,
    get_signature,
    get_window,
    is_comparable,
)

CALLS = Source('crm.call', 'partner_id', 'date', has_rates=False, signature='calls')
MARK = {
    'criteria': 'c',
    'database': 'd',
    'since': 1000,
    'moment': '2026-06-15 10:00:00',
    'rates': False,
    'links': {'crm.call.partner_id': [5, '77']},
}
DAY = timedelta(days=1)


class TestSignature(TestCase):
    def test_the_same_criteria_have_the_same_signature(self):
        self.assertEqual(
            get_signature('a > %s', [1], [CALLS]), get_signature('a > %s', [1], (replace(CALLS),))
        )

    def test_whatever_decides_is_part_of_the_signature(self):
        others = [
            get_signature('a < %s', [1], [CALLS]),
            get_signature('a > %s', [2], [CALLS]),
            get_signature('a > %s', [1], []),
            get_signature('a > %s', [1], [CALLS, CALLS]),
        ]
        for name, value in [
            ('model', 'sale.order'),
            ('link', 'commercial_partner_id'),
            ('date', 'create_date'),
            ('has_rates', True),
            ('signature', 'held calls'),
            ('ages', (relativedelta(days=30),)),
        ]:
            others.append(get_signature('a > %s', [1], [replace(CALLS, **{name: value})]))
        self.assertEqual(len({get_signature('a > %s', [1], [CALLS]), *others}), len(others) + 1)

    def test_links_are_noted_by_documents_and_the_way_to_the_contact(self):
        self.assertEqual(CALLS.key, 'crm.call.partner_id')

    def test_a_source_without_ages_does_not_change_by_time(self):
        self.assertEqual(CALLS.ages, ())


class TestComparable(TestCase):
    def test_time_and_transactions_may_go_on(self):
        self.assertTrue(is_comparable(MARK, MARK))
        self.assertTrue(is_comparable(MARK, {**MARK, 'since': 5000, 'moment': '2027-01-01'}))

    def test_nothing_else_may_change(self):
        for name in ('criteria', 'database', 'rates'):
            with self.subTest(name=name):
                self.assertFalse(is_comparable(MARK, {**MARK, name: 'other'}))

    def test_links_may_change_but_not_whose_they_are(self):
        self.assertTrue(is_comparable(MARK, {**MARK, 'links': {'crm.call.partner_id': [6, '8']}}))
        self.assertFalse(is_comparable(MARK, {**MARK, 'links': {}}))
        self.assertFalse(is_comparable(MARK, {**MARK, 'links': {'crm.call.other_id': [5, '77']}}))

    def test_a_mark_of_another_form_tells_nothing(self):
        self.assertFalse(is_comparable({**MARK, 'more': 1}, MARK))
        self.assertFalse(is_comparable(MARK, {**MARK, 'more': 1}))

    def test_transactions_are_compared_within_half_of_their_circle(self):
        for distance, expected in [(-1, False), (0, True), (2**30 - 1, True), (2**30, False)]:
            later = {**MARK, 'since': MARK['since'] + distance}
            self.assertIs(is_comparable(MARK, later), expected, distance)


class TestLinks(TestCase):
    def get_changed(self, before, after):
        return get_changed_links({**MARK, 'links': before}, {**MARK, 'links': after})

    def test_the_same_documents_need_no_look(self):
        self.assertEqual(self.get_changed({'a': [5, '7']}, {'a': [5, '7']}), {})

    def test_what_changed_is_looked_at_as_it_was(self):
        before = {'a': [5, '7'], 'b': [1, '1'], 'c': [9, '9']}
        after = {'a': [5, '8'], 'b': [1, '1'], 'c': [10, '9']}
        self.assertEqual(self.get_changed(before, after), {'a': [5, '7'], 'c': [9, '9']})

    def test_where_there_was_nothing_nothing_was_lost(self):
        self.assertEqual(self.get_changed({'a': [None, None]}, {'a': [5, '7']}), {})

    def test_who_lost_everything_is_looked_at(self):
        self.assertEqual(self.get_changed({'a': [5, '7']}, {'a': [None, None]}), {'a': [5, '7']})


class TestWindow(TestCase):
    def test_the_time_between_two_runs_as_long_ago_as_the_age(self):
        known, now = datetime(2026, 6, 15, 10), datetime(2026, 6, 16, 10)
        begin, end = get_window(relativedelta(months=1), known, now)
        self.assertEqual(begin, datetime(2026, 5, 15, 10) - 2 * DAY)
        self.assertEqual(end, datetime(2026, 5, 16, 10) + 2 * DAY)

    def test_a_clock_that_was_put_back_makes_no_hole(self):
        earlier, later = datetime(2026, 6, 15), datetime(2026, 6, 20)
        age = relativedelta()
        self.assertEqual(get_window(age, later, earlier), get_window(age, earlier, later))
        self.assertEqual(get_window(age, later, earlier), (earlier - 2 * DAY, later + 2 * DAY))

    def test_the_margin_covers_the_days_of_every_zone(self):
        """What a day of the author is in UTC, and as a date without a time."""
        for hour, offset in product(range(24), range(-12, 15)):
            moment, zone = datetime(2026, 6, 15, hour), timedelta(hours=offset)
            today = datetime.combine((moment + zone).date(), time())
            begin, end = get_window(relativedelta(), moment, moment)
            for edge in (today, today - zone, today - zone + DAY):
                self.assertTrue(begin < edge < end, (hour, offset))
