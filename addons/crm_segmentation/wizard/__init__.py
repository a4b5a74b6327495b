from . import crm_segment_preview
