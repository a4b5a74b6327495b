# Wing by wing, the lowest first: of two parts of a model the later one is called first.
from . import (
    res_company,
)

# What others are made of, and what acts beneath all wings.
from .agreement import (
    crm_contract_revision_rule_mixin,
    crm_contract_conditions_mixin,
    crm_contract_offered_mixin,
    crm_contract_noted_mixin,
    crm_contract_priced_mixin,
    crm_contract_taxed_mixin,
    crm_contract_line_mixin,
    crm_contract_rate_mixin,
)
from .prices import (
    crm_contract_revised_price_mixin,
)
from .billing import (
    analytic_mixin,
    crm_contract_sold_mixin,
)
from .service import (
    service_case_mixin,
    # Time on tickets is completed beneath what checks the links of analytic items.
    account_analytic_line_case,
)

from .agreement import (
    account_tax,
    res_partner as res_partner_addresses,
    product_product,
    product_template,
    crm_team,
    crm_lead,
    crm_contract,
    crm_contract_line,
    crm_contract_rate,
    crm_contract_tag,
    crm_contract_template,
    crm_contract_template_line,
    crm_contract_template_rate,
    crm_contract_responsible,
    crm_contract_term,
    crm_contract_suspension,
    crm_contract_proposal,
    crm_contract_account,
    crm_contract_origin,
    crm_contract_payment,
    crm_contract_number,
    crm_contract_offer,
    crm_contract_ending,
    crm_contract_notice_given,
    crm_contract_readers,
)
from .prices import (
    crm_contract_index,
    crm_contract_line_price,
    crm_contract_price_revision,
    crm_contract_prices,
    crm_contract_line_prices,
    crm_contract_rate_prices,
    crm_contract_price_tier,
)
from .billing import (
    crm_contract_billing,
    crm_contract_billing_parts,
    crm_contract_billing_unused,
    crm_contract_billing_costs,
    crm_contract_billing_run,
    crm_contract_biller,
    crm_contract_biller_taxes,
    crm_contract_biller_hours,
    crm_contract_biller_items,
    crm_contract_biller_corrections,
    crm_contract_biller_invoices,
    crm_contract_doors,
    crm_contract_biller_refunds,
    crm_contract_dates,
    crm_contract_guards,
    crm_contract_charged_prices,
    crm_contract_unused,
    crm_contract_orders,
    crm_contract_sold,
    sale_order_line,
    sale_order,
    crm_lead_orders,
    crm_contract_charges,
    crm_contract_parking,
    crm_contract_hours,
    crm_contract_pack,
    crm_contract_packs,
    crm_contract_line_plan,
    crm_contract_line_amended,
    crm_contract_ending_billed,
    crm_contract_amendment,
    crm_contract_amendment_line,
    crm_contract_amendment_plan,
    crm_contract_amendment_offer,
    crm_contract_usage,
    crm_contract_metering,
    crm_contract_biller_tiers,
    crm_contract_biller_detail,
    crm_contract_hour_minimum,
    crm_contract_retention,
    crm_contract_advance,
    account_analytic_line_kind,
    account_analytic_line,
    crm_contract_biller_disbursements,
    account_move,
    account_move_line,
    account_move_failures,
    crm_contract_references,
    account_move_send,
)
from .figures import (
    account_analytic_line as account_analytic_line_contracts,
    crm_contract_results,
    crm_contract_amounts,
    crm_contract_due,
    crm_contract_forecast,
    crm_contract_forecast_deductions,
    crm_contract_deferral,
    crm_contract_deferral_charges,
    account_move_deferral,
    crm_contract_mrr,
    crm_contract_amendment_mrr,
    crm_contract_ending_mrr,
)
from .watch import (
    crm_contract_renewals,
    crm_contract_notice,
    crm_contract_digest,
    crm_contract_prepaid_alert,
    crm_contract_overdue,
)
from .service import (
    project_task,
    service_claimed_mixin,
    service_claim_line,
    service_claim_credit,
    service_claim_asking,
    account_move_claim,
    sale_order_claim,
    service_case_portal_form,
    service_sla_policy,
    service_team,
    service_case_time,
    service_timer,
    service_case_timer,
    service_ticket,
    crm_contract_service,
)
from .faces import (
    account_move_attachments,
    account_analytic_account,
    crm_interaction,
    res_partner,
    utm_campaign,
    crm_contract_documents,
    crm_contract_document,
    crm_contract_statement,
    crm_contract_portal,
    crm_contract_offering,
    crm_contract_answer,
    crm_contract_notice_taken,
)

# What all else that is written passes through: notes, the table of reactions, states.
from .agreement import (
    crm_contract_notes,
    crm_contract_reactions,
    crm_contract_states,
)
from . import (
    res_config_settings,
)
