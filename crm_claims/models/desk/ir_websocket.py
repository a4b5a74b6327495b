import re

from odoo import api, models

from .service_case_presence import SUBCHANNEL

CHANNEL = re.compile(r'crm_claims\.presence:(service\.\w+):(\d{1,9})')


class IrWebsocket(models.AbstractModel):
    """Who has a case open hears who else has it, if he may read it."""

    _inherit = 'ir.websocket'

    def _build_bus_channel_list(self, channels):
        others, cases = self._split_presence(channels)
        return super()._build_bus_channel_list([*others, *((case, SUBCHANNEL) for case in cases)])

    @api.model
    def _split_presence(self, channels):
        """Return the other channels, and the cases whose channels the user may listen to."""
        others, cases = [], []
        for channel in channels:
            asked = CHANNEL.fullmatch(channel) if isinstance(channel, str) else None
            if asked:
                cases.extend(self._get_presence_case(*asked.groups()))
            else:
                others.append(channel)
        return others, cases

    @api.model
    def _get_presence_case(self, model_name, case_id):
        """Return the case if the user may hear of who has it open, else nothing."""
        is_case = self.env['mail.thread']._is_case_model(model_name)
        if not (is_case and self.env.user._is_internal()):
            return ()
        return self.env[model_name].browse(int(case_id)).exists()._filtered_access('read')
