"""The kinds of cases that there are."""

# Their models, in the order in which they are gone through.
CASE_MODELS = ('service.claim', 'service.ticket')
