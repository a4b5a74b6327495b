"""States of contracts that go together."""

# Agreed and not over yet, whether or not its renewal is still to be decided.
RUNNING_STATES = ('open', 'to_renew')
# Not to be billed for days to come.
OVER_STATES = ('closed', 'cancelled')
# What runs, and what ran: billed to the end, and shown to its customer.
BILLABLE_STATES = (*RUNNING_STATES, 'closed')
PORTAL_STATES = BILLABLE_STATES
