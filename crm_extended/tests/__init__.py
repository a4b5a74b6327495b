from .cadence import (
    test_crm_cadence,
    test_crm_cadence_answer,
)
from .call import (
    test_call_import,
    test_crm_call,
    test_crm_call_access,
    test_crm_call_batch,
    test_crm_call_company,
    test_crm_call_concurrency,
    test_crm_call_holding,
    test_crm_call_lead,
    test_crm_call_number,
    test_crm_call_places,
    test_crm_call_planning,
    test_crm_call_reminder,
    test_crm_call_time_zone,
    test_digest,
)
from .campaign import (
    test_campaign,
    test_campaign_import,
)
from .capture import (
    test_capture,
    test_capture_card,
    test_capture_card_files,
    test_capture_consent,
    test_capture_fields,
    test_capture_known,
    test_capture_mail,
    test_capture_posts,
    test_capture_rate,
)
from .customer import (
    test_acquisition,
    test_customer_card,
    test_customer_facts,
    test_customer_privacy,
    test_customer_search,
)
from .duplicate import (
    test_duplicate_finding,
    test_duplicate_merge,
    test_duplicate_rights,
)
from .health import (
    test_crm_health,
    test_crm_health_door,
)
from .home import test_home_sales
from .interaction import (
    test_agenda,
    test_crm_attribution,
    test_crm_interaction,
    test_crm_interaction_access,
    test_crm_interaction_messages,
    test_crm_interaction_scale,
)
from .lead import (
    test_create_customer,
    test_crm_target,
    test_crm_lead_convert,
    test_import_template,
    test_lead_arrival,
    test_lead_stale,
    test_next_action,
    test_pipeline_data,
    test_stage_requirement,
)
from .merge import (
    test_crm_lead_merge,
    test_crm_merge_opportunity,
)
from .shared import (
    test_batch,
    test_vocabulary,
)
