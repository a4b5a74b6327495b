import math
from unittest import TestCase

from crm_segmentation.core.answers import (
    HIDDEN,
    UNREADABLE,
    Answer,
    Condition,
    get_absent,
    get_answers,
    get_number,
)

COMPARED = ('>=', '>', '<=', '<', '=', '!=')
ZERO = ('count', 'count_distinct', 'sum', 'change_amount')
NOTHING = ('avg', 'min', 'max', 'days_since_first', 'days_between', 'days_until', 'share')
NOTHING += ('change_percent',)


class TestCondition(TestCase):
    def test_a_value_is_compared_with_the_number(self):
        for operator, below, equal, above in [
            ('>=', False, True, True),
            ('>', False, False, True),
            ('<=', True, True, False),
            ('<', True, False, False),
            ('=', False, True, False),
            ('!=', True, False, True),
        ]:
            with self.subTest(operator=operator):
                condition = Condition(operator, 10)
                self.assertEqual([condition.holds(v) for v in (9, 10, 11)], [below, equal, above])

    def test_between_includes_both_ends(self):
        condition = Condition('between', 2, 4)
        self.assertEqual(
            [condition.holds(value) for value in (1.99, 2, 3, 4, 4.01)],
            [False, True, True, True, False],
        )

    def test_each_comparison_has_one_that_says_the_contrary(self):
        for one, other in [('>=', '<'), ('>', '<='), ('=', '!=')]:
            for value in (-1, 0, 0.5, 1, math.inf):
                with self.subTest(one=one, value=value):
                    self.assertNotEqual(
                        Condition(one, 0.5).holds(value), Condition(other, 0.5).holds(value)
                    )

    def test_the_limits_are_what_values_are_compared_with(self):
        self.assertEqual(Condition('between', 2, 4).limits, (2, 4))
        for operator in COMPARED:
            self.assertEqual(Condition(operator, 2, 4).limits, (2,))

    def test_only_ranks_look_at_others(self):
        for operator in ('top_percent', 'quantile'):
            self.assertTrue(Condition(operator, 1, 5).is_rank)
        for operator in (*COMPARED, 'between'):
            self.assertFalse(Condition(operator, 1, 5).is_rank)


class TestNobodysDocuments(TestCase):
    def test_no_document_is_zero_or_never_or_nothing(self):
        self.assertEqual({get_absent(name) for name in ZERO}, {0})
        self.assertEqual(get_absent('days_since_last'), math.inf)
        for name in NOTHING:
            self.assertTrue(math.isnan(get_absent(name)))

    def test_zero_is_compared_as_any_number(self):
        for operator, value, value_to, holds in [
            ('=', 0, 0, True),
            ('=', 1, 0, False),
            ('!=', 0, 0, False),
            ('!=', 1, 0, True),
            ('>=', 0, 0, True),
            ('>', 0, 0, False),
            ('<', 1, 0, True),
            ('<=', -1, 0, False),
            ('between', 0, 3, True),
            ('between', -3, 0, True),
            ('between', 1, 3, False),
        ]:
            with self.subTest(operator=operator, value=value):
                condition = Condition(operator, value, value_to)
                for aggregate in ZERO:
                    self.assertIs(condition.holds_without_documents(aggregate), holds)

    def test_never_is_longer_ago_than_any_number_of_days(self):
        for operator, holds in [
            ('>=', True),
            ('>', True),
            ('!=', True),
            ('<=', False),
            ('<', False),
            ('=', False),
        ]:
            condition = Condition(operator, 365_000)
            self.assertIs(condition.holds_without_documents('days_since_last'), holds, operator)
        between = Condition('between', 0, 365_000)
        self.assertFalse(between.holds_without_documents('days_since_last'))

    def test_of_nothing_only_not_holds(self):
        for aggregate in NOTHING:
            for operator in (*COMPARED, 'between'):
                condition = Condition(operator, 0, 10)
                self.assertIs(
                    condition.holds_without_documents(aggregate), operator == '!=', operator
                )

    def test_who_has_no_documents_is_never_among_the_best(self):
        for aggregate in (*ZERO, 'days_since_last', *NOTHING):
            for operator in ('top_percent', 'quantile'):
                self.assertIs(Condition(operator, 1, 100).holds_without_documents(aggregate), False)


class TestNumber(TestCase):
    def test_nothing_of_what_can_be_zero_is_zero(self):
        self.assertEqual({get_number(name, None) for name in ZERO}, {0})
        self.assertEqual({get_number(name, None) for name in ('days_since_last', *NOTHING)}, {None})

    def test_a_measured_value_is_a_number_of_its_own(self):
        for aggregate in (*ZERO, 'days_since_last', *NOTHING):
            for value in (0, 7, 2.5):
                number = get_number(aggregate, value)
                self.assertEqual(number, value)
                self.assertIsInstance(number, float)


class TestTelling(TestCase):
    def test_the_author_is_told_everything(self):
        self.assertEqual(
            get_answers({1: {5: (2.0, True), 6: (None, False)}}, None),
            {1: {5: Answer(2.0, True, False), 6: Answer(None, False, False)}},
        )

    def test_a_value_that_the_reader_would_not_measure_is_hidden(self):
        measured = {1: {5: (2.0, True), 6: (3.0, False)}, 2: {5: (0.0, False), 6: (None, True)}}
        visible = {1: {5: 2.0, 6: 1.0}, 2: {5: 0.0, 6: None}}
        answers = get_answers(measured, visible)
        self.assertEqual(answers[1], {5: Answer(2.0, True), 6: HIDDEN})
        self.assertEqual(answers[2], {5: Answer(0.0, False), 6: Answer(None, True)})

    def test_what_is_hidden_says_nothing_but_that(self):
        self.assertEqual(HIDDEN, (None, None, True))

    def test_nothing_is_told_of_documents_that_are_out_of_reach(self):
        for value in (None, 0.0, UNREADABLE):
            answers = get_answers({1: {5: (value, True)}}, {1: {5: UNREADABLE + 0}})
            self.assertEqual(answers, {1: {5: HIDDEN}})
