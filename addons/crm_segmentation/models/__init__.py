from . import crm_segment, crm_segment_membership, res_partner
