"""The dashboards of the addons: what each one shows is declared, the spreadsheet is made of it."""

from . import contracts, customers, sales, service

DASHBOARDS = {
    'crm_extended/data/dashboards/crm_pipeline': sales.DASHBOARD,
    'crm_claims/data/dashboards/service_after_sales': service.DASHBOARD,
    'crm_contracts/data/dashboards/crm_contract': contracts.DASHBOARD,
    'crm_segmentation/data/dashboards/crm_segment': customers.DASHBOARD,
}
