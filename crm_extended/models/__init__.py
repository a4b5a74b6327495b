# In the order in which the parts of a model override each other: the later one comes first.
from .shared import (
    crm_linked_mixin,
    crm_program_mixin,
    crm_import_mixin,
    base_import,
    crm_author_mixin,
    crm_customer_document_mixin,
    crm_audience_mixin,
    crm_commercial_partner_mixin,
    crm_turn_mixin,
    crm_batch_mixin,
    crm_counter_mixin,
    crm_find_mixin,
    crm_call_number_mixin,
    crm_caller_mixin,
)
from .capture import (
    crm_capture_known,
)
from .call import (
    crm_call,
    crm_phone_line,
    crm_phone_extension,
    res_company,
    res_config_settings,
    ir_http,
)
from .interaction import (
    crm_interaction,
)
from .call import (
    crm_call_outcome,
    crm_call_attempt,
)
from .capture import (
    crm_capture_form,
    crm_capture_utm,
    crm_capture_reading,
    crm_capture_files,
    crm_capture_rate,
    crm_capture_lead,
    crm_capture_field,
    crm_capture_suspect,
    crm_capture_consent,
    crm_capture_asking,
    crm_capture_page,
    crm_lead_capture,
    crm_capture_post,
    crm_capture_window,
)
from .call import (
    calendar_event,
)
from .lead import (
    crm_tag,
    utm_medium,
    utm_mixin,
)
from .call import (
    mail_activity,
)
from .capture import (
    mail_thread,
)
from .call import (
    res_users,
)
from .interaction import (
    calendar_attendee,
)
from .merge import (
    crm_merge_snapshot,
    crm_merge_mixin,
    crm_merge_source_mixin,
    crm_lead_merge,
    crm_lead_merge_source,
)
from .duplicate import (
    crm_duplicate,
    crm_duplicate_contact,
    crm_duplicate_merge,
)
from .campaign import (
    crm_campaign_type,
    utm_campaign,
)
from .lead import (
    crm_stage,
    crm_stage_requirement,
    crm_team,
)
from .call import (
    crm_call_reminder,
    crm_call_planning,
    crm_call_holding,
    crm_call_follow_up,
    crm_call_attempts,
    crm_call_phone,
)
from .interaction import (
    crm_interaction_rights,
    crm_interaction_agenda,
    crm_interaction_meetings,
    crm_interaction_opportunities,
    crm_interaction_activities,
    crm_interaction_messages,
    mail_thread_machine,
    crm_visit,
    crm_interaction_visits,
    res_company_visit,
)
from .merge import (
    crm_lead_merging,
)
from .lead import (
    crm_lead_requirements,
)
from .capture import (
    crm_lead_known,
    crm_interaction_forms,
)
from .customer import (
    crm_lead_acquisition,
    res_partner_search,
    res_partner_acquisition,
)
from .lead import (
    crm_lead,
    crm_team_arrival,
    crm_lead_arrival,
    crm_lead_stale,
    crm_target,
    crm_lead_caller,
    crm_lead_customer,
    res_partner_company,
)
from .customer import (
    res_partner,
    res_partner_facts,
    res_partner_buttons,
    res_partner_known,
    res_partner_privacy,
    res_partner_phone,
    crm_call_card,
)
from .duplicate import (
    crm_duplicate_finding,
    res_partner_merging,
    res_partner_similar,
)
from .call import (
    crm_call_states,
    digest_digest,
)
from .cadence import (
    crm_cadence,
    crm_cadence_step,
    crm_cadence_run,
    crm_cadence_run_end,
    crm_cadence_document_mixin,
    mail_thread_cadence,
    crm_call_cadence,
    crm_lead_cadence,
    res_partner_cadence,
)
from .home import (
    crm_home,
    crm_home_sales,
    crm_home_calls,
    crm_home_meetings,
    crm_home_leads,
    crm_home_target,
)
from .health import (
    crm_health,
    crm_health_line,
    crm_health_jobs,
    crm_health_mails,
    crm_health_queues,
    crm_health_server,
    crm_health_door,
    res_config_settings_health,
)
