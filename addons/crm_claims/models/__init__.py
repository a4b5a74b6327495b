from . import (
    res_company,
    res_partner,
    service_autonumber_mixin,
    service_case_mixin,
    service_category,
    service_claim,
    service_claim_cause,
    service_claim_type,
    service_stage,
    service_tag,
    service_team,
    service_ticket,
)
