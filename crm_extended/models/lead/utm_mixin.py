from odoo import models
from odoo.tools import escape_psql


class UtmMixin(models.AbstractModel):
    """Lets links name core's channels in English where they are called otherwise."""

    _inherit = 'utm.mixin'

    def _find_or_create_record(self, model_name, name):
        if model_name == 'utm.medium':
            channels = self.env[model_name].with_context(active_test=False)
            known = channels.search_count([('name', '=ilike', escape_psql(name.strip()))], limit=1)
            if not known and (channel := channels._find_crm_channel(name)):
                return channel
        return super()._find_or_create_record(model_name, name)
