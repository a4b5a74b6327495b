from . import base_partner_merge, crm_segment, crm_segment_membership, res_partner
