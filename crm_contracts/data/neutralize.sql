-- what is billed by hand in the copy stays a draft, and is sent to nobody
UPDATE crm_contract
   SET invoice_auto_post = false, invoice_auto_send = false;
UPDATE crm_contract_template
   SET invoice_auto_post = false, invoice_auto_send = false;
UPDATE account_move
   SET sending_data = NULL
 WHERE sending_data IS NOT NULL;
