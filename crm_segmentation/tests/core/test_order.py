from itertools import permutations, product
from unittest import TestCase

from crm_segmentation.core.order import (
    CircleError,
    get_dependencies,
    get_order,
    get_place,
    get_units,
    sort_some,
)


class TestDependencies(TestCase):
    def test_criteria_wait_for_the_segments_that_they_use(self):
        self.assertEqual(
            get_dependencies({1: [2, 3], 2: [3], 3: []}, []), {1: {2, 3}, 2: {3}, 3: set()}
        )

    def test_each_of_a_group_waits_for_the_one_before_it(self):
        found = get_dependencies({number: [] for number in range(1, 6)}, [[3, 1, 2], [5], []])
        self.assertEqual(found, {3: set(), 1: {3}, 2: {1}, 4: set(), 5: set()})

    def test_what_one_of_a_group_needs_comes_before_the_whole_group(self):
        uses = {1: [2], 2: [], 3: [], 4: []}
        self.assertEqual(get_dependencies(uses, [[3, 1, 4]]), {1: {3}, 2: set(), 3: {2}, 4: {1}})
        self.assertEqual(uses, {1: [2], 2: [], 3: [], 4: []}, 'what was given stays')

    def test_what_needs_one_of_a_group_comes_after_the_whole_group(self):
        uses = {1: [], 2: [], 3: [1], 4: []}
        self.assertEqual(get_dependencies(uses, [[1, 2, 4]]), {1: set(), 2: {1}, 3: {4}, 4: {2}})

    def test_a_group_waits_for_another_group(self):
        uses = {1: [], 2: [3], 3: [], 4: []}
        self.assertEqual(
            get_dependencies(uses, [[1, 2], [3, 4]]), {1: {4}, 2: {1}, 3: set(), 4: {3}}
        )

    def test_within_a_group_each_waits_for_whom_it_uses(self):
        self.assertEqual(get_dependencies({1: [2], 2: []}, [[1, 2]]), {1: {2}, 2: {1}})
        self.assertEqual(get_dependencies({1: [], 2: [1]}, [[1, 2]]), {1: set(), 2: {1}})

    def test_any_circle_through_a_group_is_one(self):
        """The user of one of a group is used by another of it: the group cannot be one run."""
        with self.assertRaises(CircleError):
            get_order(get_dependencies({1: [], 2: [3], 3: [1]}, [[1, 2]]))


class TestOrder(TestCase):
    def test_each_comes_after_what_it_depends_on(self):
        """All graphs of four segments that have no circle, against the definition."""
        pairs = [(one, two) for one in range(4) for two in range(4) if one < two]
        for names in permutations('abcd'):
            for chosen in product((False, True), repeat=len(pairs)):
                graph = {name: set() for name in names}
                for (one, two), is_chosen in zip(pairs, chosen, strict=True):
                    if is_chosen:
                        graph[names[two]].add(names[one])
                order = get_order(graph)
                self.assertEqual(sorted(order), list('abcd'))
                for name, earlier in graph.items():
                    for other in earlier:
                        self.assertLess(order.index(other), order.index(name))

    def test_a_circle_is_told_from_its_first_to_its_first(self):
        with self.assertRaises(CircleError) as caught:
            get_order({1: {2}, 2: {3}, 3: {1}, 4: {1}})
        circle = caught.exception.circle
        self.assertEqual(circle[0], circle[-1])
        self.assertEqual(set(circle), {1, 2, 3})
        self.assertEqual(len(circle), 4)
        self.assertIn('1', str(caught.exception))

    def test_a_segment_that_depends_on_itself_is_a_circle(self):
        with self.assertRaises(CircleError) as caught:
            get_order({7: {7}})
        self.assertEqual(caught.exception.circle, [7, 7])

    def test_some_are_sorted_as_all_are(self):
        graph = {1: {2}, 2: {3}, 3: set(), 4: {3}}
        self.assertEqual(sort_some([1, 3], graph), [3, 1], 'by way of one that is left out')
        self.assertEqual(sort_some([1, 2, 3], graph), [3, 2, 1])
        self.assertEqual(sort_some([], graph), [])

    def test_the_list_decides_where_a_circle_was_closed(self):
        graph = {4: {3}, 2: {1}, 3: set(), 1: {2}}
        self.assertEqual(sort_some([3, 2, 4], graph), [4, 2, 3])


class TestUnits(TestCase):
    def test_who_has_no_group_is_refreshed_alone(self):
        self.assertEqual(get_units([3, 1, 2], {}), [[3], [1], [2]])

    def test_a_group_is_refreshed_as_a_whole_where_its_last_one_comes(self):
        self.assertEqual(get_units([1, 2, 3, 4], {1: 9, 3: 9}), [[2], [1, 3], [4]])

    def test_groups_stay_apart(self):
        self.assertEqual(
            get_units([1, 2, 3, 4, 5], {1: 8, 2: 9, 3: 8, 4: 9}), [[1, 3], [2, 4], [5]]
        )

    def test_a_group_is_not_taken_for_the_segment_of_its_number(self):
        self.assertEqual(get_units([1, 2, 3], {1: 2, 3: 2}), [[2], [1, 3]])


class TestPlace(TestCase):
    def test_places_go_by_sequence_then_by_age(self):
        places = [get_place(5, 9), get_place(10, 1), get_place(10, 2), get_place(11, 1)]
        self.assertEqual(sorted([places[3], *places[:3]]), places)

    def test_who_is_not_saved_comes_last_of_its_sequence(self):
        for nothing in (None, False):
            self.assertLess(get_place(10, 10**9), get_place(10, nothing))
            self.assertLess(get_place(10, nothing), get_place(11, 1))
