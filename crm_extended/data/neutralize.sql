-- nobody outside reaches the copy by an address that the original gave away
UPDATE crm_phone_line
   SET active = false, token = 'neutralized ' || gen_random_uuid();
UPDATE crm_capture_form
   SET active = false, token = 'neutralized ' || gen_random_uuid();
UPDATE crm_capture_consent
   SET token = 'neutralized ' || gen_random_uuid();
DELETE FROM ir_config_parameter
      WHERE key = 'crm_extended.health_token';

-- a click on a number calls no customer through the exchange
UPDATE res_company
   SET crm_dial_address = NULL;

-- no mail makes leads of the copy, also where a mail server hands it over by itself
UPDATE mail_alias
   SET alias_name = NULL, alias_full_name = NULL
 WHERE id IN (SELECT alias_id FROM crm_team);
