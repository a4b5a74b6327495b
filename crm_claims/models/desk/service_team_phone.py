from odoo import models


class ServiceTeam(models.Model):
    """A case that is told on the phone is entered while the customer speaks."""

    _inherit = 'service.team'

    def action_enter_phone_ticket(self):
        """Open the short form of a new ticket that is told on the phone."""
        return self._get_phone_form('service.ticket')

    def action_enter_phone_claim(self):
        """Open the short form of a new claim that is told on the phone."""
        return self._get_phone_form('service.claim')

    def _get_phone_form(self, model_name):
        self.ensure_one()
        view = f'crm_claims.{model_name.replace(".", "_")}_view_form_quick_create'
        return {
            'name': self.env._('On the Phone: %(team)s', team=self.display_name),
            'type': 'ir.actions.act_window',
            'res_model': model_name,
            'views': [(self.env.ref(view).id, 'form')],
            'target': 'new',
            'context': {
                'default_team_id': self.id,
                'default_user_id': self.env.uid,
                'default_medium_id': self.env['crm.call']._default_medium_id(),
            },
        }
