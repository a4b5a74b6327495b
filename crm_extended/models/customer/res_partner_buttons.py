from odoo import api, models


class ResPartner(models.Model):
    _inherit = 'res.partner'

    @api.model
    def _get_view(self, view_id=None, view_type='form', **options):
        """Let what is asked for most come first on the card: what is last goes under More."""
        arch, view = super()._get_view(view_id, view_type, **options)
        for box in arch.xpath("//sheet/div[@name='button_box']"):
            for name in reversed(self._get_crm_first_buttons()):
                for button in box.xpath('./button[@name=$name]', name=name)[:1]:
                    box.insert(0, button)
        return arch, view

    @api.model
    def _get_crm_first_buttons(self):
        """Return the names of the buttons that are always in sight; to be extended."""
        return ['action_view_opportunity', 'schedule_meeting', 'action_view_crm_calls']
