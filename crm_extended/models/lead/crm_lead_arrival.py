from odoo import api, models


class CrmLead(models.Model):
    """What comes in without a salesperson is given to one, where its team wants it."""

    _inherit = 'crm.lead'

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if 'import_file' not in self.env.context:
            leads._assign_at_arrival()
        return leads

    def _assign_at_arrival(self):
        # sudo: who writes from outside need not see the team, nor whose turn it is
        waiting_sudo = self.sudo().filtered(
            lambda lead: lead.active and not lead.user_id and lead.team_id.crm_arrival == 'turn'
        )
        for team, leads in waiting_sudo.grouped('team_id').items():
            for user, taken in _group_by_user(team._get_whose_turn(leads)).items():
                taken.user_id = user


def _group_by_user(users):
    """Return {user: leads} from {lead: user}."""
    leads = {}
    for lead, user in users.items():
        leads[user] = leads.get(user, lead.browse()) | lead
    return leads
