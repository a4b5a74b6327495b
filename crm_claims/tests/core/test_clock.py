from datetime import datetime, timedelta
from itertools import combinations, product
from unittest import TestCase

from crm_claims.core.clock import (
    CASE_STATES,
    OTHERWISE,
    STATE_RULES,
    Progress,
    get_case_state,
    get_notice_moment,
    get_progress,
    get_reached_at,
    get_state,
    get_usage,
    is_kept,
)
from crm_claims.core.pauses import Pauses
from crm_claims.core.working_time import WorkingTime, read_around_the_clock

EIGHT, NINE, TEN, ELEVEN, NOON = (datetime(2026, 3, 2, hour) for hour in range(8, 13))
SECOND = timedelta(seconds=1)


def state(now=TEN, **values):
    return get_state({rule.field: False for rule in STATE_RULES} | values, now)


def progress(hours, warning_hours=0, pauses=(), reached_at=None):
    working_time = WorkingTime(read_around_the_clock, EIGHT)
    pauses = pauses or Pauses()
    return get_progress(working_time, EIGHT, hours, warning_hours, pauses, reached_at)


class TestStates(TestCase):
    def test_clock_that_says_nothing_runs(self):
        self.assertEqual(state(), 'running')
        self.assertEqual(state(deadline=ELEVEN, warning_at=ELEVEN), 'running')

    def test_moment_that_is_now_has_come(self):
        for now, expected in (
            (TEN - SECOND, 'running'),
            (TEN, 'warning'),
            (ELEVEN - SECOND, 'warning'),
            (ELEVEN, 'breached'),
            (NOON, 'breached'),
        ):
            with self.subTest(now=now):
                self.assertEqual(state(now, warning_at=TEN, deadline=ELEVEN), expected)

    def test_warning_of_a_promise_without_deadline(self):
        self.assertEqual(state(warning_at=TEN), 'warning')

    def test_what_is_reached_or_paused_takes_no_notice_of_the_time(self):
        late = {'warning_at': EIGHT, 'deadline': NINE}
        self.assertEqual(state(paused_since=ELEVEN, **late), 'paused')
        self.assertEqual(state(reached_at=ELEVEN, **late), 'missed')
        self.assertEqual(state(reached_at=ELEVEN, is_met=True, **late), 'met')
        self.assertEqual(state(reached_at=ELEVEN, paused_since=NINE), 'missed')
        self.assertEqual(state(is_met=True, reached_at=ELEVEN, paused_since=NINE), 'met')

    def test_what_ended_without_being_reached_is_missed(self):
        self.assertEqual(state(ended_at=ELEVEN, deadline=NINE), 'missed')
        self.assertEqual(state(ended_at=ELEVEN, deadline=NOON, paused_since=NINE), 'missed')
        self.assertEqual(state(ended_at=ELEVEN, reached_at=NINE, is_met=True), 'met')

    def test_each_state_has_one_place(self):
        states = [rule.state for rule in STATE_RULES]
        self.assertEqual(states, ['met', 'missed', 'missed', 'paused', 'breached', 'warning'])
        self.assertEqual(OTHERWISE, 'running')
        self.assertEqual(set(CASE_STATES), {*states, OTHERWISE})

    def test_target_that_is_reached_at_its_deadline_is_kept(self):
        for reached_at, deadline, expected in (
            (TEN - SECOND, TEN, True),
            (TEN, TEN, True),
            (TEN + SECOND, TEN, False),
            (TEN, None, True),
            (None, TEN, False),
            (None, None, False),
            (False, False, False),
        ):
            with self.subTest(reached_at=reached_at, deadline=deadline):
                self.assertIs(is_kept(reached_at, deadline), expected)


class TestCaseStates(TestCase):
    def test_most_urgent_clock_decides(self):
        for states, expected in (
            ((), 'none'),
            (('met',), 'met'),
            (('missed',), 'breached'),
            (('met', 'missed'), 'breached'),
            (('paused', 'missed'), 'paused'),
            (('running', 'paused'), 'running'),
            (('running', 'missed'), 'running'),
            (('warning', 'running'), 'warning'),
            (('breached', 'warning'), 'breached'),
            (('met', 'breached'), 'breached'),
        ):
            for order in (states, states[::-1]):
                with self.subTest(states=order):
                    self.assertEqual(get_case_state(order), expected)

    def test_more_clocks_make_nothing_less_urgent(self):
        urgency = list(CASE_STATES)
        for first, second in combinations(urgency, 2):
            with self.subTest(first=first, second=second):
                self.assertEqual(get_case_state({first, second}), get_case_state({first}))


class TestProgress(TestCase):
    def test_deadline_comes_when_the_hours_are_used(self):
        self.assertEqual(progress(2), Progress(TEN, None, None))
        self.assertEqual(progress(2, pauses=Pauses(((NINE, TEN),))).deadline, ELEVEN)

    def test_hours_are_rounded_to_the_minute(self):
        for minutes in (1, 10, 20, 100, 101):
            with self.subTest(minutes=minutes):
                deadline = progress(round(minutes / 60, 2)).deadline
                self.assertEqual(deadline, EIGHT + timedelta(minutes=minutes))

    def test_warning_comes_between_the_start_and_the_deadline(self):
        minute = 1 / 60
        for warning_hours, expected in (
            (0, None),
            (minute, TEN - timedelta(minutes=1)),
            (1, NINE),
            (2 - minute, EIGHT + timedelta(minutes=1)),
            (2, None),
            (3, None),
            (-1, None),
        ):
            with self.subTest(warning_hours=warning_hours):
                self.assertEqual(progress(2, warning_hours).warning_at, expected)

    def test_warning_waits_in_a_pause_too(self):
        self.assertEqual(progress(3, 1, Pauses(((NINE, TEN),))).warning_at, ELEVEN)

    def test_calendar_without_hours_offers_no_deadline(self):
        working_time = WorkingTime(lambda _first, _last: [], EIGHT)
        self.assertEqual(
            get_progress(working_time, EIGHT, 2, 1, Pauses(since=NINE), None),
            Progress(None, None, NINE),
        )

    def test_what_is_overdue_when_a_pause_begins_does_not_pause(self):
        for since, paused_since in ((TEN - SECOND, TEN - SECOND), (TEN, None), (ELEVEN, None)):
            with self.subTest(since=since):
                self.assertEqual(
                    progress(2, pauses=Pauses(since=since)), Progress(TEN, None, paused_since)
                )

    def test_pause_that_lasts_until_the_target_is_reached_counts(self):
        pauses = Pauses(since=NINE)
        self.assertEqual(progress(2, pauses=pauses, reached_at=ELEVEN), Progress(NOON, None, None))
        self.assertEqual(progress(2, pauses=pauses).deadline, TEN)


class TestReaching(TestCase):
    def test_resolution_is_reached_when_the_case_is_closed_and_can_be_taken_back(self):
        for reached_at, response, closed in product((None, NINE), (None, TEN), (None, ELEVEN)):
            with self.subTest(reached_at=reached_at, response=response, closed=closed):
                self.assertEqual(get_reached_at('resolution', reached_at, response, closed), closed)

    def test_response_stays_and_closing_counts_as_one(self):
        for reached_at, response, closed, expected in (
            (NINE, TEN, ELEVEN, NINE),
            (None, TEN, ELEVEN, TEN),
            (None, None, ELEVEN, ELEVEN),
            (None, None, None, None),
        ):
            with self.subTest(expected=expected):
                for target in ('first_response', 'next_response'):
                    self.assertEqual(get_reached_at(target, reached_at, response, closed), expected)

    def test_usage_is_in_hours_and_percent(self):
        for minutes, promised, expected in (
            (0, 16, (0, 16, 0)),
            (90, 2, (1.5, 0.5, 75)),
            (120, 2, (2, 0, 100)),
            (150, 2, (2.5, -0.5, 125)),
            (30, 0, (0.5, -0.5, 0)),
        ):
            with self.subTest(minutes=minutes, promised=promised):
                self.assertEqual(get_usage(timedelta(minutes=minutes), promised), expected)


class TestNoticeMoment(TestCase):
    def test_warning_comes_first_and_once(self):
        self.assertEqual(get_notice_moment(ELEVEN, TEN, False, NINE), TEN)
        self.assertEqual(get_notice_moment(ELEVEN, TEN, False, TEN), TEN)
        self.assertEqual(get_notice_moment(ELEVEN, TEN, True, NINE), ELEVEN)

    def test_warning_that_is_overtaken_is_left_out(self):
        self.assertEqual(get_notice_moment(ELEVEN, TEN, False, ELEVEN - SECOND), TEN)
        self.assertEqual(get_notice_moment(ELEVEN, TEN, False, ELEVEN), ELEVEN)
        self.assertEqual(get_notice_moment(ELEVEN, TEN, False, NOON), ELEVEN)

    def test_without_warning_or_deadline(self):
        self.assertEqual(get_notice_moment(ELEVEN, None, False, NINE), ELEVEN)
        self.assertFalse(get_notice_moment(None, None, False, NINE))
        self.assertFalse(get_notice_moment(None, TEN, False, NINE))
