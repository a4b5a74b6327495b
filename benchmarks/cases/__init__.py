"""One module per addon or a subject of one; each lists its cases in ``CASES``."""

from . import (
    crm_claims,
    crm_contracts,
    crm_extended,
    crm_interactions,
    crm_segment_rules,
    crm_segmentation,
)

CASES = [
    *crm_extended.CASES,
    *crm_interactions.CASES,
    *crm_contracts.CASES,
    *crm_segmentation.CASES,
    *crm_segment_rules.CASES,
    *crm_claims.CASES,
]
