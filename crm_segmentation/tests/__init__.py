from .segment import (
    test_segment_access,
    test_segment_criteria,
    test_segment_definer,
    test_segment_family,
    test_segment_file,
    test_segment_import,
    test_segment_rights_matrix,
    test_segment_suppression,
    test_segment_template,
)
from .measure import (
    test_segment_aggregates,
    test_segment_groups,
    test_segment_mail_metrics,
    test_segment_cut,
    test_segment_metric,
    test_segment_rank,
    test_segment_rules,
    test_segment_sentence,
)
from .membership import (
    test_segment_apply,
    test_segment_effects,
    test_segment_mailing,
    test_segment_mailing_changes,
    test_segment_tags,
)
from .refresh import (
    test_crm_health,
    test_segment_alert,
    test_segment_changed,
    test_segment_concurrency,
    test_segment_cron,
    test_segment_draft,
    test_segment_export,
    test_segment_incremental,
    test_segment_race,
    test_segment_slices,
    test_segment_sources,
    test_segment_speed,
)
from .answers import (
    test_segment_documents,
    test_segment_explain,
    test_segment_explain_groups,
    test_segment_hand,
    test_segment_live_preview,
    test_segment_movement,
    test_segment_overlap,
    test_segment_partner,
    test_segment_preview,
    test_segment_recipients,
)
