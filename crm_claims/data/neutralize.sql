-- no mail reaches the teams, also where a mail server hands it over by itself
UPDATE mail_alias
   SET alias_name = NULL, alias_full_name = NULL
 WHERE id IN (SELECT alias_id FROM service_team_alias);
