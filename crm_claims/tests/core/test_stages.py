from itertools import product
from unittest import TestCase

from crm_claims.core.stages import (
    CLOSED_KINDS,
    OPEN_KINDS,
    REPLY_MOVES,
    STANDING_KINDS,
    TRANSITIONS,
    get_nearest_kind,
    get_reply_move,
    is_reopened_by_merge,
)

KINDS = {'new', 'open', 'waiting', 'solved', 'rejected'}


class TestStages(TestCase):
    def test_a_kind_is_open_or_closed(self):
        self.assertEqual(OPEN_KINDS, ('new', 'open', 'waiting'))
        self.assertEqual(CLOSED_KINDS, ('solved', 'rejected'))
        self.assertEqual(set(STANDING_KINDS), {'waiting', 'solved', 'rejected'})

    def test_open_cases_reach_every_kind_but_new_and_closed_ones_only_reopen(self):
        self.assertEqual(TRANSITIONS.keys(), {False, *KINDS})
        self.assertEqual(TRANSITIONS[False], KINDS)
        for source in OPEN_KINDS:
            others = {'open', 'waiting', 'solved', 'rejected'} - {source}
            self.assertEqual(TRANSITIONS[source], others)
        for source in CLOSED_KINDS:
            self.assertEqual(TRANSITIONS[source], {'open'})

    def test_answers_move_only_where_a_case_may_go(self):
        self.assertEqual(REPLY_MOVES, {'waiting': 'open', 'solved': 'open'})
        for source, target in REPLY_MOVES.items():
            self.assertIn(target, TRANSITIONS[source])

    def test_answer_takes_up_what_waits_or_was_solved(self):
        for kind, offered, target in (
            ('waiting', KINDS, 'open'),
            ('solved', KINDS, 'open'),
            ('rejected', KINDS, None),
            ('open', KINDS, None),
            ('new', KINDS, None),
            (False, KINDS, None),
            ('waiting', KINDS - {'open'}, None),
            ('waiting', (), None),
        ):
            with self.subTest(kind=kind, offered=offered):
                self.assertEqual(get_reply_move(kind, offered), target)

    def test_only_what_was_open_reopens_a_survivor_that_is_closed(self):
        for kind, other in product(KINDS, KINDS):
            with self.subTest(kind=kind, other=other):
                expected = kind in CLOSED_KINDS and other in OPEN_KINDS
                self.assertIs(is_reopened_by_merge(kind, ['solved', other]), expected)
        self.assertIs(is_reopened_by_merge('solved', []), False)

    def test_team_without_the_kind_has_the_nearest(self):
        for kind, offered, expected in (
            ('open', ['new', 'open'], 'open'),
            ('open', ['new', 'waiting'], 'waiting'),
            ('open', ['new', 'solved'], 'new'),
            ('new', ['waiting', 'open'], 'open'),
            ('new', ['waiting', 'solved'], 'waiting'),
            ('waiting', ['new', 'open'], 'open'),
            ('waiting', ['new', 'solved'], 'new'),
            ('waiting', ['solved'], None),
            ('solved', ['rejected', 'solved'], 'solved'),
            ('solved', ['new', 'open', 'waiting', 'rejected'], None),
            ('rejected', ['new', 'open', 'waiting', 'solved'], None),
        ):
            with self.subTest(kind=kind, offered=offered):
                self.assertEqual(get_nearest_kind(kind, offered), expected)

    def test_new_case_begins_in_the_first_stage_that_is_open(self):
        for offered, expected in (
            (['solved', 'open', 'new'], 'open'),
            (['new', 'open'], 'new'),
            (['rejected', 'waiting'], 'waiting'),
            (['solved'], None),
            ([], None),
        ):
            with self.subTest(offered=offered):
                self.assertEqual(get_nearest_kind(False, offered), expected)
