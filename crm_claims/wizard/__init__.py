from . import (
    service_case_wizard,
    service_case_answer,
    service_case_merge,
    service_case_reject,
    service_claim_pick,
    service_ticket_split,
)
