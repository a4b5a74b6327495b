from . import crm_campaign_report, crm_contract_renewal_report, crm_contract_report
