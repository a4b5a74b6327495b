from datetime import datetime
from unittest import TestCase

from crm_claims.core.pauses import Pauses

NINE, TEN, ELEVEN, NOON, ONE = (datetime(2026, 3, 2, hour) for hour in (9, 10, 11, 12, 13))


class TestPauses(TestCase):
    def test_what_is_stored_is_what_is_read(self):
        for stored, pauses in (
            ([], Pauses()),
            ([['2026-03-02 09:00:00', None]], Pauses(since=NINE)),
            ([['2026-03-02 09:00:00', '2026-03-02 10:00:00']], Pauses(((NINE, TEN),))),
            (
                [
                    ['2026-03-02 09:00:00', '2026-03-02 10:00:00'],
                    ['2026-03-02 11:00:00', '2026-03-02 12:00:00'],
                    ['2026-03-02 13:00:00', None],
                ],
                Pauses(((NINE, TEN), (ELEVEN, NOON)), since=ONE),
            ),
        ):
            with self.subTest(stored=stored):
                self.assertEqual(Pauses.from_stored(stored), pauses)
                self.assertEqual(pauses.to_stored(), stored)

    def test_parts_of_a_second_are_not_stored(self):
        pauses = Pauses(since=datetime(2026, 3, 2, 9, 0, 1, 999))
        self.assertEqual(pauses.to_stored(), [['2026-03-02 09:00:01', None]])

    def test_reading_changes_nothing_that_was_given(self):
        stored = [['2026-03-02 09:00:00', None]]
        Pauses.from_stored(stored)
        self.assertEqual(stored, [['2026-03-02 09:00:00', None]])

    def test_pause_that_lasts_counts_only_where_somebody_says_until_when(self):
        pauses = Pauses(((NINE, TEN),), since=ELEVEN)
        self.assertEqual(pauses.get_spans(None), [(NINE, TEN)])
        self.assertEqual(pauses.get_spans(NOON), [(NINE, TEN), (ELEVEN, NOON)])
        self.assertEqual(Pauses(((NINE, TEN),)).get_spans(NOON), [(NINE, TEN)])

    def test_a_pause_begins_once(self):
        pauses = Pauses().stand(NINE)
        self.assertEqual(pauses, Pauses(since=NINE))
        self.assertEqual(pauses.stand(TEN), pauses)

    def test_a_pause_begins_after_the_one_before(self):
        before = Pauses(((NINE, TEN), (ELEVEN, NOON)))
        for since, expected in ((NINE, NOON), (NOON, NOON), (ONE, ONE)):
            with self.subTest(since=since):
                self.assertEqual(before.stand(since), Pauses(before.over, since=expected))
        only = ((NINE, TEN),)
        self.assertEqual(Pauses(only).stand(NINE), Pauses(only, since=TEN))

    def test_a_pause_ends_once_and_never_before_it_began(self):
        pauses = Pauses(((NINE, TEN),), since=NOON)
        for now, end in ((ELEVEN, NOON), (NOON, NOON), (ONE, ONE)):
            with self.subTest(now=now):
                over = pauses.run(now)
                self.assertEqual(over, Pauses(((NINE, TEN), (NOON, end))))
                self.assertEqual(over.run(ONE), over)
