from . import (
    account_analytic_account,
    crm_contract_analytic_mixin,  # mixins before the model that inherits them
    crm_contract_number_mixin,
    crm_contract_renewal_mixin,
    crm_contract_template,
    crm_contract,
    crm_contract_term,
    crm_interaction,
    project_task,
    res_company,
    res_config_settings,
    res_partner,
    service_claim_line,
    service_team,
    service_ticket,
    utm_campaign,
)
