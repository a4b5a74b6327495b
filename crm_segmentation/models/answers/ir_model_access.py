from odoo import api, models
from odoo.tools import ormcache

from ...tools.groups import MAILING_USERS

READ_TO_MAIL = frozenset(
    {
        'crm.segment',
        'crm.segment.group',
        'crm.segment.membership',
        'crm.segment.metric',
        'crm.segment.rule',
        'crm.segment.size',
    }
)
# Whoever sends mailings sees before who would get them; the dialogue is their own.
FILLED_IN_TO_MAIL = frozenset({'crm.segment.preview'})


class IrModelAccess(models.Model):
    """Who sends mailings reads and previews the segments that they are sent to.

    No access right can name a group that is not there without Email Marketing. Rules of records
    hold as for everybody.
    """

    _inherit = 'ir.model.access'

    @api.model
    @ormcache('self.env.uid', 'mode')
    def _get_allowed_models(self, mode='read'):
        allowed = super()._get_allowed_models(mode)
        if not self.env.user.has_group(MAILING_USERS):
            return allowed
        return allowed | FILLED_IN_TO_MAIL | (READ_TO_MAIL if mode == 'read' else frozenset())
