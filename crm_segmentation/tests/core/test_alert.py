from unittest import TestCase

from crm_segmentation.core.alert import get_move, has_moved


class TestAlert(TestCase):
    def test_a_move_is_more_than_the_percentage_in_either_direction(self):
        for before, now, expected in [
            (100, 120, False),
            (100, 121, True),
            (100, 80, False),
            (100, 79, True),
            (0, 0, False),
            (0, 1, True),
            (5, 0, True),
        ]:
            with self.subTest(before=before, now=now):
                self.assertEqual(has_moved(before, now, 20), expected)

    def test_without_a_percentage_nothing_is_a_move(self):
        self.assertFalse(has_moved(1, 1000, 0))

    def test_a_move_is_said_in_percent_or_in_contacts(self):
        self.assertEqual(get_move(100, 150), '+50 %')
        self.assertEqual(get_move(3, 2), '-33 %')
        self.assertEqual(get_move(0, 3), '+3')
