from datetime import date
from unittest import TestCase

from crm_contracts.core.home import get_horizons, get_lowest_margins

TODAY = date(2026, 6, 15)


class TestHorizons(TestCase):
    def test_each_day_is_in_one_horizon_the_past_in_the_first(self):
        found = [
            (date(2026, 1, 1), 'A', 1, 100.0),
            (date(2026, 7, 15), 'A', 2, 50.0),
            (date(2026, 7, 16), 'A', 1, 1000.0),
            (date(2026, 8, 14), 'B', 1, 7.0),
            (date(2026, 8, 15), 'B', 4, 3.0),
            (date(2026, 9, 13), 'B', 1, 5.0),
            (date(2026, 9, 14), 'B', 1, 9000.0),
        ]
        self.assertEqual(
            get_horizons(TODAY, iter(found)),
            [
                (30, date.min, date(2026, 7, 15), 3, {'A': 150.0}),
                (60, date(2026, 7, 15), date(2026, 8, 14), 2, {'A': 1000.0, 'B': 7.0}),
                (90, date(2026, 8, 14), date(2026, 9, 13), 5, {'B': 8.0}),
            ],
        )

    def test_nothing_found(self):
        self.assertEqual([one.number for one in get_horizons(TODAY, [])], [0, 0, 0])
        self.assertEqual([one.value for one in get_horizons(TODAY, [])], [{}, {}, {}])


class TestLowestMargins(TestCase):
    def test_costs_without_revenue_come_first_then_the_lowest_rates(self):
        results = {
            'good': (50.0, 100.0),
            'loss': (-10.0, 100.0),
            'nothing': (0.0, 0.0),
            'even': (0.0, 1.0),
            'free': (-5.0, 0.0),
            'credited': (-5.0, -2.0),
        }
        self.assertEqual(
            get_lowest_margins(results, 4),
            [('free', None), ('credited', None), ('loss', -0.1), ('even', 0.0)],
        )
        self.assertEqual(get_lowest_margins(results, 5)[-1], ('good', 0.5))
        self.assertEqual(get_lowest_margins({}, 5), [])
