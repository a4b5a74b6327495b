from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmCounterMixin(models.AbstractModel):
    """Counters of documents, with buttons that open exactly what was counted.

    One domain says what is counted: the number is made of it in the database, the list by the
    action that opens it.
    """

    _name = 'crm.counter.mixin'
    _description = 'Counters that Open what They Count'

    @api.model
    def _get_crm_numbers_sql(self, documents, query, domains):
        """Return, for each of the domains, the SQL of how many documents of a query meet it."""
        return [
            SQL(
                'COUNT(*) FILTER (WHERE %s)',
                Domain(domain).optimize_full(documents)._to_sql(documents, query.table, query),
            )
            for domain in domains
        ]

    @api.model
    def _get_crm_list_action(self, action_xmlid, domain, context=None):
        """Return the window action that lists exactly the documents of a domain.

        :param context: in place of the action's own, of which the filters may hide part of them
        """
        action = self.env['ir.actions.act_window']._for_xml_id(action_xmlid)
        action['domain'] = list(domain)
        if context is not None:
            action['context'] = context
        return action

    @api.model
    def _put_crm_list_first(self, action):
        """Return the action with its list before the views that fold or hide part of it."""
        action['views'] = sorted(action['views'], key=lambda view: view[1] != 'list')
        return action
