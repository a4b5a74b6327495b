from . import crm_contract_renewal
