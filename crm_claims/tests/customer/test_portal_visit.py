from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_extended.tests.scale import ScaleMixin

from ..common import CASE_MODELS
from .common import ServicePortalCommon

NOW = datetime(2026, 3, 11, 22, 30)
CRAWLER = {'User-Agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)'}
KINDS = {'service.claim': 'claims', 'service.ticket': 'tickets'}


@freeze_time(NOW)
@tagged('post_install', '-at_install')
class TestPortalVisit(ScaleMixin, ServicePortalCommon):
    """Which case its customer opened in the portal, and when, stands in the timeline."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cases = {
            model_name: cls.env[model_name].create(
                {'name': 'The press leaks', 'partner_id': cls.contact.id, 'team_id': cls.desk.id}
            )
            for model_name in CASE_MODELS
        }
        cls.ticket = cls.cases['service.ticket']

    def _visits(self):
        self.env.invalidate_all()
        return self.env['crm.visit'].search([('partner_id', '=', self.contact.id)])

    def _open(self, case=None, link='', **kwargs):
        case = case or self.ticket
        response = self.get(f'/my/service/{KINDS[case._name]}/{case.id}{link}', **kwargs)
        self.assertEqual(response.status_code, 200)

    def test_each_case_is_told_once_a_day_to_who_may_read_it(self):
        self.enter(self.lucia)
        for case in self.cases.values():
            self._open(case)
            self._open(case)
        self.assertEqual(len(self._visits()), 2)
        self.assertRecordValues(
            self._visits().filtered(lambda visit: visit.res_model == 'service.ticket'),
            [
                {
                    'res_id': self.ticket.id,
                    'name': self.ticket.display_name,
                    'commercial_partner_id': self.customer.id,
                    'company_id': self.ticket.company_id.id,
                    'date': NOW,
                }
            ],
        )
        self.contact.tz = 'Europe/Madrid'  # where it is half past eleven
        self._open()
        self.assertEqual(len(self._visits()), 2)
        with freeze_time('2026-03-11 23:30:00'):
            self._open()
        self.assertEqual(len(self._visits()), 3)
        rows = self.env['crm.interaction'].with_user(self.salesman)
        domain = [('kind', '=', 'visit'), ('partner_id', '=', self.contact.id)]
        told = rows.search(domain, order='date')
        self.assertEqual(
            told.mapped('res_model'), ['service.claim', 'service.ticket', 'service.ticket']
        )
        self.assertEqual(told[-1].action_open()['res_id'], self.ticket.id)
        self.assertEqual(told[-1].commercial_partner_id, self.customer)
        with self.assertRaises(AccessError):
            self.env['crm.visit'].with_user(self.salesman).search([])

    def test_who_is_not_logged_in_is_whom_the_link_names(self):
        token = self.ticket._portal_ensure_token()
        self._open(link=f'?access_token={token}')
        self.assertEqual(self._visits().partner_id, self.contact)
        guest = self.env['res.partner'].create({'name': 'Guest', 'email': 'g@altozano.example.com'})
        signed = self.ticket._sign_token(guest.id)
        self._open(link=f'?access_token={token}&pid={guest.id}&hash={signed}')
        self._open(link=f'?access_token={token}&pid=nobody&hash=%C3%B1')
        visits = self.env['crm.visit'].search([('res_id', '=', self.ticket.id)])
        self.assertEqual(visits.partner_id, self.contact | guest)
        self.assertEqual(len(visits), 2)
        guest.unlink()
        self._open(link=f'?access_token={token}&pid={guest.id}&hash={signed}')

    def test_neither_colleagues_nor_programs_visit(self):
        token = self.ticket._portal_ensure_token()
        for heads in (CRAWLER, {'Odoo-Link-Preview': 'True'}):
            self._open(link=f'?access_token={token}', headers=heads)
        self.enter(self.agent)
        self._open(link=f'?access_token={token}')
        self.assertFalse(self.env['crm.visit'].search([('res_id', '=', self.ticket.id)]))

    def test_company_says_how_long_they_are_kept_and_whether_at_all(self):
        company = self.ticket.company_id
        company.crm_visit_days = 0
        self.enter(self.lucia)
        self._open()
        self.assertFalse(self._visits())
        company.crm_visit_days = 30
        self._open()
        for day, number in (('2026-04-10', 1), ('2026-04-11', 0)):
            with freeze_time(f'{day} 22:00:00'):
                self.env['crm.visit']._gc_visits()
            self.assertEqual(len(self._visits()), number, day)

    def test_page_opens_although_nothing_can_be_noted(self):
        self.enter(self.lucia)
        self.env.cr.execute('ALTER TABLE crm_visit ADD CHECK (false) NOT VALID')
        self._open()
        self.assertFalse(self._visits())

    def test_noted_visit_costs_one_query(self):
        visits = self.env['crm.visit'].with_user(self.lucia)
        with self.enter_registry_test_mode():
            visits._note(self.ticket.sudo(), self.contact)
            self.env.flush_all()
            with self.assertQueryCount(1):
                visits._note(self.ticket.sudo(), self.contact)
        self.assertEqual(len(self._visits()), 1)

    def test_visits_of_one_among_many_are_found_through_an_index(self):
        visit = self.env['crm.visit'].create(
            {
                'res_model': 'service.ticket',
                'res_id': self.ticket.id,
                'partner_id': self.contact.id,
                'company_id': self.ticket.company_id.id,
                'date': NOW,
                'day': NOW.date(),
            }
        )
        first = self._clone(self.customer, 4000)
        visitor = SQL('%s + n %% 4000', first)
        self._clone(
            visit,
            20_000,
            partner_id=visitor,
            commercial_partner_id=visitor,
            day=SQL("date '2020-01-01' + n / 4000"),
        )
        for table in ('crm_visit', 'res_partner'):
            self.env.cr.execute(SQL('ANALYZE %s', SQL.identifier(table)))
        self.env.invalidate_all()
        rows = self.env['crm.interaction']
        for name in ('partner_id', 'commercial_partner_id'):
            query = rows._search([(name, '=', first + 7), ('kind', '=', 'visit')])
            [[[plan]]] = self.env.execute_query(
                SQL('EXPLAIN (ANALYZE, FORMAT JSON) %s', query.select('id', 'date'))
            )
            nodes = list(self._walk(plan['Plan']))
            self.assertEqual(nodes[0]['Actual Rows'], 5)
            of_visits = [node for node in nodes if node.get('Relation Name') == 'crm_visit']
            self.assertTrue(of_visits)
            self.assertNotIn('Seq Scan', [node['Node Type'] for node in of_visits])

    def test_form_of_the_website_is_told_as_what_the_customer_sent(self):
        form = self.env['crm.capture.form'].create(
            {'name': 'Help', 'service_team_id': self.desk.id, 'service_model': 'service.claim'}
        )
        number = form._capture({'name': 'Broken', 'email': self.contact.email})
        leads = self.env['crm.capture.form'].create({'name': 'Contact'})
        reference = leads._capture({'name': 'Another press', 'email': self.contact.email})
        lead = self.env['crm.lead'].search([('crm_capture_reference', '=', reference)])
        lead.partner_id = self.contact
        self.env.flush_all()
        rows = self.env['crm.interaction'].search(
            [('partner_id', '=', self.contact.id), ('kind', '=', 'form')], order='id'
        )
        claim = self.env['service.claim'].search([('number', '=', number)])
        self.assertEqual(
            {(row.res_model, row.res_id, row.event, row.medium_id.id) for row in rows},
            {
                ('service.claim', claim.id, 'received', False),
                ('crm.lead', lead.id, 'received', False),
            },
        )
