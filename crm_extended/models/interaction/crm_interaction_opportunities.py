from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmInteraction(models.Model):
    """The opportunities of customers, entered and closed, as a source of interactions."""

    _inherit = 'crm.interaction'

    @api.model
    def _get_interaction_queries(self):
        return super()._get_interaction_queries() | {
            0: self._get_opportunity_query(),
            1: self._get_closed_opportunity_query(),
        }

    @api.model
    def _get_opportunity_query(self):
        return self._get_interaction_query(
            0,
            'crm.lead',
            kind=SQL("'opportunity'"),
            event=SQL("'created'"),
            date='create_date',
        )

    @api.model
    def _get_closed_opportunity_query(self):
        return self._get_interaction_query(
            1,
            'crm.lead',
            Domain('won_status', 'in', ['won', 'lost']) & Domain('date_closed', '!=', False),
            kind=SQL("'opportunity'"),
            event='won_status',
            date='date_closed',
        )
