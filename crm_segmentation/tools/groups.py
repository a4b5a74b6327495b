"""Groups of people that this addon speaks of without needing their app."""

# Nobody has this group without Email Marketing, so what is for it is out of sight without it.
MAILING_USERS = 'mass_mailing.group_mass_mailing_user'
# Whoever makes segments, metrics and groups; sales managers are among them.
DEFINERS = 'crm_segmentation.crm_segmentation_group_definer'
