from .case import (
    test_case_access,
    test_case_company,
    test_case_company_of_its_time,
    test_case_dates,
    test_case_escalation,
    test_case_history,
    test_case_life,
    test_case_merge,
    test_case_numbering,
    test_case_queries,
    test_case_race,
    test_case_reference,
    test_case_return,
    test_case_stages,
    test_case_unmerge,
    test_rights_matrix,
    test_service_category,
    test_service_views,
)
from .mail import (
    test_mail_answers,
    test_mail_case,
    test_mail_follow_up,
    test_mail_malformed,
    test_mail_queries,
    test_mail_sender,
    test_mail_told,
)
from .sla import (
    test_sla_access,
    test_sla_answers,
    test_sla_clock,
    test_sla_escalation,
    test_sla_merge,
    test_sla_migration,
    test_sla_notice,
    test_sla_policy,
    test_sla_queries,
    test_sla_race,
    test_sla_report,
    test_sla_scale,
    test_sla_states,
    test_sla_working_time,
)
from .team import (
    test_case_team,
    test_service_team,
    test_service_team_assignment,
)
from .claim import (
    test_service_claim_action,
    test_service_claim_line,
    test_service_claim_report,
    test_service_claim_supplier,
)
from .ticket import (
    test_ticket_conversion,
    test_ticket_split,
    test_ticket_waiting,
)
from .desk import (
    test_case_answer,
    test_case_links,
    test_case_next,
    test_case_presence,
    test_case_snooze,
    test_service_macro,
)
from .customer import (
    test_case_approval,
    test_case_own_fields,
    test_case_promises,
    test_case_rating,
    test_case_sharing,
    test_crm_call,
    test_crm_interaction,
    test_partner_counters,
    test_partner_history,
    test_portal_access,
    test_portal_case,
    test_service_form,
    test_service_recurrence,
)
