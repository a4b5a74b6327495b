from unittest import TestCase

from crm_contracts.core.states import (
    BILLABLE_STATES,
    CONTRACT_TRANSITIONS,
    OVER_STATES,
    PLANNED_STATES,
    PORTAL_STATES,
    RUNNING_STATES,
)


def get_reachable(state):
    reached, todo = set(), [state]
    while todo:
        new = CONTRACT_TRANSITIONS[todo.pop()] - reached
        reached |= new
        todo += new
    return reached


class TestStates(TestCase):
    def test_every_state_can_be_reached_and_only_what_was_closed_comes_back(self):
        self.assertEqual(get_reachable('draft'), CONTRACT_TRANSITIONS.keys())
        self.assertEqual(get_reachable('open'), {'open', 'to_renew', 'closed', 'cancelled'})
        self.assertEqual(CONTRACT_TRANSITIONS['closed'], {'open'})
        self.assertFalse(CONTRACT_TRANSITIONS['cancelled'])

    def test_what_runs_may_be_renewed_again_and_again(self):
        for state in RUNNING_STATES:
            self.assertIn(state, get_reachable(state))
            self.assertLess(set(OVER_STATES), CONTRACT_TRANSITIONS[state])

    def test_nothing_moves_to_itself_and_nobody_closes_what_was_not_agreed(self):
        for state, targets in CONTRACT_TRANSITIONS.items():
            self.assertNotIn(state, targets)
        self.assertEqual(CONTRACT_TRANSITIONS['draft'], {'offered', 'open', 'cancelled'})

    def test_an_offer_is_taken_or_taken_back_or_called_off(self):
        self.assertEqual(CONTRACT_TRANSITIONS['offered'], {'draft', 'open', 'cancelled'})
        for state in CONTRACT_TRANSITIONS.keys() - {'draft'}:
            self.assertNotIn('offered', CONTRACT_TRANSITIONS[state])

    def test_what_ran_is_billed_and_shown_and_what_was_called_off_is_not(self):
        self.assertEqual(set(BILLABLE_STATES), {'open', 'to_renew', 'closed'})
        self.assertEqual(set(PORTAL_STATES), {'offered', 'open', 'to_renew', 'closed'})
        self.assertEqual(set(PLANNED_STATES), {'draft', 'offered'})
        self.assertEqual(set(RUNNING_STATES), {'open', 'to_renew'})
        self.assertEqual(set(OVER_STATES), {'closed', 'cancelled'})
