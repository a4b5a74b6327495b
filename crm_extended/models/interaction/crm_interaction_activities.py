from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmInteraction(models.Model):
    """The activities of customers, planned and done, as a source of interactions.

    An activity is readable if it is the user's own or if its document is: the same rule as
    ``mail.activity`` has, said in SQL, because the model itself applies it row by row.
    """

    _inherit = 'crm.interaction'

    @api.model
    def _get_activity_documents(self):
        """Declare on which documents activities are contacts with a customer.

        Upper addons extend the mapping with a branch number of their own.

        :return: {model: (number of the branch, the model's field with the customer)}
        """
        return {
            'res.partner': (4, 'id'),
            'crm.lead': (5, 'partner_id'),
            'crm.call': (6, 'partner_id'),
        }

    @api.model
    def _get_activity_queries(self):
        return {
            number: self._get_activity_query(number, model_name, partner_field)
            for model_name, (number, partner_field) in self._get_activity_documents().items()
        }

    @api.model
    def _get_activity_query(self, number, model_name, partner_field):
        activities = self.env['mail.activity'].with_context(active_test=False)
        if not self._is_wanted(number) or not activities.has_access('read'):
            return None
        domain = Domain('res_model', '=', model_name)
        if not self.env.su:
            domain &= self.env['ir.rule']._compute_domain('mail.activity', 'read')
        query = activities._search(domain, bypass_access=True)
        documents = self.env[model_name].with_context(active_test=False)
        query.add_join(
            'JOIN',
            'document',
            documents._table,
            SQL('document.id = mail_activity.res_id'),
        )
        query.add_where(self._get_activity_access(documents, query))
        columns = self._get_activity_columns(documents, query, partner_field)
        columns['commercial_partner_id'] = self._get_commercial_partner(
            documents, 'document', query, columns['partner_id']
        )
        for exclusion in self._get_activity_exclusions(documents, columns['partner_id']):
            query.add_where(exclusion)
        return self._select_interactions(number, activities, query, columns)

    @api.model
    def _get_activity_access(self, documents, query):
        if self.env.su:
            return SQL('TRUE')
        own = SQL('mail_activity.user_id = %s', self.env.uid)
        if not documents.has_access('read'):
            return own
        rule = self.env['ir.rule']._compute_domain(documents._name, 'read')
        documents = documents.sudo()
        rule = Domain(rule).optimize_full(documents)
        return SQL('(%s OR %s)', own, rule._to_sql(documents, 'document', query))

    @api.model
    def _get_activity_columns(self, documents, query, partner_field):
        activities = self.env['mail.activity']
        query.add_join(
            'LEFT JOIN',
            'activity_type',
            'mail_activity_type',
            SQL('activity_type.id = mail_activity.activity_type_id'),
        )
        type_name = self.env['mail.activity.type']._field_to_sql('activity_type', 'name')
        summary = activities._field_to_sql(query.table, 'summary', query)
        today = fields.Date.context_today(self)
        return {
            'kind': SQL("'activity'"),
            'name': SQL("COALESCE(NULLIF(%s, ''), %s)", summary, type_name),
            'date': self._get_noon(
                SQL(
                    'COALESCE(%s, %s)',
                    activities._field_to_sql(query.table, 'date_done', query),
                    activities._field_to_sql(query.table, 'date_deadline', query),
                )
            ),
            'is_all_day': SQL('TRUE'),
            'res_model': SQL("'mail.activity'"),
            'res_id': 'id',
            'is_planned': activities._field_to_sql(query.table, 'active', query),
            'is_overdue': SQL('mail_activity.active AND mail_activity.date_deadline < %s', today),
            'partner_id': documents._field_to_sql('document', partner_field, query),
            **{
                name: documents._field_to_sql('document', name, query)
                for name in ('team_id', 'company_id')
                if name in documents._fields and documents._name != 'res.partner'
            },
        }

    @api.model
    def _get_activity_exclusions(self, documents, partner):
        """Return the conditions that leave out what another interaction tells already.

        The company is looked up for the few activities of meetings alone: with the join of the
        customer, PostgreSQL could not leave that out where nobody asks for the company.
        """
        if self._knows_commercial_partner(documents):
            company = documents._field_to_sql('document', 'commercial_partner_id')
        else:
            company = SQL('(SELECT commercial_partner_id FROM res_partner WHERE id = %s)', partner)
        exclusions = [
            SQL(
                """(mail_activity.calendar_event_id IS NULL OR NOT EXISTS (
                    SELECT FROM calendar_attendee AS guest
                      JOIN res_partner AS guest_partner ON guest_partner.id = guest.partner_id
                     WHERE guest.event_id = mail_activity.calendar_event_id
                       AND guest_partner.commercial_partner_id = %s))""",
                company,
            )
        ]
        if documents._name == 'crm.call':
            reminder = documents.sudo()._field_to_sql('document', 'reminder_activity_id')
            exclusions.append(SQL('mail_activity.id IS DISTINCT FROM %s', reminder))
        return exclusions

    @api.model
    def _get_noon(self, day):
        """Turn a day into a moment: noon in UTC is that day for nearly everybody."""
        return SQL("%s + interval '12 hours'", day)
