from . import base_partner_merge
from . import crm_segment_preview
