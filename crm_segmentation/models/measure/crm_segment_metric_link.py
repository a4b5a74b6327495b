from odoo import models
from odoo.tools import SQL

from .crm_segment_metric import ADDRESSES

# The link of a document to whatever it is about, of which contacts are one kind.
REFERENCE = 'res_id'


class CrmSegmentMetric(models.Model):
    """Leads documents to their contacts, and these to their companies."""

    _inherit = 'crm.segment.metric'

    def _get_link_sql(self, documents, query, path):
        """Return the SQL of the contact of a document.

        :param path: from the document to whom it is measured for
        """
        if path == 'id':
            return SQL.identifier(documents._table, 'id')
        # Of whom a document is does not depend on whether they are archived.
        everybody = documents.with_context(active_test=False)
        link = everybody._read_group_groupby(documents._table, path, query)
        return self._join_addressees(documents, query, link) if _is_address(path) else link

    def _join_addressees(self, documents, query, address):
        """Lead each document to all contacts with its address.

        What names the contact that it is about counts for that one alone while there is such a
        contact: mail of a mailing to contacts does.

        :return: SQL of the contact
        """
        partners = SQL.identifier('res_partner')
        named, addressee = (query.make_alias(query.table, name) for name in ('named', 'addressee'))
        is_named = SQL('FALSE')
        reference = documents._fields.get(REFERENCE)
        if reference and reference.type == 'many2one_reference' and reference.store:
            is_named = SQL(
                "%s = 'res.partner' AND %s = %s",
                documents._field_to_sql(query.table, reference.model_field, query),
                documents._field_to_sql(query.table, REFERENCE, query),
                SQL.identifier(named, 'id'),
            )
        query.add_join('LEFT JOIN', named, partners, is_named)
        query.add_join(
            'LEFT JOIN',
            addressee,
            partners,
            SQL(
                '%s = %s AND %s IS NULL',
                SQL.identifier(addressee, 'email_normalized'),
                address,
                SQL.identifier(named, 'id'),
                to_flush=self.env['res.partner']._fields['email_normalized'],
            ),
        )
        return SQL('coalesce(%s, %s)', SQL.identifier(named, 'id'), SQL.identifier(addressee, 'id'))

    def _roll_up(self, documents, rows):
        """Lead each document to the commercial entity of its contact, once."""
        is_repeated = self._get_path_end(documents).type in ('many2many', 'char')
        return SQL(
            """(SELECT %(distinct)s document.id, partner.commercial_partner_id AS partner_id,
                       document.measure, document.is_part
                  FROM %(rows)s AS document
                  JOIN res_partner partner ON partner.id = document.partner_id)""",
            distinct=SQL('DISTINCT') if is_repeated else SQL(),
            rows=rows,
            to_flush=self.env['res.partner']._fields['commercial_partner_id'],
        )

    def _get_company_path(self, documents):
        """Return the path to the company that the contact was with then, where it is known."""
        *links, end = self.partner_path.split('.')
        for name in links:
            documents = documents[name]
        is_known = end == 'partner_id' and self.env['res.partner']._has_crm_company(documents)
        return '.'.join([*links, 'commercial_partner_id']) if is_known else self.partner_path

    def _get_path_end(self, documents):
        *links, end = self.partner_path.split('.')
        for name in links:
            documents = documents[name]
        return documents._fields[end]


def _is_address(path):
    return path.split('.')[-1] in ADDRESSES
