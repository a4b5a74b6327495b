from datetime import date, timedelta
from itertools import pairwise
from random import Random
from unittest import TestCase

from crm_contracts.core.days import (
    Claim,
    NoticeDays,
    Span,
    get_day_rank,
    get_elapsed,
    get_first_end,
    get_next_end,
    get_notice_end,
    get_range,
    get_shares,
    is_overlapping,
    move_day,
)


def day(text):
    return date.fromisoformat(text)


class TestMoving(TestCase):
    def test_a_month_without_the_day_gives_its_last_one(self):
        self.assertEqual(move_day(day('2026-01-31'), months=1), day('2026-02-28'))
        self.assertEqual(move_day(day('2028-01-31'), months=1), day('2028-02-29'))
        self.assertEqual(move_day(day('2026-03-31'), days=-31), day('2026-02-28'))

    def test_no_day_leaves_the_calendar(self):
        self.assertEqual(move_day(date.max, days=1), date.max)
        self.assertEqual(move_day(date.max, months=-12), day('9998-12-31'))
        self.assertEqual(move_day(date.min, days=-1), date.min)
        self.assertEqual(move_day(day('2026-01-01'), years=9000), date.max)
        self.assertEqual(move_day(day('2026-01-01'), months=-12 * 3000), date.min)


class TestTerms(TestCase):
    def test_a_first_term_ends_on_the_day_before_the_next_would_start(self):
        for start, months, end in [
            ('2026-01-01', 12, '2026-12-31'),
            ('2026-01-31', 1, '2026-02-27'),
            ('2026-03-15', 1, '2026-04-14'),
            ('2028-02-29', 12, '2029-02-27'),
        ]:
            with self.subTest(start=start):
                self.assertEqual(get_first_end(day(start), months), day(end))

    def test_terms_keep_the_day_of_the_month_of_the_start(self):
        anchor = day('2026-01-31')
        start, ends = day('2026-02-28'), []
        for _term in range(4):
            end = get_next_end(anchor, start, 1)
            ends.append(str(end))
            start = move_day(end, days=1)
        self.assertEqual(ends, ['2026-03-30', '2026-04-29', '2026-05-30', '2026-06-29'])

    def test_a_term_that_left_the_day_goes_on_from_its_own(self):
        self.assertEqual(get_next_end(day('2026-01-31'), day('2026-03-16'), 1), day('2026-04-15'))
        self.assertEqual(get_next_end(day('2025-11-10'), day('2027-02-01'), 12), day('2028-01-31'))

    def test_the_year_counts_for_the_months_that_passed(self):
        self.assertEqual(get_next_end(day('2024-02-29'), day('2028-02-29'), 12), day('2029-02-27'))
        self.assertEqual(get_next_end(day('2024-12-31'), day('2026-02-28'), 1), day('2026-03-30'))

    def test_next_terms_follow_each_other_without_gap_or_overlap(self):
        for first in ('2026-01-29', '2026-01-30', '2026-01-31', '2028-02-29', '2026-06-15'):
            for months in (1, 3, 12):
                anchor = day(first)
                start = move_day(get_first_end(anchor, months), days=1)
                for number in range(2, 30):
                    end = get_next_end(anchor, start, months)
                    start = move_day(end, days=1)
                    self.assertEqual(start, move_day(anchor, months=number * months))

    def test_a_term_that_runs_is_told_up_to_today(self):
        terms = [
            Span(day('2027-01-01'), day('2027-12-31')),
            Span(day('2026-01-01'), day('2026-12-31')),
        ]
        for today, start, end in [
            ('2026-03-10', '2026-01-01', '2026-03-10'),
            ('2026-12-31', '2026-01-01', '2026-12-31'),
            ('2027-01-01', '2027-01-01', '2027-01-01'),
            ('2028-05-01', '2027-01-01', '2027-12-31'),
        ]:
            with self.subTest(today=today):
                found = get_elapsed(terms, day(today), day('2020-01-01'))
                self.assertEqual(found, (day(start), day(end)))

    def test_before_the_first_term_a_contract_is_told_from_its_start(self):
        start = day('2026-01-01')
        self.assertEqual(get_elapsed([Span(start)], day('2025-12-31'), start), (start, start))
        self.assertEqual(get_elapsed([], day('2026-02-01'), start), (start, day('2026-02-01')))
        self.assertEqual(
            get_elapsed([Span(start)], day('2026-02-01'), start), (start, day('2026-02-01'))
        )


class TestRanges(TestCase):
    def test_a_range_has_the_day_after_its_last_one(self):
        self.assertEqual(
            get_range(day('2026-01-30'), day('2026-01-31')), (day('2026-01-30'), day('2026-02-01'))
        )
        self.assertEqual(get_range(day('2026-01-30'), None), (day('2026-01-30'), date.max))
        self.assertEqual(get_range(day('2026-01-30'), date.max), (day('2026-01-30'), date.max))

    def test_ranges_overlap_when_they_have_a_day_in_common(self):
        days = [day('2026-01-01') + timedelta(days=number) for number in range(5)]
        spans = [(start, end) for start in days for end in days if start < end]
        self.assertEqual(len(spans), 10)
        for one in spans:
            for other in spans:
                common = {d for d in days if one[0] <= d < one[1] and other[0] <= d < other[1]}
                with self.subTest(one=one, other=other):
                    self.assertEqual(is_overlapping(one, other), bool(common))


class TestNotices(TestCase):
    def test_each_end_is_told_or_missed_or_not_due(self):
        today = day('2026-02-20')
        for earliest, latest in [(45, 15), (15, 15), (1, 0), (0, 0), (30, 1)]:
            days = NoticeDays(earliest, latest)
            told, missed = days.get_told(today), days.get_missed(today)
            for left in range(60):
                end = today + timedelta(days=left)
                with self.subTest(earliest=earliest, latest=latest, left=left):
                    self.assertEqual(told.start <= end <= told.end, latest <= left <= earliest)
                    self.assertEqual(missed.start <= end <= missed.end, left < latest)

    def test_what_ended_before_is_not_told(self):
        yesterday = day('2026-02-19')
        days = NoticeDays(45, 15)
        self.assertGreater(days.get_told(day('2026-02-20')).start, yesterday)
        self.assertGreater(days.get_missed(day('2026-02-20')).start, yesterday)


class TestWhoseDay(TestCase):
    def rank(self, text, start='2026-01-01', end='2026-06-30', over=False, billable=True):
        return get_day_rank(day(text), day(start), end and day(end), over, billable)

    def test_days_of_a_contract_are_counted_with_their_ends(self):
        for text, distance in [
            ('2025-12-30', 2),
            ('2025-12-31', 1),
            ('2026-01-01', 0),
            ('2026-03-15', 0),
            ('2026-06-30', 0),
            ('2026-07-01', 1),
            ('2026-07-31', 31),
        ]:
            with self.subTest(day=text):
                rank = self.rank(text)
                self.assertEqual((rank.distance, rank.is_outside), (distance, distance > 0))

    def test_a_contract_without_end_has_all_days_after_its_start(self):
        self.assertEqual(self.rank('2099-01-01', end=None).distance, 0)
        self.assertTrue(self.rank('2025-12-31', end=None).is_outside)

    def test_dates_go_before_states_and_states_before_nearness(self):
        closed = {'start': '2026-01-01', 'end': '2026-03-31', 'over': True}
        successor = {'start': '2026-04-01', 'end': None}
        self.assertLess(self.rank('2026-03-31', **closed), self.rank('2026-03-31', **successor))
        self.assertLess(self.rank('2026-04-01', **successor), self.rank('2026-04-01', **closed))
        later = {'start': '2026-12-01', 'end': None}
        self.assertLess(self.rank('2026-04-01', **later), self.rank('2026-04-01', **closed))
        near = {'start': '2026-05-01', 'end': None}
        self.assertLess(self.rank('2026-04-01', **near), self.rank('2026-04-01', **later))

    def test_what_was_never_agreed_comes_last(self):
        draft = self.rank('2026-02-01', billable=False)
        self.assertLess(self.rank('2029-01-01', over=True), draft)


class TestShares(TestCase):
    """Ranges of days say the same as the ranks of each day."""

    def test_each_day_is_whose_rank_is_the_least(self):
        random = Random(1)
        first = date(2026, 1, 1)
        for number in range(300):
            claims = [self._draw(random, key, first) for key in range(random.randint(1, 4))]
            shares = get_shares(claims)
            with self.subTest(number=number):
                self.assertEqual((shares[0].start, shares[-1].end), (date.min, date.max))
                for before, after in pairwise(shares):
                    self.assertEqual(after.start - before.end, timedelta(days=1))
                    self.assertNotEqual(before.key, after.key)
                for day in (first + timedelta(days=offset) for offset in range(-30, 90)):
                    (owner,) = (one.key for one in shares if one.start <= day <= one.end)
                    self.assertEqual(
                        owner, min(claims, key=lambda claim: claim.get_rank(day)).key, day
                    )

    def _draw(self, random, key, first):
        start = first + timedelta(days=random.randrange(40))
        end = random.choice([None, start + timedelta(days=random.randrange(20))])
        return Claim(key, start, end, random.random() < 0.5, random.random() < 0.8)

    def test_successor_begins_where_the_former_ends(self):
        former = Claim('former', date(2026, 1, 1), date(2026, 2, 28), True, True)
        successor = Claim('successor', date(2026, 3, 1), None, False, True)
        self.assertEqual(
            get_shares([former, successor]),
            [
                ('successor', date.min, date(2025, 12, 31)),
                ('former', date(2026, 1, 1), date(2026, 2, 28)),
                ('successor', date(2026, 3, 1), date.max),
            ],
        )


class TestNoticeGiven(TestCase):
    START, END = date(2026, 1, 31), date(2026, 12, 30)

    def get(self, day, notice=30, end=END, months=12):
        return get_notice_end(day, notice, self.START, end, months)

    def test_in_time_it_ends_with_the_term(self):
        self.assertEqual(self.get(date(2026, 6, 1)), self.END)
        self.assertEqual(self.get(date(2026, 11, 30)), self.END)
        self.assertEqual(self.get(self.END, notice=0), self.END)

    def test_too_late_it_ends_with_the_next_term(self):
        self.assertEqual(self.get(date(2026, 12, 1)), date(2027, 12, 30))
        self.assertEqual(self.get(date(2027, 1, 1), notice=0), date(2027, 12, 30))

    def test_terms_keep_the_day_of_the_start(self):
        last = self.get(date(2026, 1, 31), end=date(2026, 1, 30), months=1)
        self.assertEqual(last, date(2026, 3, 30))

    def test_a_long_notice_takes_several_terms(self):
        self.assertEqual(self.get(date(2026, 12, 1), notice=400), date(2028, 12, 30))

    def test_what_does_not_renew_itself_ends_with_its_term(self):
        self.assertEqual(self.get(date(2026, 12, 29), months=0), self.END)

    def test_an_open_end_is_the_notice_away(self):
        self.assertEqual(self.get(date(2026, 3, 31), end=None), date(2026, 4, 30))
        self.assertEqual(self.get(date(2026, 3, 31), notice=0, end=None), date(2026, 3, 31))
