# In the order in which the parts of a model override each other: the later one comes first.
from . import (
    res_company,
)
from .billing import (
    analytic_mixin,
)
from .prices import (
    crm_contract_revision_rule_mixin,
    crm_contract_revised_price_mixin,
)
from .agreement import (
    crm_contract_conditions_mixin,
    crm_contract_noted_mixin,
    crm_contract_priced_mixin,
    crm_contract_line_mixin,
    crm_contract_rate_mixin,
)
from .service import (
    service_case_mixin,
)
from .agreement import (
    crm_contract,
    crm_contract_line,
)
from .billing import (
    crm_contract_billing,
)
from .faces import (
    account_analytic_account,
)
from .billing import (
    account_move,
    account_move_line,
)
from .agreement import (
    account_tax,
)
from .prices import (
    crm_contract_index,
)
from .agreement import (
    crm_contract_template,
    crm_contract_template_line,
    crm_contract_template_rate,
    crm_contract_rate,
)
from .prices import (
    crm_contract_line_price,
)
from .billing import (
    crm_contract_billing_run,
)
from .agreement import (
    crm_contract_term,
)
from .prices import (
    crm_contract_price_revision,
)
from .figures import (
    crm_contract_mrr_movement,
)
from .agreement import (
    crm_contract_suspension,
    crm_contract_tag,
)
from .faces import (
    crm_interaction,
)
from .agreement import (
    product_product,
)
from .service import (
    project_task,
)
from . import (
    res_config_settings,
)
from .faces import (
    res_partner,
)
from .service import (
    service_claim_line,
    service_sla_policy,
    service_team,
)
from .faces import (
    utm_campaign,
)
from .service import (
    account_analytic_line_ticket,
)
from .billing import (
    account_analytic_line_kind,
)
from .figures import (
    crm_contract_results,
)
from .faces import (
    crm_contract_documents,
)
from .prices import (
    crm_contract_prices,
)
from .agreement import (
    crm_contract_responsible,
    crm_contract_terms,
    crm_contract_suspensions,
)
from .faces import (
    crm_contract_statement,
)
from .service import (
    crm_contract_service,
)
from .figures import (
    crm_contract_amounts,
)
from .billing import (
    crm_contract_biller,
    crm_contract_biller_hours,
    crm_contract_biller_items,
    crm_contract_biller_orders,
    crm_contract_biller_invoices,
    crm_contract_biller_unused,
    crm_contract_doors,
    crm_contract_guards,
    crm_contract_charged_prices,
)
from .watch import (
    crm_contract_renewals,
)
from .figures import (
    crm_contract_mrr,
)
from .billing import (
    crm_contract_unused,
)
from .agreement import (
    crm_contract_proposal,
    analytic_account_over,
    crm_contract_account,
    crm_contract_number,
)
from .billing import (
    crm_contract_orders,
    crm_contract_parking,
    crm_contract_hours,
)
from .watch import (
    crm_contract_notice,
    crm_contract_prepaid_alert,
    crm_contract_digest,
)
from .agreement import (
    crm_contract_readers,
)
from .faces import (
    crm_contract_portal,
)
from .agreement import (
    crm_contract_notes,
)
from .billing import (
    crm_contract_billing_parts,
)
from .prices import (
    crm_contract_line_prices,
    crm_contract_rate_prices,
)
from .billing import (
    crm_contract_line_plan,
)
from .service import (
    service_ticket_time,
)
from .billing import (
    account_analytic_line,
    crm_contract_billing_unused,
)
from .watch import (
    account_analytic_line_alert,
)
from .service import (
    service_ticket,
)
from .agreement import (
    crm_contract_reactions,
    crm_contract_states,
)
