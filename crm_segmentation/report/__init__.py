from . import crm_segment_report
