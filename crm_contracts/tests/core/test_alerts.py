from unittest import TestCase

from crm_contracts.core.alerts import get_reached, get_thresholds


class TestThresholds(TestCase):
    def test_percentages_are_separated_by_commas(self):
        self.assertEqual(get_thresholds('75,90,100'), [75.0, 90.0, 100.0])
        self.assertEqual(get_thresholds(' 0.5 , 100 ,, '), [0.5, 100.0])

    def test_nothing_said_is_no_threshold(self):
        for text in ('', None, False, ' , '):
            with self.subTest(text=text):
                self.assertEqual(get_thresholds(text), [])

    def test_nonsense_is_refused(self):
        for text in ('75;90', '75,ninety', '0', '75,-1', 'nan'):
            with self.subTest(text=text), self.assertRaisesRegex(ValueError, text.split(',')[-1]):
                get_thresholds(text)

    def test_a_threshold_is_reached_at_itself_and_told_once(self):
        for percentage, alerted, expected in [
            (74.9, 0, []),
            (75.0, 0, [75]),
            (95.0, 0, [75, 90]),
            (95.0, 75, [90]),
            (95.0, 90, []),
            (100.0, 75, [90, 100]),
            (100.0, 74.9, [75, 90, 100]),
        ]:
            with self.subTest(percentage=percentage, alerted=alerted):
                self.assertEqual(get_reached([100, 75, 90], percentage, alerted), expected)
