from odoo.modules.db import FunctionStatus
from odoo.tests import tagged
from odoo.tools import SQL

from ..common import CrmExtendedCase
from ..scale import ScaleMixin

MANY = 30000


@tagged('post_install', '-at_install')
class TestFind(ScaleMixin, CrmExtendedCase):
    """What a person types into a field or a list is found through indexes among many."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.name = SQL("'Firm ' || md5(n::text) || CASE WHEN n %% 3 = 0 THEN ' Iberia' ELSE '' END")

    def setUp(self):
        super().setUp()
        if not self.registry.has_trigram or self.registry.has_unaccent == FunctionStatus.PRESENT:
            self.skipTest('PostgreSQL cannot index parts of a text here')

    def _fill(self, record, **values):
        self._clone(record, MANY, **values)
        indexes = SQL(
            "SELECT indexname FROM pg_indexes WHERE tablename = %s AND indexdef ~ 'USING gin'",
            record._table,
        )
        for (index,) in self.env.execute_query(indexes):  # as the server's own housekeeping does
            self.env.cr.execute(SQL('SELECT gin_clean_pending_list(%s)', index))
        self.env.cr.execute(SQL('ANALYZE %s', SQL.identifier(record._table)))

    def _explain(self, model_name, domain, limit):
        records = self.env[model_name].with_user(self.coordinator)
        query = records._search(domain, limit=limit, order=records._order)
        rows = self.env.execute_query(SQL('EXPLAIN %s', query.select()))
        return '\n'.join(line for (line,) in rows)

    def _check_served(self, model_name, searches):
        for domain in searches:
            for limit in (8, 80):
                plan = self._explain(model_name, domain, limit)
                with self.subTest(model=model_name, domain=domain, limit=limit, plan=plan):
                    self.assertRegex(plan, '_trgm|_index|_idx|_pkey')
                    self.assertNotIn(f'Seq Scan on {self.env[model_name]._table}', plan)

    def test_customer_is_found_through_indexes(self):
        self._fill(
            self.other_customer,
            name=self.name,
            complete_name=self.name,
            email=SQL("md5(n::text) || '@firm.example.com'"),
            phone=SQL("'+34 ' || (900000000 + n)"),
            phone_sanitized=SQL("'+34' || (900000000 + n)"),
        )
        typed = ('c4ca4238', 'c4ca4238a0', 'nobody there', '+34 900 000 077', '4238@firm')
        self._check_served('res.partner', [[('display_name', 'ilike', text)] for text in typed])

    def test_documents_are_found_through_indexes(self):
        lead = self._new_lead(partner_name='X', contact_name='X', email_from='x@x.example.com')
        self._fill(
            lead,
            **dict.fromkeys(('name', 'partner_name', 'contact_name', 'email_from'), self.name),
        )
        call = self._new_call(partner_id=self.other_customer.id)
        self._fill(call, name=self.name)
        words = ('partner_name', 'email_from', 'contact_name', 'name')
        of_leads = ['|', '|', '|', *((word, 'ilike', 'c4ca4238') for word in words)]
        self._check_served('crm.lead', [of_leads, [('display_name', 'ilike', 'c4ca4238')]])
        of_calls = [
            *('|', '|', ('name', 'ilike', 'c4ca4238'), ('partner_id', 'ilike', 'Talleres')),
            ('phone_mobile_search', 'ilike', 'c4ca4238'),
        ]
        self._check_served('crm.call', [of_calls, [('display_name', 'ilike', 'c4ca4238')]])

    def test_results_and_their_order_are_those_of_odoo(self):
        self._clone(self.other_customer, 9000, name=self.name, complete_name=self.name)
        partners = self.env['res.partner'].with_user(self.coordinator)
        for text, limit in (('Iberia', 8), ('Firm', 80), ('c4ca4238', 8), ('Talleres', 8)):
            for offset in (0, 5):
                with self.subTest(text=text, offset=offset):
                    found = partners.search([('display_name', 'ilike', text)], offset, limit)
                    every = partners.search([('display_name', 'ilike', text)])
                    self.assertEqual(found, every[offset : offset + limit])
                    self.assertTrue(every)

    def test_rights_and_archived_records_are_as_ever(self):
        self._new_lead(name='Cranes one')
        hidden = self._new_lead(name='Cranes two', user_id=self.colleague.id)
        archived = self._new_lead(name='Cranes three', active=False)
        leads = self.env['crm.lead'].with_user(self.salesman)
        for context, names in (({}, 1), ({'active_test': False}, 2)):
            found = leads.with_context(**context).search([('name', 'ilike', 'cranes')], limit=8)
            self.assertEqual(len(found), names)
            self.assertNotIn(hidden, found)
        self.assertIn(archived, found)
        call = self._new_call(partner_id=self.company.id)
        self.company.active = False
        calls = self.env['crm.call'].with_user(self.salesman)
        self.assertIn(call, calls.search([('partner_id', 'ilike', 'talleres')], limit=8))
