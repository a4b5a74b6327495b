from datetime import date, timedelta
from itertools import islice, pairwise, product
from unittest import TestCase

from crm_contracts.core.periods import (
    Period,
    Schedule,
    get_active_share,
    get_charge,
    get_days,
    get_first_active_day,
    get_months,
    get_open_periods,
    get_periods,
    get_spared_parts,
)


def day(text):
    return date.fromisoformat(text)


def schedule(start, count=1, unit='month', until=None, anchor=None):
    return Schedule(day(anchor or start), count, unit, day(start), until and day(until))


def starts(a_schedule, number):
    return [str(period.start) for period in islice(get_periods(a_schedule), number)]


class TestPeriods(TestCase):
    def test_periods_keep_the_day_of_their_anchor(self):
        for start, count, unit, expected in [
            ('2026-01-01', 1, 'month', ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01']),
            ('2026-01-28', 1, 'month', ['2026-01-28', '2026-02-28', '2026-03-28', '2026-04-28']),
            ('2026-01-29', 1, 'month', ['2026-01-29', '2026-02-28', '2026-03-29', '2026-04-29']),
            ('2026-01-30', 1, 'month', ['2026-01-30', '2026-02-28', '2026-03-30', '2026-04-30']),
            ('2026-01-31', 1, 'month', ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']),
            ('2028-01-29', 1, 'month', ['2028-01-29', '2028-02-29', '2028-03-29', '2028-04-29']),
            ('2028-01-31', 1, 'month', ['2028-01-31', '2028-02-29', '2028-03-31', '2028-04-30']),
            ('2027-11-30', 3, 'month', ['2027-11-30', '2028-02-29', '2028-05-30', '2028-08-30']),
            ('2028-02-29', 1, 'year', ['2028-02-29', '2029-02-28', '2030-02-28', '2031-02-28']),
            ('2024-02-29', 2, 'year', ['2024-02-29', '2026-02-28', '2028-02-29', '2030-02-28']),
            ('2026-02-23', 1, 'week', ['2026-02-23', '2026-03-02', '2026-03-09', '2026-03-16']),
            ('2028-02-20', 2, 'week', ['2028-02-20', '2028-03-05', '2028-03-19', '2028-04-02']),
            ('2028-02-28', 1, 'day', ['2028-02-28', '2028-02-29', '2028-03-01', '2028-03-02']),
            ('2026-12-20', 10, 'day', ['2026-12-20', '2026-12-30', '2027-01-09', '2027-01-19']),
        ]:
            with self.subTest(start=start, count=count, unit=unit):
                self.assertEqual(starts(schedule(start, count, unit), 4), expected)

    def test_first_day_just_before_an_anniversary_is_charged(self):
        for unit, anchor, first, following in [
            ('year', '2020-03-01', '2025-02-28', '2025-03-01'),
            ('year', '2024-03-01', '2032-02-29', '2032-03-01'),
            ('month', '2026-01-01', '2026-08-31', '2026-09-01'),
            ('week', '2026-01-05', '2026-03-01', '2026-03-02'),
            ('day', '2026-01-01', '2026-03-01', '2026-03-02'),
        ]:
            with self.subTest(unit=unit, anchor=anchor):
                late = schedule(first, unit=unit, anchor=anchor)
                self.assertEqual(starts(late, 2), [first, following])

    def test_periods_follow_each_other_without_gap_or_overlap(self):
        anchors = ['2026-01-28', '2026-01-29', '2026-01-30', '2026-01-31', '2028-02-29']
        for start, count, unit in product(anchors, (1, 2, 3, 6), ('day', 'week', 'month', 'year')):
            with self.subTest(start=start, count=count, unit=unit):
                periods = list(islice(get_periods(schedule(start, count, unit)), 40))
                self.assertEqual(periods[0].start, day(start))
                for earlier, later in pairwise(periods):
                    self.assertEqual(earlier.end, later.start)
                    self.assertEqual(earlier.share, 1.0)

    def test_last_day_is_included_and_cuts_the_period(self):
        for start, until, expected in [
            ('2026-01-01', '2026-03-01', [31, 28]),
            ('2026-01-01', '2026-03-16', [31, 28, 15]),
            ('2026-01-31', '2026-03-01', [28, 1]),
            ('2026-01-10', '2026-01-11', [1]),
            ('2026-01-10', '2026-01-10', []),
        ]:
            with self.subTest(start=start, until=until):
                periods = list(get_periods(schedule(start, until=until)))
                self.assertEqual([(p.end - p.start).days for p in periods], expected)

    def test_cut_period_is_charged_by_its_days_on_request(self):
        for until, prorated in [
            ('2026-04-16', 15 / 30),
            ('2026-04-02', 1 / 30),
            ('2026-05-01', 1.0),
        ]:
            (period,) = get_periods(schedule('2026-04-01', until=until))
            self.assertEqual(get_charge(period, prorate=True), prorated)
            self.assertEqual(get_charge(period, prorate=False), 1.0)

    def test_first_of_the_month_shortens_the_first_period(self):
        aligned = schedule('2026-01-20', anchor='2026-01-01')
        self.assertEqual(starts(aligned, 3), ['2026-01-20', '2026-02-01', '2026-03-01'])
        self.assertEqual(next(get_periods(aligned)).share, 12 / 31)
        quarterly = schedule('2026-01-20', count=3, anchor='2026-01-01')
        self.assertEqual(starts(quarterly, 3), ['2026-01-20', '2026-04-01', '2026-07-01'])

    def test_billed_days_are_left_out(self):
        year = schedule('2026-01-01', until='2027-01-01')
        january = (day('2026-01-01'), day('2026-02-01'))
        march = (day('2026-03-01'), day('2026-04-01'))
        months = [p.start.month for p in get_open_periods(year, [march, january], prorate=False)]
        self.assertEqual(months, [2, *range(4, 13)], 'a gap is found again')

    def test_rest_of_a_period_is_open_only_if_days_count(self):
        june = schedule('2026-06-01', until='2026-07-01')
        half = [(day('2026-06-01'), day('2026-06-16'))]
        (rest,) = get_open_periods(june, half, prorate=True)
        self.assertEqual((str(rest.start), str(rest.end)), ('2026-06-16', '2026-07-01'))
        self.assertEqual(rest.share, 0.5)
        self.assertFalse(list(get_open_periods(june, half, prorate=False)), 'charged in full')
        middle = [(day('2026-06-11'), day('2026-06-21'))]
        pieces = list(get_open_periods(june, middle, prorate=True))
        self.assertEqual([(p.start.day, p.share) for p in pieces], [(1, 1 / 3), (21, 1 / 3)])

    def test_suspended_days_are_left_out(self):
        """Month by month: what a suspension leaves of the periods, whole or by days."""
        for start, span, whole, by_days in [
            ('2026-01-01', ('2026-02-01', '2026-03-01'), [1, 3, 4], ['01-01', '03-01', '04-01']),
            ('2026-01-01', ('2026-02-10', '2026-02-20'), [1, 2, 3], ['01-01', '02-01', '02-20']),
            ('2026-01-01', ('2026-01-20', '2026-03-10'), [1, 3, 4], ['01-01', '03-10', '04-01']),
            ('2026-01-31', ('2026-02-28', '2026-03-31'), [1, 3, 4], ['01-31', '03-31', '04-30']),
            ('2028-01-29', ('2028-02-29', '2028-03-29'), [1, 3, 4], ['01-29', '03-29', '04-29']),
            ('2026-11-15', ('2026-12-10', '2027-01-20'), [11, 1, 2], ['11-15', '01-20', '02-15']),
            ('2026-01-30', ('2025-12-01', '2026-02-28'), [2, 3, 4], ['02-28', '03-30', '04-30']),
        ]:
            with self.subTest(start=start, span=span):
                suspended = [tuple(map(day, span))]
                full = get_open_periods(schedule(start), [], False, suspended)
                self.assertEqual([p.start.month for p in islice(full, 3)], whole)
                cut = get_open_periods(schedule(start), [], True, suspended)
                self.assertEqual([str(p.start)[5:] for p in islice(cut, 3)], by_days)

    def test_open_suspension_ends_the_periods(self):
        rest = [(day('2026-03-10'), date.max)]
        full = list(get_open_periods(schedule('2026-01-31'), [], False, rest))
        self.assertEqual([str(p.end) for p in full], ['2026-02-28', '2026-03-31'])
        cut = list(get_open_periods(schedule('2026-01-31'), [], True, rest))
        self.assertEqual([str(p.end) for p in cut], ['2026-02-28', '2026-03-10'])
        self.assertFalse(
            list(get_open_periods(schedule('2026-03-10'), [], True, rest)), 'from its first day'
        )

    def test_each_day_is_charged_once_or_billed_or_suspended(self):
        """Against a model that counts single days."""
        first, last = day('2027-12-28'), day('2028-04-15')
        days = {first + timedelta(days=n) for n in range((last - first).days)}
        cuts = [day(text) for text in ('2028-01-01', '2028-01-31', '2028-02-29', '2028-03-15')]
        spans = [(start, end) for start in cuts for end in [*cuts, date.max] if start < end]
        self.assertEqual(len(spans), 10)
        for unit, anchor, off, billed in product(
            ('day', 'week', 'month'), (28, 29, 30, 31), spans, [[], *([span] for span in spans)]
        ):
            plan = Schedule(day(f'2027-12-{anchor}'), 1, unit, day(f'2027-12-{anchor}'), last)
            open_periods = list(get_open_periods(plan, billed, True, [off]))
            charged = [
                period.start + timedelta(days=n)
                for period in open_periods
                for n in range((period.end - period.start).days)
            ]
            left = {
                a_day
                for a_day in days
                if a_day >= plan.date_from
                and not any(start <= a_day < end for start, end in [off, *billed])
            }
            self.assertEqual(sorted(left), charged, (unit, anchor, off, billed))

    def test_first_active_day_is_after_suspensions_that_follow_each_other(self):
        rest = [(day('2026-03-01'), day('2026-04-01')), (day('2026-04-01'), day('2026-04-11'))]
        for asked, expected in [
            ('2026-02-28', '2026-02-28'),
            ('2026-03-01', '2026-04-11'),
            ('2026-04-10', '2026-04-11'),
            ('2026-04-11', '2026-04-11'),
        ]:
            self.assertEqual(str(get_first_active_day(day(asked), rest)), expected)
        self.assertIsNone(get_first_active_day(day('2026-05-02'), [(day('2026-05-01'), date.max)]))

    def test_shares_of_a_period_however_cut_make_a_whole(self):
        for month in range(1, 13):
            whole = next(get_periods(schedule(f'2028-{month:02}-01')))
            for cut in range(1, whole.whole_days):
                first = [(whole.start, whole.start.replace(day=cut + 1))]
                (rest,) = get_open_periods(
                    Schedule(whole.start, 1, 'month', whole.start, whole.end), first, prorate=True
                )
                self.assertAlmostEqual(rest.share + cut / whole.whole_days, 1.0)

    def test_days_that_are_not_covered_are_spared(self):
        september = (day('2026-09-01'), day('2026-10-01'))
        rest = (day('2026-09-05'), day('2026-09-08'))
        overlapping = (day('2026-09-07'), day('2026-09-12'))
        open_end = (day('2026-09-21'), date.max)
        for end, suspended, prorated, begun in (
            (None, [], 0, 0),
            ('2026-09-11', [], 20, 20),
            ('2026-12-01', [], 0, 0),
            ('2026-09-01', [], 30, 30),
            (None, [rest], 3, 0),
            (None, [rest, overlapping], 7, 0),
            (None, [open_end], 10, 10),
            (None, [rest, open_end], 13, 10),
            ('2026-09-11', [rest, overlapping, open_end], 26, 20),
            ('2026-09-11', [(day('2026-09-01'), day('2026-09-11'))], 30, 30),
        ):
            for prorate, days in ((True, prorated), (False, begun)):
                with self.subTest(end=end, suspended=suspended, prorate=prorate):
                    parts = get_spared_parts(september, end and day(end), suspended, prorate)
                    self.assertEqual(get_days(parts), days)
                    self.assertTrue(all(one[1] < two[0] for one, two in pairwise(parts)))

    def test_suspension_beside_a_span_spares_nothing_of_it(self):
        september = (day('2026-09-01'), day('2026-10-01'))
        before = (day('2026-08-01'), day('2026-09-01'))
        after = (day('2026-10-01'), day('2026-11-01'))
        within = (day('2026-09-10'), day('2026-09-12'))
        self.assertEqual(get_spared_parts(september, None, [before, after], True), [])
        self.assertEqual(get_spared_parts(september, None, [before, within], True), [within])

    def test_first_period_is_not_empty_where_the_start_is_a_turn_of_the_anchor(self):
        first = next(get_periods(schedule('2026-03-01', anchor='2026-01-01')))
        self.assertEqual((first.start, first.end), (day('2026-03-01'), day('2026-04-01')))

    def test_interval_without_length_has_no_periods(self):
        self.assertFalse(list(get_periods(schedule('2026-01-01', count=0))))
        self.assertFalse(list(get_periods(schedule('2026-01-01', count=-1))))

    def test_interval_in_months(self):
        for count, unit, months in [(1, 'month', 1), (3, 'month', 3), (1, 'year', 12)]:
            self.assertAlmostEqual(get_months(count, unit), months)
        self.assertAlmostEqual(100 / get_months(1, 'week'), 100 * 365 / 12 / 7)
        self.assertEqual(get_months(35, 'month'), 35, 'to the last bit, not by way of days')

    def test_active_share_is_that_of_the_days_that_are_not_suspended(self):
        march = Period(day('2026-03-01'), day('2026-04-01'), 31)
        rest = (day('2026-02-15'), day('2026-03-11'))
        self.assertEqual(get_active_share(march, [rest], prorate=True), 21 / 31)
        self.assertEqual(get_active_share(march, [rest], prorate=False), 1.0)
        self.assertEqual(get_active_share(march, [], prorate=True), 1.0)
        cut = march._replace(start=day('2026-03-22'))
        self.assertEqual(get_active_share(cut, [], prorate=True), 10 / 31)
        for prorate in (True, False):
            always = [(day('2026-01-01'), date.max)]
            self.assertEqual(get_active_share(march, always, prorate), 0.0)
        one = [(march.start, day('2026-03-31'))]
        self.assertEqual(get_active_share(march, one, prorate=False), 1.0)
