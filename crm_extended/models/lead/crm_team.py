from odoo import models


class CrmTeam(models.Model):
    _inherit = 'crm.team'

    def _action_assign_leads(self, *args, **kwargs):
        """Assign leads whatever the first stage requires: a run must not stop at one of them."""
        team = self.with_context(crm_skip_stage_requirements=True)
        return super(CrmTeam, team)._action_assign_leads(*args, **kwargs)
