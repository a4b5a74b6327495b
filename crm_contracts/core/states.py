"""States of contracts: which may follow which, and which of them go together."""

from __future__ import annotations

from collections.abc import Mapping, Set

# Which state may follow which.
CONTRACT_TRANSITIONS: Mapping[str, Set[str]] = {
    'draft': {'offered', 'open', 'cancelled'},
    'offered': {'draft', 'open', 'cancelled'},
    'open': {'to_renew', 'closed', 'cancelled'},
    'to_renew': {'open', 'closed', 'cancelled'},
    'closed': {'open'},
    'cancelled': set(),
}

# Not agreed yet: nothing is due, and it counts nowhere.
PLANNED_STATES = ('draft', 'offered')
# Agreed and not over yet, whether or not its renewal is still to be decided.
RUNNING_STATES = ('open', 'to_renew')
# Not to be billed for days to come.
OVER_STATES = ('closed', 'cancelled')
# What runs is billed, and what ran is billed to the end.
BILLABLE_STATES = (*RUNNING_STATES, 'closed')
# What is offered to a customer or was agreed with it is shown to it, also when it is over; a draft
# is ours alone, and what was called off is none of its business.
PORTAL_STATES = ('offered', 'open', 'to_renew', 'closed')
