import logging

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.constants import GC_UNLINK_LIMIT

_logger = logging.getLogger(__name__)

WHAT_IS_UNIQUE = ('res_model', 'res_id', 'partner_id', 'day')


class CrmVisit(models.Model):
    """That somebody opened a document of the portal: once a document, person and day.

    The program alone writes and reads it. The timeline tells it to who may read the document.
    """

    _name = 'crm.visit'
    _description = 'Portal Visit'
    _inherit = ['crm.commercial.partner.mixin']
    _order = 'date desc, id desc'

    name = fields.Char(string='Document', compute='_compute_name', compute_sudo=True)
    res_model = fields.Char(string='Document Model', required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string='Document ID', model_field='res_model', required=True, readonly=True
    )
    partner_id = fields.Many2one(
        string='Visitor',
        required=True,
        readonly=True,
        index=True,
        ondelete='cascade',
        help='Who is logged in to the portal; the customer of the document where it was opened '
        'by its link.',
    )
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, ondelete='cascade', index=True
    )
    date = fields.Datetime(string='Opened on', required=True, readonly=True)
    day = fields.Date(required=True, readonly=True, help='The day where the visitor lives.')

    _once_a_day = models.UniqueIndex(
        f'({", ".join(WHAT_IS_UNIQUE)})',
        'A visit is noted once a day.',
    )

    # === COMPUTE === #

    @api.depends('res_model', 'res_id')
    def _compute_name(self):
        for model_name, visits in self.grouped('res_model').items():
            if model_name not in self.env:  # its addon is gone
                visits.name = False
                continue
            documents = self.env[model_name].browse(visits.mapped('res_id')).exists()
            names = {document.id: document.display_name for document in documents}
            for visit in visits:
                visit.name = names.get(visit.res_id, False)

    # === NOTING === #

    @api.model
    def _note(self, document, visitor):
        """Note that a contact has opened a document, if the timeline tells such a thing of it.

        Our own people are no visitors, and a company that keeps visits for no days has none. The
        page waits for nothing and fails by nothing: what is written has a short transaction of its
        own, since the page may have none to write in.
        """
        if document._name not in self.env['crm.interaction']._get_visited_models():
            return
        # sudo: who opens a document by its link may read no contacts and no settings
        visitor_sudo = visitor.sudo()
        company_sudo = (document.company_id or self.env.company).sudo()
        if visitor_sudo.partner_share and company_sudo.crm_visit_days:
            values = self._prepare_visit(document, visitor_sudo, company_sudo)
            if not self._is_noted(values):
                self._insert(values)

    @api.model
    def _prepare_visit(self, document, visitor, company):
        now = fields.Datetime.now()
        clock = self.with_context(tz=visitor.tz or 'UTC')
        return {
            'res_model': document._name,
            'res_id': document.id,
            'partner_id': visitor.id,
            'commercial_partner_id': visitor.commercial_partner_id.id,
            'company_id': company.id,
            'date': now,
            'day': fields.Datetime.context_timestamp(clock, now).date(),
        }

    @api.model
    def _is_noted(self, values):
        known = Domain.AND(Domain(name, '=', values[name]) for name in WHAT_IS_UNIQUE)
        # sudo: nobody who opens a page may read visits
        return bool(self.sudo().search_count(known, limit=1))

    @api.model
    def _insert(self, values):
        columns = SQL(', ').join(map(SQL.identifier, values))
        query = SQL(
            'INSERT INTO crm_visit (%s) VALUES %s ON CONFLICT DO NOTHING',
            columns,
            tuple(values.values()),
        )
        try:
            with self.env.registry.cursor() as cr:
                cr.execute(SQL("SET LOCAL lock_timeout = '500ms'"))
                cr.execute(query)
        except psycopg2.Error as error:
            _logger.info('A visit was not noted: %s', error)

    # === FORGETTING === #

    @api.autovacuum
    def _gc_visits(self):
        """Forget the visits that are older than their company keeps them."""
        now = fields.Datetime.now()
        old = Domain.OR(
            Domain('company_id', '=', company.id)
            & Domain('date', '<', fields.Datetime.subtract(now, days=company.crm_visit_days))
            for company in self.env['res.company'].search([])
        )
        visits = self.search(old, limit=GC_UNLINK_LIMIT)
        visits.unlink()
        return len(visits), len(visits) == GC_UNLINK_LIMIT
