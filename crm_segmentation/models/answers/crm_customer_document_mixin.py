from lxml import etree

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from .res_partner import READERS

FIELD = 'crm_segment_ids'


class CrmCustomerDocumentMixin(models.AbstractModel):
    """Documents are found and grouped by the segments of their customer.

    A document counts in each segment of its contact and of the company, once in each: so groups
    may add up to more than the whole.
    """

    _inherit = 'crm.customer.document.mixin'

    crm_segment_ids = fields.Many2many(
        'crm.segment',
        string='Segments',
        compute='_compute_crm_segment_ids',
        search='_search_crm_segment_ids',
        groups=READERS,
        help='Segments that the contact, or the company of the contact, belongs to now. Grouped '
        'by segment a document counts in each of them, so the groups may add up to more than '
        'the whole.',
    )

    @api.depends('partner_id')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_crm_segment_ids(self):
        owners = {document: document._get_crm_owners() for document in self}
        partners = self.env['res.partner'].union(*owners.values())
        memberships = self.env['crm.segment.membership']
        segments = dict(
            memberships._read_group(
                memberships._get_shown_domain() & Domain('partner_id', 'in', partners.ids),
                ['partner_id'],
                ['segment_id:recordset'],
            )
        )
        for document, own in owners.items():
            held = [segments[partner] for partner in own if partner in segments]
            document.crm_segment_ids = [Command.set(self.env['crm.segment'].union(*held).ids)]

    def _get_crm_owners(self):
        """Return the contact of a document and its company."""
        # sudo: of whom the user may not read nothing is shown
        document = self.sudo()
        owners = document.partner_id | document.mapped(self._get_crm_company_path())
        return owners._origin.with_env(self.env)

    def _search_crm_segment_ids(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        shown = self.env['crm.segment.membership']._get_shown_domain()
        domain = self._get_crm_owner_domain(shown & Domain('segment_id', operator, value))
        if operator == 'in' and False in value:
            domain |= ~self._get_crm_owner_domain(shown)
        return domain

    @api.model
    def _get_crm_owner_domain(self, memberships):
        """Return the domain of the documents whose contact or company has such memberships."""
        owner = Domain('crm_segment_membership_ids', 'any', memberships)
        paths = ('partner_id', self._get_crm_company_path())
        return Domain.OR(Domain(path, 'any', owner) for path in paths)

    # === GROUPS === #

    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec != FIELD:
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields[FIELD], 'read')
        rows = query.make_alias(alias, FIELD)
        query.add_join(
            'LEFT JOIN',
            rows,
            self._get_crm_segment_rows(),
            SQL('%s = %s', SQL.identifier(rows, 'document_id'), SQL.identifier(alias, 'id')),
        )
        return SQL.identifier(rows, 'segment_id')

    @api.model
    def _get_crm_segment_rows(self):
        """Return the SQL of (document_id, segment_id), in parentheses, each pair once."""
        return SQL(
            """(
            SELECT document.id AS document_id, member.segment_id
              FROM %(documents)s AS document (id, contact_id, company_id)
              JOIN %(members)s AS member ON member.partner_id = document.contact_id
         UNION ALL
            SELECT document.id, member.segment_id
              FROM %(documents)s AS document (id, contact_id, company_id)
              JOIN %(members)s AS member ON member.partner_id = document.company_id
             WHERE document.contact_id IS DISTINCT FROM document.company_id
               AND NOT EXISTS (SELECT FROM %(members)s AS own
                                WHERE own.partner_id = document.contact_id
                                  AND own.segment_id = member.segment_id)
            )""",
            documents=self._get_crm_owner_rows(),
            members=self.env['crm.segment.membership']._get_shown_rows(),
        )

    @api.model
    def _get_crm_owner_rows(self):
        """Return the SQL of (id, contact, company) of all documents, in parentheses."""
        # sudo: it is joined to the documents that the user may read
        documents = self.sudo().with_context(active_test=False)
        query = documents._search(Domain.TRUE, order='')
        contact = documents._field_to_sql(query.table, 'partner_id', query)
        company = documents._join_crm_company(query)
        return query.subselect(SQL.identifier(query.table, 'id'), contact, company)

    @api.model
    def _join_crm_company(self, query):
        """Return the SQL of the company of the documents of a query."""
        # sudo: nothing but who the company is
        documents = self.sudo()
        if name := self._get_crm_company_field():
            return documents._field_to_sql(query.table, name, query)
        partners, alias = documents._fields['partner_id'].join(documents, query.table, query)
        return partners._field_to_sql(alias, 'commercial_partner_id', query)

    # === VIEWS === #

    @api.model
    def _get_view(self, view_id=None, view_type='form', **options):
        """Let every search find and group by segment, whose view it may be."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == 'search' and not arch.xpath('//field[@name=$name]', name=FIELD):
            arch.append(etree.Element('field', name=FIELD))
            groups = arch.xpath('./group')
            group = groups[-1] if groups else etree.SubElement(arch, 'group')
            etree.SubElement(
                group,
                'filter',
                name='group_by_crm_segment',
                string=self.env._('Segment'),
                context=repr({'group_by': FIELD}),
                groups=READERS,
            )
        return arch, view
