from odoo import api, fields, models
from odoo.tools import SQL


class CrmInteraction(models.Model):
    """Which of their documents customers opened in the portal, as a source of interactions."""

    _inherit = 'crm.interaction'
    _depends = {
        'crm.visit': ['commercial_partner_id', 'date', 'partner_id', 'res_id', 'res_model'],
    }

    kind = fields.Selection(selection_add=[('visit', 'Portal Visit')])

    @api.model
    def _get_appearances(self):
        return super()._get_appearances() | {'visit': ('fa-eye', 0)}

    @api.model
    def _get_interaction_queries(self):
        return super()._get_interaction_queries() | {9: self._get_visit_query()}

    @api.model
    def _get_visited_models(self):
        """Return the models whose visits are told: those of customers that the portal shows."""
        portal = self.env.registry['portal.mixin']
        documents = self._get_message_documents()
        return [name for name in documents if isinstance(self.env[name], portal)]

    @api.model
    def _get_visit_query(self):
        """Return the SQL of the visits to all the documents, None if there are none."""
        columns = self._get_message_documents()
        queries = [
            query
            for model_name in self._get_visited_models()
            if (query := self._get_visits_to(model_name, columns[model_name]))
        ]
        return SQL(' UNION ALL ').join(queries) if queries else None

    @api.model
    def _get_visits_to(self, model_name, columns):
        identifier = SQL.identifier(self.env[model_name]._table, 'id')
        is_of = SQL('visit.res_model = %s AND visit.res_id = %s', model_name, identifier)
        return self._get_interaction_query(
            9,
            model_name,
            joins=[('visit', 'crm_visit', is_of)],
            **{
                **columns,
                'kind': SQL("'visit'"),
                'name': self.env[model_name]._rec_name,
                'date': SQL('visit.date'),
                'duration': None,
                'medium_id': None,
                'partner_id': SQL('visit.partner_id'),
                'commercial_partner_id': SQL('visit.commercial_partner_id'),
                'origin_id': SQL('visit.id'),
            },
        )
