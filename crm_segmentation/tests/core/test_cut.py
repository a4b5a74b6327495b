from unittest import TestCase

from crm_segmentation.core.cut import get_problem


class TestCut(TestCase):
    def test_numbers_that_make_sense_are_no_problem(self):
        for kind, *numbers in [
            ('number', 1, 0, 0, 0),
            ('top', 1, 0, 0, 0),
            ('percent', 0, 0.5, 0, 0),
            ('percent', 0, 100, 0, 0),
            ('part', 0, 0, 1, 2),
            ('part', 0, 0, 2, 2),
            (None, 0, 0, 0, 0),
        ]:
            with self.subTest(kind=kind, numbers=numbers):
                self.assertIsNone(get_problem(kind, *numbers))

    def test_numbers_without_sense_are_told_by_their_kind(self):
        for kind, *numbers in [
            ('number', 0, 50, 1, 2),
            ('top', -1, 50, 1, 2),
            ('percent', 5, 0, 1, 2),
            ('percent', 5, 100.5, 1, 2),
            ('part', 5, 50, 0, 2),
            ('part', 5, 50, 3, 2),
            ('part', 5, 50, 1, 1),
        ]:
            with self.subTest(kind=kind, numbers=numbers):
                self.assertEqual(get_problem(kind, *numbers), kind)
