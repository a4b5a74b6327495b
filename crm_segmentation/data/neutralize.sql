-- actions on entering and leaving may call other systems
UPDATE crm_segment
   SET enter_action_id = NULL, leave_action_id = NULL;
