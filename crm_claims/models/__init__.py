# In the order in which the parts of a model override each other: the later one comes first.
from .case import (
    res_company,
    service_autonumber_mixin,
    service_reference_mixin,
    service_case_mixin,
    service_case_row_mixin,
)
from .customer import (
    service_case_rating,
    service_case_portal,
)
from .mail import (
    service_case_mail,
    service_case_notices,
    service_case_forward,
)
from .case import (
    service_case_merge,
    service_case_unmerge,
    service_case_escalation,
    service_case_dates,
    service_case_return,
    service_case_stage,
    service_case_people,
    service_case_reopening,
)
from .mail import (
    service_case_colleague,
    service_case_conversation,
    service_case_followers,
    service_case_follow_up,
    service_case_spam,
)
from .sla import (
    service_case_answers,
    service_case_covered,
    service_case_promises,
    service_case_sla,
    service_case_customer_waiting,
    service_case_spoken,
    service_case_hours,
    service_case_sentence,
)
from .desk import (
    service_case_presence,
    service_case_answer,
    service_case_merge_notice,
    service_case_next,
    service_case_snooze,
)
from .customer import (
    base,
    service_case_properties,
    service_case_portal_form,
    service_case_web_form,
    service_case_sharing,
    service_case_privacy,
    service_case_portal_promises,
    service_case_recurrence,
    service_case_approval,
    service_case_calls,
)
from .sla import (
    service_sla_clock,
)
from .claim import (
    service_claim,
)
from .team import (
    service_team,
)
from .ticket import (
    service_ticket,
)
from .customer import (
    service_recurrence,
    service_claim_approval,
    mail_activity,
    crm_capture_form,
    crm_call,
    crm_interaction,
    crm_lead,
)
from .mail import (
    mail_thread,
    mail_thread_sender,
    mail_thread_forward,
    mail_thread_route,
    mail_thread_follow_up,
    service_mail,
    service_mail_block,
)
from .customer import (
    res_partner,
    res_partner_facts,
    res_partner_privacy,
)
from .sla import (
    resource_calendar,
    service_sla_policy,
)
from .case import (
    res_users,
    service_category,
    service_team_succession,
)
from .claim import (
    service_claim_action,
    service_claim_cause,
    service_claim_line,
    service_claim_type,
)
from .case import (
    service_case_merging,
    service_stage,
    service_tag,
)
from .team import (
    service_team_capacity,
)
from .mail import (
    service_team_alias,
)
from .claim import (
    ir_actions,
    service_claim_document,
    service_claim_claimed,
    service_claim_items,
    service_claim_outcome,
    service_claim_stock,
    service_claim_supplier,
    service_claim_amount,
)
from .customer import (
    service_claim_granting,
)
from .sla import (
    service_sla_notice,
)
from .ticket import (
    service_team_waiting,
)
from .customer import (
    service_category_customer,
    service_team_customer,
    service_team_rating,
)
from .mail import (
    service_team_mail,
    service_team_followers,
    service_team_grace,
)
from .team import (
    service_team_dashboard,
    service_team_assignment,
)
from .sla import (
    service_team_customer_waiting,
)
from .ticket import (
    service_ticket_waiting,
    service_ticket_split,
    service_ticket_conversion,
)
from .desk import (
    crm_health,
    crm_home_agent,
    crm_home_activities,
    crm_home_satisfaction,
    ir_websocket,
    mail_compose_message,
    service_case_links,
    service_macro,
    service_team_next,
    service_team_phone,
)
from .customer import (
    service_ticket_privacy,
    service_ticket_rating,
    digest_digest,
)
