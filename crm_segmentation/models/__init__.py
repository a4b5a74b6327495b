# In the order in which the parts of a model override each other: the later one comes first.
from .segment import (
    crm_segment,
)
from .membership import (
    crm_segment_membership,
)
from .measure import (
    crm_segment_metric,
    crm_segment_rule,
)
from .segment import (
    crm_segment_group,
)
from .membership import (
    crm_segment_size,
)
from .segment import (
    crm_segment_template,
    crm_segment_template_line,
    res_partner_own,
)
from .answers import (
    res_partner,
    res_partner_facts,
    res_partner_known,
    crm_segment_shown,
    crm_customer_document_mixin,
    crm_audience_mixin,
    crm_segment_audience,
    utm_campaign,
)
from .membership import (
    crm_segment_effects,
    crm_segment_subscriptions,
    crm_segment_mailing,
)
from .refresh import (
    crm_segment_refresh,
)
from .answers import (
    crm_segment_preview,
    crm_segment_members,
    crm_segment_snapshot,
    crm_segment_split,
    crm_segment_movement,
    crm_segment_recipients,
    utm_source_mixin,
    ir_model_access,
)
from .refresh import (
    crm_segment_incremental,
)
from .segment import (
    crm_segment_asked,
    crm_segment_family,
    crm_segment_suppression,
)
from .answers import (
    crm_segment_explain,
)
from .segment import (
    crm_segment_criteria,
)
from .refresh import (
    crm_health,
    crm_segment_changed,
    crm_segment_draft,
    crm_segment_alert,
    crm_segment_export,
)
from .membership import (
    crm_segment_difference,
)
from .measure import (
    crm_segment_measured,
    crm_segment_metric_link,
    crm_segment_metric_value,
    crm_segment_metric_sql,
    crm_segment_rule_sql,
    crm_segment_rule_group,
    crm_segment_cut,
)
from .membership import (
    crm_segment_tags,
)
