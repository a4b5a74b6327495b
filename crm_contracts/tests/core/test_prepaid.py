from datetime import date
from fractions import Fraction
from itertools import product
from unittest import TestCase

from crm_contracts.core.prepaid import (
    Booked,
    Pack,
    PrepaidUsage,
    Term,
    get_reserves,
    settle,
)

DAY = date(2026, 3, 1)
LATER = date(2026, 6, 30)


def book(**hours):
    return [Booked(key, DAY, time) for key, time in hours.items()]


def settle_term(left=0.0, packs=(), settled=0.0, **hours):
    """Return what covers hours of one term that grants so many."""
    return settle([Term('term', left + settled, settled, booked=book(**hours))], packs, False)


class TestUsage(TestCase):
    def test_usage_of_a_term(self):
        usage = PrepaidUsage(10.0, 2.0, 3.0)
        self.assertEqual((usage.available, usage.left, usage.percentage), (12.0, 9.0, 25.0))

    def test_more_than_everything_is_consumed(self):
        usage = PrepaidUsage(10.0, 0.0, 15.0)
        self.assertEqual((usage.left, usage.percentage), (0.0, 150.0))

    def test_nothing_is_prepaid(self):
        usage = PrepaidUsage(consumed=3.0)
        self.assertEqual((usage.available, usage.left, usage.percentage), (0.0, 0.0, 0.0))

    def test_usage_in_another_unit(self):
        self.assertEqual(PrepaidUsage(16.0, 8.0, 4.0).divide(8), PrepaidUsage(2.0, 1.0, 0.5))

    def test_usages_add_up(self):
        both = PrepaidUsage(0.1, 1.0, 4.0).plus(PrepaidUsage(0.2, 0.5, 2.0))
        self.assertEqual(both, PrepaidUsage(0.3, 1.5, 6.0))

    def test_noise_leaves_nothing(self):
        self.assertEqual(PrepaidUsage(0.3, 0.0, 0.1 + 0.2).left, 0.0)
        self.assertEqual(PrepaidUsage(0.1 + 0.2, 0.0, 0.3).left, 0.0)


class TestTerm(TestCase):
    """The units of one term."""

    def test_hours_are_covered_in_their_order_and_one_crosses(self):
        prepaid = settle_term(5.0, mon=3.0, tue=4.0, wed=2.0)
        self.assertEqual(prepaid.draws, {'mon': {'term': 3.0}, 'tue': {'term': 2.0}, 'wed': {}})
        self.assertEqual([prepaid.get_covered(key) for key in ('mon', 'wed')], [3.0, 0.0])
        self.assertEqual(prepaid.usages['term'], PrepaidUsage(5.0, 0.0, 9.0))

    def test_corrections_come_first(self):
        prepaid = settle_term(5.0, mon=4.0, tue=4.0, back=-3.0)
        self.assertEqual(list(prepaid.draws), ['back', 'mon', 'tue'])
        self.assertEqual([prepaid.get_covered(key) for key in prepaid.draws], [-3.0, 4.0, 4.0])
        self.assertEqual(prepaid.usages['term'].consumed, 5.0)

    def test_no_hour_is_a_correction_that_is_nothing(self):
        prepaid = settle_term(5.0, mon=1.0, none=0.0, unknown=None)
        self.assertEqual(list(prepaid.draws), ['mon', 'none', 'unknown'])

    def test_what_is_no_time_is_not_covered(self):
        prepaid = settle_term(5.0, mon=None, tue=1.0)
        self.assertEqual(prepaid.draws, {'mon': {}, 'tue': {'term': 1.0}})
        self.assertEqual(prepaid.usages['term'].consumed, 1.0)

    def test_what_was_invoiced_over_the_units_uses_none_of_those_that_come_later(self):
        """Ten of twelve hours were covered, two were paid; ten more units are agreed."""
        prepaid = settle([Term('term', 20.0, 10.0)], [], False)
        self.assertEqual(prepaid.usages['term'].left, 10.0)

    def test_nothing_is_covered_when_more_is_used_than_there_was(self):
        self.assertEqual(settle_term(-2.0, settled=3.0, mon=1.0).draws, {'mon': {}})
        self.assertEqual(settle_term(0.0, mon=1.0).draws, {'mon': {}})
        prepaid = settle_term(-2.0, settled=3.0, mon=2.0, back=-3.0)
        self.assertEqual(prepaid.draws, {'back': {'term': -3.0}, 'mon': {'term': 1.0}})

    def test_a_correction_of_what_nothing_used_is_units_of_the_term(self):
        prepaid = settle_term(0.0, mon=4.0, back=-3.0)
        self.assertEqual(prepaid.draws, {'back': {'term': -3.0}, 'mon': {'term': 3.0}})

    def test_noise_leaves_no_unit_over(self):
        prepaid = settle_term(0.3, a=0.1, b=0.2, c=1.0)
        self.assertEqual([prepaid.get_covered(key) for key in 'abc'], [0.1, 0.2, 0.0])

    def test_covered_units_are_those_of_an_exact_model(self):
        """Against fractions: oldest first, after corrections, never more than there is."""
        quarters = [Fraction(number, 4) for number in (-3, -1, 0, 2, 5)]
        for *booked, left in product(quarters, quarters, quarters, (Fraction(-1), 0, 1, 3)):
            rest, exact = Fraction(left), {}
            for number, units in sorted(enumerate(booked), key=lambda item: item[1] >= 0):
                exact[f'n{number}'] = min(units, max(rest, 0))
                rest -= exact[f'n{number}']
            prepaid = settle_term(
                float(left),
                settled=9.0,
                **{f'n{n}': float(units) for n, units in enumerate(booked)},
            )
            self.assertEqual({key: prepaid.get_covered(key) for key in prepaid.draws}, exact)


class TestTerms(TestCase):
    """Terms that follow each other."""

    def test_units_left_go_to_the_next_term_if_they_roll_over(self):
        terms = [Term(1, 10.0, 4.0), Term(2, 10.0, 13.0), Term(3, 5.0)]
        usages = settle(terms, [], True).usages
        self.assertEqual([usages[key].carried for key in (1, 2, 3)], [0.0, 6.0, 3.0])
        usages = settle(terms, [], False).usages
        self.assertEqual([usages[key].carried for key in (1, 2, 3)], [0.0, 0.0, 0.0])
        self.assertEqual([usages[key].granted for key in (1, 2, 3)], [10.0, 10.0, 5.0])
        self.assertEqual([usages[key].consumed for key in (1, 2, 3)], [4.0, 13.0, 0.0])

    def test_a_term_that_is_used_up_leaves_nothing(self):
        for settled in (10.0, 12.0):
            usages = settle([Term(1, 10.0, settled), Term(2, 10.0)], [], True).usages
            self.assertEqual(usages[2].carried, 0.0)

    def test_parts_of_hours_count(self):
        terms = [Term(1, 1.3, 0.1, booked=book(a=0.25, b=0.15)), Term(2, 1.0)]
        packs = [Pack('p', 0.75, 0.25)]
        prepaid = settle(terms, packs, True)
        self.assertEqual(prepaid.usages[1], PrepaidUsage(1.3, 0.0, 0.5))
        self.assertEqual(prepaid.usages[2].carried, 0.8)
        back = settle([Term(1, 1.3, 0.1, booked=book(a=-0.65))], packs, True)
        self.assertEqual(back.draws['a'], {'p': -0.25, 1: -0.4})
        self.assertEqual(back.usages['p'].left, 0.75)

    def test_hours_that_are_not_settled_yet_leave_less_for_the_next_term(self):
        terms = [Term(1, 10.0, booked=book(mon=7.0)), Term(2, 10.0, booked=book(tue=14.0))]
        prepaid = settle(terms, [], True)
        self.assertEqual(prepaid.get_covered('tue'), 13.0)
        self.assertEqual(prepaid.usages[2], PrepaidUsage(10.0, 3.0, 14.0))

    def test_what_the_next_term_used_of_it_is_not_given_to_late_hours(self):
        late = book(late=4.0)
        prepaid = settle([Term(1, 10.0, booked=late), Term(2, 10.0, 18.0)], [], True)
        self.assertEqual(prepaid.get_covered('late'), 2.0, 'two of twenty are left')
        self.assertEqual(prepaid.usages[2].carried, 8.0)
        prepaid = settle([Term(1, 10.0, booked=late), Term(2, 10.0, 18.0)], [], False)
        self.assertEqual(prepaid.get_covered('late'), 4.0, 'nothing was carried over')

    def test_reserves_reach_back_as_far_as_units_were_carried(self):
        self.assertEqual(
            get_reserves([Term(1, 10.0), Term(2, 10.0), Term(3, 5.0, 22.0)]), [7, 17, 0]
        )
        self.assertEqual(get_reserves([Term(1, 10.0), Term(2, 10.0, 10.0)]), [0.0, 0.0])
        self.assertEqual(get_reserves([Term(1, 10.0, 12.0)]), [0.0])


class TestPacks(TestCase):
    """Units that were bought beside those of the term."""

    def test_what_expires_first_goes_first(self):
        packs = [Pack('open', 5.0), Pack('short', 2.0, date_end=DAY), Pack('long', 3.0, 0.0, LATER)]
        term = Term('term', 4.0, date_end=date(2026, 4, 1), booked=book(mon=15.0))
        prepaid = settle([term], packs, False)
        self.assertEqual(
            list(prepaid.draws['mon'].items()),
            [('short', 2.0), ('term', 4.0), ('long', 3.0), ('open', 5.0)],
        )
        self.assertEqual(prepaid.usages['term'].consumed, 5.0, 'one over all of them')
        self.assertEqual(prepaid.usages['long'], PrepaidUsage(3.0, 0.0, 3.0))

    def test_a_pack_that_expires_with_the_term_comes_after_it(self):
        term = Term('term', 4.0, date_end=LATER, booked=book(mon=5.0))
        prepaid = settle([term], [Pack('pack', 3.0, 0.0, LATER)], False)
        self.assertEqual(prepaid.draws['mon'], {'term': 4.0, 'pack': 1.0})

    def test_hours_after_its_last_day_do_not_use_a_pack(self):
        booked = [Booked('on', DAY, 1.0), Booked('after', LATER, 1.0)]
        prepaid = settle([Term('term', 0.0, booked=booked)], [Pack('p', 5.0, 0.0, DAY)], False)
        self.assertEqual(prepaid.draws, {'on': {'p': 1.0}, 'after': {}})

    def test_what_the_ledger_used_of_a_pack_is_used(self):
        prepaid = settle_term(0.0, [Pack('p', 5.0, 4.0)], mon=3.0)
        self.assertEqual(prepaid.draws, {'mon': {'p': 1.0}})
        self.assertEqual(prepaid.usages['p'], PrepaidUsage(5.0, 0.0, 5.0))
        self.assertEqual(settle_term(0.0, [Pack('p', 5.0, 6.0)], mon=3.0).draws, {'mon': {}})

    def test_a_correction_gives_back_to_what_was_used_last(self):
        packs = [Pack('first', 5.0, 5.0, DAY), Pack('last', 5.0, 2.0)]
        prepaid = settle_term(0.0, packs, back=-3.0, settled=0.0)
        self.assertEqual(prepaid.draws['back'], {'last': -2.0, 'first': -1.0})
        self.assertEqual(prepaid.usages['last'].left, 5.0)
        self.assertEqual(prepaid.usages['first'].left, 1.0)

    def test_a_correction_of_more_than_was_used_gives_the_rest_to_the_term(self):
        prepaid = settle_term(1.0, [Pack('p', 5.0, 1.0)], settled=1.0, back=-4.0)
        self.assertEqual(prepaid.draws['back'], {'p': -1.0, 'term': -3.0})
        self.assertEqual(prepaid.usages['term'], PrepaidUsage(2.0, 0.0, -2.0))

    def test_packs_go_on_from_term_to_term(self):
        terms = [Term(1, 1.0, booked=book(mon=3.0)), Term(2, 1.0, booked=book(tue=3.0))]
        prepaid = settle(terms, [Pack('p', 3.0)], False)
        self.assertEqual(prepaid.draws, {'mon': {1: 1.0, 'p': 2.0}, 'tue': {2: 1.0, 'p': 1.0}})
        self.assertEqual([prepaid.usages[key].consumed for key in (1, 2, 'p')], [1.0, 2.0, 3.0])

    def test_no_hour_is_covered_twice(self):
        """Against fractions: all that is there is used before anything is charged."""
        for granted, one, other, settled in product((0, 2), (0.5, 3), (1, 4), (0, 0.5)):
            packs = [Pack('a', one, settled, LATER), Pack('b', other)]
            prepaid = settle_term(granted, packs, mon=2.5, tue=3.25)
            there = Fraction(granted) + Fraction(one) - Fraction(settled) + Fraction(other)
            covered = sum(Fraction(prepaid.get_covered(key)) for key in ('mon', 'tue'))
            self.assertEqual(covered, min(there, Fraction('5.75')))
