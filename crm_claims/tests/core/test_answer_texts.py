from datetime import datetime
from unittest import TestCase

from crm_claims.core.answers import get_answered_at, insert_text

SIGNATURE = '<div data-o-mail-quote="1"><br>-- <br>Ana</div>'


class TestAnswers(TestCase):
    def test_text_goes_below_what_was_typed_and_above_the_signature(self):
        self.assertEqual(insert_text('', '<p>Hello</p>'), '<p>Hello</p>')
        self.assertEqual(insert_text('<p>A</p>', '<p>B</p>'), '<p>A</p><p>B</p>')
        self.assertEqual(
            insert_text(f'<p>A</p>{SIGNATURE}', '<p>B</p>'), f'<p>A</p><p>B</p>{SIGNATURE}'
        )
        self.assertEqual(insert_text(SIGNATURE, '<p>B</p>'), f'<p>B</p>{SIGNATURE}')


class TestMoments(TestCase):
    def test_answer_is_within_the_time_of_its_case(self):
        opened, now = datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 12)
        for said_at, answered_at in (
            (datetime(2026, 3, 2, 7, 59), opened),
            (opened, opened),
            (datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 9)),
            (now, now),
            (datetime(2026, 3, 3), now),
        ):
            with self.subTest(said_at):
                self.assertEqual(get_answered_at(said_at, opened, now), answered_at)

    def test_case_that_opens_later_is_not_answered_before(self):
        now, opened = datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 12)
        self.assertEqual(get_answered_at(now, opened, now), opened)
