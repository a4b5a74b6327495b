from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmInteraction(models.Model):
    _inherit = 'crm.interaction'

    kind = fields.Selection(selection_add=[('claim', 'Claim'), ('ticket', 'Ticket')])

    @api.model
    def _get_appearances(self):
        return super()._get_appearances() | {
            'claim': ('fa-exclamation-triangle', 9),
            'ticket': ('fa-life-ring', 2),
        }

    @api.model
    def _get_interaction_queries(self):
        return super()._get_interaction_queries() | {
            10: self._get_case_query(10, 'service.claim', SQL("'claim'")),
            11: self._get_case_query(11, 'service.ticket', SQL("'ticket'")),
            14: self._get_case_form_query(14, 'service.ticket'),
            25: self._get_case_form_query(25, 'service.claim'),
        }

    @api.model
    def _get_case_query(self, number, model_name, kind):
        # the teams of cases are not those of sales
        return self._get_interaction_query(
            number, model_name, kind=kind, date='date_open', team_id=None
        )

    @api.model
    def _get_case_form_query(self, number, model_name):
        was_sent = Domain('crm_capture_form_id', '!=', False)
        return self._get_form_query(number, model_name, was_sent, date='date_open', team_id=None)

    @api.model
    def _get_activity_documents(self):
        return super()._get_activity_documents() | {
            'service.claim': (12, 'partner_id'),
            'service.ticket': (13, 'partner_id'),
        }

    @api.model
    def _get_message_documents(self):
        return super()._get_message_documents() | {
            'service.claim': {'team_id': None},
            'service.ticket': {'team_id': None},
        }
