from . import (
    service_case_wizard,
    service_case_answer,
    service_case_merge,
    service_case_reject,
    service_claim_pick,
    service_case_snooze,
    service_ticket_split,
)
from . import service_approval_ask, service_approval_refuse
