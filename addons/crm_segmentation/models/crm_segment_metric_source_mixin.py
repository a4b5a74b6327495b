from odoo import models


class CrmSegmentMetricSourceMixin(models.AbstractModel):
    """Says by which rows a metric can be followed from one run to the next.

    That is possible where the rows of one table decide: their own columns tell which documents
    count, what they are worth and whose they are. Only rates of currencies may join in.
    """

    _name = 'crm.segment.metric.source.mixin'
    _description = 'Segment Metric That Is Followed'

    def _get_source(self, env, company, period):
        """Return what tells whose value may have changed, None if other tables decide as well.

        The arguments are those of :meth:`_get_measure_sql`.

        :return: {'key': of model and link, 'model': of the documents, 'link': its field of the
            contact, 'date': its date field, 'rates': whether rates count, 'signature': what stays
            the same as long as the metric does, whatever the time}
        """
        self.ensure_one()
        documents = self._get_documents(env)
        standing = self._get_standing_domain(documents)
        whole = standing & self._get_period_domain(documents, period)
        link = documents._fields.get(self.partner_path)
        is_column = link and link.type == 'many2one' and documents._auto
        if not is_column or whole != self._get_document_domain(documents, period):
            return None
        query = documents._search(standing)
        if query._joins or 'SELECT' in query.where_clause.code.upper():
            return None
        measure = self._get_document_measure(documents, query, company)
        joined = [table.code for _kind, table, _condition in query._joins.values()]
        if any('FROM res_currency_rate' not in code for code in joined):
            return None
        if joined and not self._is_rate_lasting():
            return None
        return {
            'key': f'{documents._name}.{self.partner_path}',
            'model': documents._name,
            'link': self.partner_path,
            'date': self.date_field,
            'rates': bool(joined),
            'signature': repr(
                [(statement.code, statement.params) for statement in (query.where_clause, measure)]
                + [self.aggregate, company.currency_id.id, company.currency_id.decimal_places]
            ),
        }

    def _is_rate_lasting(self):
        """Say whether amounts are converted by days of their documents, which do not move on."""
        return self.currency_rate == 'document' and bool(self.date_field)
