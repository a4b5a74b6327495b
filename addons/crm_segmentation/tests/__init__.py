from . import (
    test_segment_access,
    test_segment_apply,
    test_segment_criteria,
    test_segment_cron,
    test_segment_effects,
    test_segment_family,
    test_segment_partner,
    test_segment_preview,
    test_segment_speed,
    test_segment_tags,
)
