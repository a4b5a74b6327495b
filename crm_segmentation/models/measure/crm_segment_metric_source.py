from odoo import models

from ...core.sources import Source


class CrmSegmentMetric(models.Model):
    """Says by which rows a metric can be followed from one run to the next.

    That is possible where the rows of one table decide: their own columns tell which documents
    count, what they are worth and whose they are. Only rates of currencies may join in.
    """

    _inherit = 'crm.segment.metric'

    def _get_source(self, env, company, period):
        """Return what tells whose value may have changed, None if other tables decide as well.

        The arguments are those of :meth:`_get_measure_sql`.

        :rtype: crm_segmentation.core.sources.Source
        """
        self.ensure_one()
        documents = self._get_documents(env)
        if not self._is_told_by_documents(documents, period):
            return None
        query = documents._search(self._get_standing_domain(documents))
        if query._joins or 'SELECT' in query.where_clause.code.upper():
            return None
        measure = self._get_document_measure(documents, query, company)
        if not self._has_lasting_joins(query):
            return None
        currency = company.currency_id
        return Source(
            model=documents._name,
            link=self.partner_path,
            date=self.date_field or None,
            has_rates=bool(query._joins),
            signature=repr(
                (
                    *[(sql.code, sql.params) for sql in (query.where_clause, measure)],
                    *(self.aggregate, company.id, currency.id, currency.decimal_places),
                )
            ),
        )

    def _is_told_by_documents(self, documents, period):
        """Say whether each document has one contact, and nobody overrides which ones count."""
        link = documents._fields.get(self.partner_path)
        standing = self._get_standing_domain(documents)
        whole = standing & self._get_period_domain(documents, period)
        is_column = link and link.type == 'many2one' and documents._auto
        return is_column and whole == self._get_document_domain(documents, period)

    def _has_lasting_joins(self, query):
        """Say whether nothing is joined but rates of days that do not move on."""
        joined = [table.code for _kind, table, _condition in query._joins.values()]
        is_dated = self.currency_rate == 'document' and bool(self.date_field)
        return not joined or (is_dated and all('FROM res_currency_rate' in code for code in joined))
