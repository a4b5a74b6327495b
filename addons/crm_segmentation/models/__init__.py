from . import (
    crm_segment_effect_mixin,
    crm_segment_family_mixin,
    crm_segment_refresh_mixin,
    crm_segment,
    crm_segment_group,
    crm_segment_membership,
    crm_segment_size,
    res_partner,
)
