from itertools import product
from unittest import TestCase

from crm_segmentation.core.outline import Line, Node, find_misplaced, get_tree, get_verdict

KNOWN = (True, False)


def rule(level):
    return Line(level, is_group=False)


def group(level):
    return Line(level, is_group=True)


class TestOutline(TestCase):
    def test_lines_belong_to_the_group_above_that_stands_further_out(self):
        lines = [rule(0), group(0), rule(1), group(1), rule(2), rule(1), rule(0)]
        self.assertEqual(
            get_tree(lines),
            [
                Node(0),
                Node(1, [Node(2), Node(3, [Node(4)]), Node(5)]),
                Node(6),
            ],
        )
        self.assertIsNone(find_misplaced(lines))

    def test_a_group_without_rules_is_not_there(self):
        self.assertEqual(get_tree([group(0), group(1), group(2)]), [])
        self.assertEqual(get_tree([group(0), group(1), rule(1)]), [Node(0, [Node(2)])])

    def test_a_line_that_stands_too_far_in_is_found_and_counts_where_it_can(self):
        for lines, place, tree in (
            ([rule(1)], 0, [Node(0)]),
            ([rule(0), rule(1)], 1, [Node(0), Node(1)]),
            ([group(0), rule(2)], 1, [Node(0, [Node(1)])]),
            ([group(0), rule(0), rule(1)], 2, [Node(1), Node(2)]),
        ):
            with self.subTest(lines=lines):
                self.assertEqual(find_misplaced(lines), place)
                self.assertEqual(get_tree(lines), tree)


class TestVerdict(TestCase):
    def test_each_kind_of_group(self):
        for match, number, verdicts, expected in (
            ('all', 0, [True, True], True),
            ('all', 0, [True, False], False),
            ('any', 0, [False, True], True),
            ('any', 0, [False, False], False),
            ('some', 2, [True, False, True], True),
            ('some', 2, [True, False, False], False),
            ('some', 3, [True, True], False),
            ('none', 0, [False, False], True),
            ('none', 0, [False, True], False),
        ):
            with self.subTest(match=match, verdicts=verdicts):
                self.assertIs(get_verdict(match, number, verdicts), expected)

    def test_what_is_hidden_is_told_only_where_it_does_not_matter(self):
        """It is what every way of filling the gaps says, if they all say the same."""
        for match, verdicts in product(
            ('all', 'any', 'some', 'none'), product((True, False, None), repeat=3)
        ):
            ways = product(*[KNOWN if known is None else (known,) for known in verdicts])
            answers = {get_verdict(match, 2, way) for way in ways}
            expected = answers.pop() if len(answers) == 1 else None
            with self.subTest(match=match, verdicts=verdicts):
                self.assertIs(get_verdict(match, 2, verdicts), expected)
