from datetime import date
from fractions import Fraction
from random import Random
from unittest import TestCase

from crm_contracts.core.prices import (
    FormerPrice,
    IndexMonths,
    LastPrice,
    Price,
    Revision,
    Rule,
    get_level,
    get_limited,
    get_price_on,
    get_revised,
    get_variation,
    get_yearly_quantity,
    read_price,
    read_revision,
)


def month(text):
    return date.fromisoformat(f'{text}-01')


class TestFormulas(TestCase):
    def test_variation_is_what_statistics_offices_publish(self):
        # INE, general index of Spain: 105.6 in December 2021 after 99.2 a year before: 6.5 %.
        self.assertEqual(round(get_variation(105.6, 99.2), 1), 6.5)
        self.assertEqual(get_variation(120.0, 100.0, level=1.2), 0.0)
        self.assertAlmostEqual(get_variation(120.0, 100.0, level=2.0), -40.0)

    def test_steps_make_a_level(self):
        self.assertAlmostEqual(get_level([10.0, -10.0]), 0.99)
        self.assertEqual(get_level([]), 1.0)

    def test_limits_hold_both_ways(self):
        for percentage, floor, cap, expected in [
            (5.0, None, 3.0, 3.0),
            (3.0, None, 3.0, 3.0),
            (2.0, None, 3.0, 2.0),
            (-5.0, 0.0, 3.0, 0.0),
            (0.5, 0.0, 3.0, 0.5),
            (-5.0, None, None, -5.0),
            (5.0, 0.0, None, 5.0),
            (5.0, 0.0, 0.0, 0.0),
            (-5.0, None, 0.0, -5.0),
        ]:
            with self.subTest(percentage=percentage, floor=floor, cap=cap):
                self.assertEqual(get_limited(percentage, floor, cap), expected)

    def test_a_price_plus_some_percent(self):
        self.assertEqual(get_revised(200.0, 4.0), 208.0)
        self.assertEqual(get_revised(200.0, -50.0), 100.0)
        self.assertEqual(get_revised(200.0, 0.0), 200.0)

    def test_limits_are_those_of_exact_numbers(self):
        random = Random(1)
        for _draw in range(300):
            value, reference = (Fraction(random.randint(9000, 13000), 100) for _value in range(2))
            floor, cap = sorted(Fraction(random.randint(-50, 100), 10) for _limit in range(2))
            raw = (value / reference - 1) * 100
            rule = Rule('index', floor=float(floor), cap=float(cap))
            step = rule.get_step(float(value), float(reference), 1.0)
            self.assertAlmostEqual(step.raw, float(raw))
            self.assertAlmostEqual(step.percentage, float(min(max(raw, floor), cap)))


class TestRule(TestCase):
    def test_a_rule_changes_prices_by_an_index_or_a_percentage(self):
        self.assertTrue(Rule('index').changes_prices)
        self.assertTrue(Rule('percentage', -0.5).changes_prices)
        self.assertFalse(Rule('percentage').changes_prices)
        self.assertFalse(Rule('none', 3.0).changes_prices)

    def test_the_month_that_counts_is_some_months_before(self):
        for lag, expected in [(0, '2026-03'), (2, '2026-01'), (3, '2025-12'), (14, '2025-01')]:
            with self.subTest(lag=lag):
                rule = Rule('index', lag=lag)
                self.assertEqual(rule.get_month(date(2026, 3, 31)), month(expected))

    def test_prices_follow_the_last_revision_or_the_base(self):
        base, day = month('2026-01'), date(2028, 1, 1)
        revised = [date(2027, 1, 1), date(2026, 6, 15)]
        self.assertEqual(
            Rule('index').get_months(day, base, revised), (month('2028-01'), month('2027-01'))
        )
        self.assertEqual(
            Rule('index', lag=2).get_months(day, base, revised),
            (month('2027-11'), month('2026-11')),
        )
        self.assertEqual(Rule('index').get_months(day, base, []), (month('2028-01'), base))
        self.assertEqual(
            Rule('index', is_from_base=True).get_months(day, base, revised),
            (month('2028-01'), base),
        )

    def test_a_revision_before_the_base_month_counts_for_nothing(self):
        months = Rule('index').get_months(date(2028, 1, 1), month('2027-06'), [date(2027, 1, 1)])
        self.assertEqual(months.reference_month, month('2027-06'))

    def test_the_level_counts_the_revisions_after_the_base_month(self):
        revised = [
            (date(2026, 1, 31), 50.0),
            (date(2026, 2, 1), 10.0),
            (date(2027, 1, 1), 20.0),
        ]
        from_base = Rule('index', is_from_base=True)
        self.assertAlmostEqual(from_base.get_level(month('2026-01'), revised), 1.32)
        self.assertAlmostEqual(from_base.get_level(month('2026-02'), revised), 1.2)
        self.assertEqual(from_base.get_level(month('2027-01'), revised), 1.0)
        self.assertEqual(Rule('index').get_level(month('2026-01'), revised), 1.0)

    def test_a_step_starts_from_the_level_of_the_prices(self):
        step = Rule('index', is_from_base=True, cap=3.0).get_step(120.0, 100.0, 1.1)
        self.assertAlmostEqual(step.raw, 100 / 11)
        self.assertEqual(step.percentage, 3.0)

    def test_months_are_compared_in_their_order(self):
        later, earlier = month('2027-01'), month('2026-01')
        self.assertTrue(IndexMonths(later, earlier).is_ordered)
        self.assertFalse(IndexMonths(earlier, earlier).is_ordered)
        self.assertFalse(IndexMonths(earlier, later).is_ordered)

    def test_a_value_that_is_missing_is_named(self):
        later, earlier = month('2027-01'), month('2026-01')
        months = IndexMonths(later, earlier)
        self.assertIsNone(months.get_missing({later: 1.0, earlier: 1.0}))
        self.assertEqual(months.get_missing({earlier: 1.0}), later)
        self.assertEqual(months.get_missing({later: 1.0}), earlier)
        self.assertEqual(months.get_missing({}), earlier, 'the one compared with first')


class TestPrice(TestCase):
    def test_a_price_is_told_from_the_others(self):
        self.assertEqual(Price('line', 'Hosting', 10.0, line_id=3).key, ('line', 3))
        self.assertEqual(Price('rate', 'Ana', 10.0, rate_id=4).key, ('rate', 4))
        self.assertEqual(Price('amount', 'Agreed', 10.0).key, ('amount', False))

    def test_a_price_is_rounded_and_its_exact_one_kept(self):
        price = Price('line', 'Hosting', 99.99, line_id=3).revise(3.0, None, round)
        self.assertEqual(price.price_new, 103)
        self.assertAlmostEqual(price.price_exact, 102.9897)
        self.assertEqual((price.price_old, price.line_id, price.name), (99.99, 3, 'Hosting'))

    def test_a_revision_goes_on_from_the_exact_price(self):
        price = Price('line', 'Hosting', 103.0)
        last = LastPrice(rounded=103.0, exact=102.6)
        self.assertAlmostEqual(price.revise(10.0, last, round).price_exact, 112.86)
        typed = LastPrice(rounded=102.0, exact=102.6)
        self.assertAlmostEqual(price.revise(10.0, typed, round).price_exact, 113.3)

    def test_rounding_never_adds_up(self):
        exact = Fraction('19.99')
        price, last = Price('line', 'Hosting', 19.99), None
        for _year in range(12):
            exact *= Fraction(103, 100)
            price = price.revise(3.0, last, lambda amount: round(amount, 1))
            self.assertEqual(price.price_new, round(float(exact), 1))
            last = LastPrice(price.price_new, price.price_exact)
            price = price._replace(price_old=price.price_new)

    def test_nothing_is_known_of_a_new_price_and_of_a_held_revision(self):
        price = Price('overage', 'Overage', 5.0)
        self.assertEqual(
            price[3:], (False, False, 0.0, 0.0, 0.0, ()), 'no record, no quantity, no new price'
        )
        self.assertEqual(
            Revision(7, month('2027-01'), 'index', held='why')[4:],
            (0.0, 0.0, False, False, 0.0, False, 0.0, (), 0, ()),
        )


class TestDoors(TestCase):
    def test_a_price_is_the_dictionary_that_it_was_read_from(self):
        values = {
            'kind': 'line',
            'name': 'Hosting',
            'price_old': 10.0,
            'line_id': 3,
            'rate_id': False,
            'yearly_quantity': 12.0,
            'price_exact': 10.31,
            'price_new': 10.3,
        }
        self.assertEqual(read_price(values), Price(*values.values()))
        self.assertEqual(read_price(values).as_dict(), values)

    def test_what_others_add_stays(self):
        price = read_price({'kind': 'setup', 'name': 'Setup', 'price_old': 5.0, 'setup_id': 9})
        revised = price.revise(10.0, None, round)
        self.assertEqual(price.extra, (('setup_id', 9),))
        self.assertEqual((revised.as_dict()['setup_id'], revised.price_new), (9, 6))
        self.assertNotIn('extra', revised.as_dict())

    def test_a_revision_brings_its_prices(self):
        price = Price('amount', 'Agreed', 10.0)
        revision = Revision(7, month('2027-01'), 'index', percentage=2.0, price_ids=(price,))
        values = revision.as_dict()
        self.assertEqual(values['price_ids'], [price.as_dict()])
        self.assertEqual((values['percentage'], values['held']), (2.0, None))
        self.assertEqual(read_revision(values), revision)
        more = read_revision({**values, 'agreed_by': 'Ana'})
        self.assertEqual(more, revision._replace(extra=(('agreed_by', 'Ana'),)))
        self.assertEqual(more.as_dict(), {**values, 'agreed_by': 'Ana'})

    def test_a_held_revision_says_no_more_than_why(self):
        values = {'contract_id': 7, 'date': False, 'revision_type': 'index', 'held': 'why'}
        self.assertEqual(read_revision(values), Revision(7, False, 'index', 'why'))


class TestFormerPrices(TestCase):
    def test_a_period_has_the_price_of_its_first_day(self):
        former = [
            FormerPrice(date(2027, 12, 31), 104.0),
            FormerPrice(date(2026, 12, 31), 100.0),
        ]
        for text, price in [
            ('2020-01-01', 100.0),
            ('2026-12-31', 100.0),
            ('2027-01-01', 104.0),
            ('2027-12-31', 104.0),
            ('2028-01-01', 108.0),
        ]:
            with self.subTest(day=text):
                self.assertEqual(get_price_on(date.fromisoformat(text), 108.0, former), price)

    def test_a_price_that_never_changed_holds_always(self):
        self.assertEqual(get_price_on(date.max, 7.0, []), 7.0)

    def test_what_is_charged_in_a_year(self):
        self.assertEqual(get_yearly_quantity(1.0, 0.0, 1.0), 12.0)
        self.assertEqual(get_yearly_quantity(2.0, 25.0, 3.0), 6.0)
        self.assertEqual(get_yearly_quantity(1.0, 100.0, 1.0), 0.0)
        self.assertEqual(get_yearly_quantity(1.0, 0.0, 24.0), 0.5)
