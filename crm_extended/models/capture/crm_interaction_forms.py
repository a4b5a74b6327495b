from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmInteraction(models.Model):
    """What customers sent from forms of the website, as a source of interactions.

    The channel is told by what the form made: it is no second contact by it.
    """

    _inherit = 'crm.interaction'
    _depends = {'crm.lead': ['crm_capture_reference']}

    kind = fields.Selection(selection_add=[('form', 'Website Form')])

    @api.model
    def _get_appearances(self):
        return super()._get_appearances() | {'form': ('fa-globe', 8)}

    @api.model
    def _get_interaction_queries(self):
        was_sent = Domain('crm_capture_reference', '!=', False)
        return super()._get_interaction_queries() | {
            24: self._get_form_query(24, 'crm.lead', was_sent, date='create_date'),
        }

    @api.model
    def _get_form_query(self, number, model_name, domain, **columns):
        """Return the SQL of what a form made: documents of a model and domain."""
        return self._get_interaction_query(
            number,
            model_name,
            domain,
            kind=SQL("'form'"),
            event=SQL("'received'"),
            medium_id=None,
            **columns,
        )
