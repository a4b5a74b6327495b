from . import crm_segment_family_mixin
from . import crm_segment
from . import crm_segment_group
from . import crm_segment_membership
from . import res_partner
