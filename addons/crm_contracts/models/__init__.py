from . import (
    crm_contract_renewal_mixin,  # before the model that inherits it
    crm_contract_template,
    crm_contract,
    crm_contract_term,
    res_company,
    res_config_settings,
    res_partner,
)
