from collections import Counter
from unittest import TestCase

from crm_claims.core.sharing import NORMAL_CAPACITY, Member, Request, get_takers, share

HOME, ABROAD = frozenset({1}), frozenset({1, 2})


def member(number, capacity=1.0, companies=HOME):
    return Member(number, capacity, companies)


def requests(count, team=7, companies=HOME):
    return [Request(f'{team}-{number}', team, companies) for number in range(count)]


def deal(count, *members, loads=None):
    """Return {member: number of cases}."""
    shared = share(requests(count), {7: members}, loads or {})
    return Counter(shared.values())


class TestSharing(TestCase):
    def test_cases_are_spread_evenly(self):
        self.assertEqual(deal(9, member(1), member(2), member(3)), {1: 3, 2: 3, 3: 3})

    def test_who_has_the_fewest_is_next_and_of_equals_the_first(self):
        self.assertEqual(deal(1, member(2), member(1)), {1: 1})
        self.assertEqual(deal(1, member(1), member(2), loads={1: 1}), {2: 1})
        self.assertEqual(deal(2, member(1), member(2), loads={2: 1}), {1: 2})
        self.assertEqual(deal(3, member(1), member(2), loads={1: 2, 2: 1}), {1: 1, 2: 2})

    def test_load_is_measured_with_one_more_case(self):
        """One with 3 cases for a capacity of 2 gets 2 a head, an idle one of capacity 0.4 2.5."""
        self.assertEqual(deal(1, member(1, 0.4), member(2, 2), loads={2: 3}), {2: 1})
        self.assertEqual(deal(1, member(1, 0.5), member(2, 2), loads={2: 3}), {1: 1})
        self.assertEqual(deal(1, member(1, 0.5), member(2, 2), loads={2: 4}), {1: 1})

    def test_capacity_weighs(self):
        self.assertEqual(deal(9, member(1, 2), member(2)), {1: 6, 2: 3})
        self.assertEqual(deal(9, member(1, 0.5), member(2)), {1: 3, 2: 6})

    def test_shares_keep_to_the_capacities(self):
        members = [member(1, 1), member(2, 2), member(3, 5)]
        for count in (8, 80, 160):
            with self.subTest(count=count):
                one = count / 8
                self.assertEqual(deal(count, *members), {1: one, 2: 2 * one, 3: 5 * one})

    def test_load_is_shared_by_the_teams_of_a_member(self):
        cases = [*requests(2, team=7), *requests(2, team=8)]
        shared = share(cases, {7: [member(1)], 8: [member(1), member(2)]}, {})
        self.assertEqual(shared, {'7-0': 1, '7-1': 1, '8-0': 2, '8-1': 2})

    def test_case_of_another_company_goes_to_who_works_there(self):
        members = {7: [member(1), member(2, companies=ABROAD)]}
        shared = share(requests(2, companies=frozenset({2})), members, {2: 9})
        self.assertEqual(set(shared.values()), {2})
        shared = share(requests(2, companies=frozenset()), members, {2: 9})
        self.assertEqual(set(shared.values()), {1})

    def test_case_that_nobody_can_take_is_left_out(self):
        self.assertEqual(share(requests(1), {}, {}), {})
        self.assertEqual(share(requests(1), {7: []}, {}), {})
        self.assertEqual(share(requests(1), {8: [member(1)]}, {}), {})
        shared = share([*requests(1, 9), *requests(1)], {7: [member(1)]}, {})
        self.assertEqual(shared, {'7-0': 1})

    def test_loads_of_the_caller_stay_as_they_are(self):
        loads = {1: 1}
        share(requests(2), {7: [member(1)]}, loads)
        self.assertEqual(loads, {1: 1})


class TestTakers(TestCase):
    def test_capacity_is_that_of_the_team_else_normal(self):
        takers = get_takers({7: [(1, HOME), (2, ABROAD)], 8: [(1, HOME)]}, {(7, 1): 2.5})
        self.assertEqual(
            takers,
            {
                7: [Member(1, 2.5, HOME), Member(2, 1.0, ABROAD)],
                8: [Member(1, NORMAL_CAPACITY, HOME)],
            },
        )
        self.assertEqual(NORMAL_CAPACITY, 1.0)

    def test_who_takes_none_is_left_out(self):
        takers = get_takers({7: [(1, HOME), (2, HOME)]}, {(7, 1): 0.0, (7, 2): 0.1})
        self.assertEqual(takers, {7: [Member(2, 0.1, HOME)]})
