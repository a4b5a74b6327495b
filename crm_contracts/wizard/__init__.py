from . import (
    account_move_reversal,
    crm_contract_crediting_mixin,
    crm_contract_closing,
    crm_contract_deferring,
    crm_contract_forecast,
    crm_contract_invoicing,
    crm_contract_noticing,
    crm_contract_revising,  # before the renewal that inherits it
    crm_contract_renewal,
    crm_contract_statement,
    crm_contract_suspending,
    crm_contract_top_up,
)
