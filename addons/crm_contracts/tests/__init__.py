from . import (
    test_campaign_cost,
    test_contract_access,
    test_contract_cron,
    test_contract_figures,
    test_contract_life,
    test_contract_partner,
    test_contract_renewal,
    test_contract_speed,
    test_contract_template,
    test_crm_interaction,
    test_ticket_task,
)
