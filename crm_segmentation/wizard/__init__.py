from . import (
    base_partner_merge,
    crm_segment_explanation,
    crm_segment_explanation_line,
    crm_segment_hand,
    crm_segment_import,
    crm_segment_import_line,
    crm_segment_overlap,
    crm_segment_preview,
    crm_segment_split,
)
