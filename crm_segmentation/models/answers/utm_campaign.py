from odoo import models


class UtmCampaign(models.Model):
    """A campaign is for the members of segments."""

    _inherit = 'utm.campaign'

    def action_view_crm_audience(self):
        """Open the contacts that the campaign is for now."""
        self.ensure_one()
        return self.crm_segment_ids._get_members_action(
            self.display_name, self._get_crm_audience_domain(('', 'commercial_partner_id'))
        )
