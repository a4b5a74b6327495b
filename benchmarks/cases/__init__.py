"""One module per addon; each lists its cases in ``CASES``."""

from . import crm_claims, crm_contracts, crm_extended, crm_segmentation

CASES = [
    *crm_extended.CASES,
    *crm_contracts.CASES,
    *crm_segmentation.CASES,
    *crm_claims.CASES,
]
