"""One module per addon, and one for what all of them tell; each lists its cases in ``CASES``."""

from . import crm_claims, crm_contracts, crm_extended, crm_interactions, crm_segmentation

CASES = [
    *crm_extended.CASES,
    *crm_interactions.CASES,
    *crm_contracts.CASES,
    *crm_segmentation.CASES,
    *crm_claims.CASES,
]
