from unittest import TestCase

from crm_contracts.core.states import (
    BILLABLE_STATES,
    CONTRACT_TRANSITIONS,
    OVER_STATES,
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
    def test_every_state_can_be_reached_and_what_is_over_stays_over(self):
        self.assertEqual(get_reachable('draft'), CONTRACT_TRANSITIONS.keys() - {'draft'})
        for state in OVER_STATES:
            self.assertFalse(CONTRACT_TRANSITIONS[state])

    def test_what_runs_may_be_renewed_again_and_again(self):
        for state in RUNNING_STATES:
            self.assertIn(state, get_reachable(state))
            self.assertLess(set(OVER_STATES), CONTRACT_TRANSITIONS[state])

    def test_nothing_moves_to_itself_and_nobody_closes_a_draft(self):
        for state, targets in CONTRACT_TRANSITIONS.items():
            self.assertNotIn(state, targets)
        self.assertEqual(CONTRACT_TRANSITIONS['draft'], {'open', 'cancelled'})

    def test_what_ran_is_billed_and_shown_and_what_was_called_off_is_not(self):
        for states in (BILLABLE_STATES, PORTAL_STATES):
            self.assertEqual(set(states), {'open', 'to_renew', 'closed'})
        self.assertEqual(set(RUNNING_STATES), {'open', 'to_renew'})
        self.assertEqual(set(OVER_STATES), {'closed', 'cancelled'})
