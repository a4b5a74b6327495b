from types import SimpleNamespace

from lxml import etree

from odoo.fields import Domain
from odoo.modules.db import FunctionStatus
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from ...hooks import pre_init_hook
from ...models.customer.res_partner_search import trigram_index

INDEXED = {'complete_name', 'email', 'ref', 'vat', 'company_registry', 'phone'}


@tagged('post_install', '-at_install')
class TestCustomerSearch(TransactionCase):
    def setUp(self):
        super().setUp()
        if not self.registry.has_trigram or self.registry.has_unaccent == FunctionStatus.PRESENT:
            self.skipTest('PostgreSQL cannot index parts of a text here')

    def _create_many(self, number=30000):
        """Copy a customer in one statement, with texts of its own in what is searched."""
        template = self.env['res.partner'].create({'name': 'Template'})
        template.flush_recordset()
        texts = {
            'complete_name': "'Customer ' || md5(i::text)",
            'email': "md5(i::text) || '@customers.example.com'",
            'ref': "'R' || i",
            'vat': "'ES' || i",
            'company_registry': "'CR' || i",
            'phone': "'+34 ' || i",
        }
        columns = [
            name
            for name, field in template._fields.items()
            if field.store and field.column_type and name != 'id'
        ]
        self.env.cr.execute(
            SQL(
                'INSERT INTO res_partner (%s) SELECT %s FROM res_partner,'
                ' generate_series(1, %s) AS i WHERE id = %s',
                SQL(', ').join(map(SQL.identifier, columns)),
                SQL(', ').join(
                    SQL(texts[name]) if name in texts else SQL.identifier(name) for name in columns
                ),
                number,
                template.id,
            )
        )
        for index in self._get_indexes():  # as the server's own housekeeping does
            self.env.cr.execute(SQL('SELECT gin_clean_pending_list(%s)', index))
        self.env.cr.execute('ANALYZE res_partner')

    def _get_indexes(self):
        """Return {name: definition} of our indexes."""
        return dict(
            self.env.execute_query(
                SQL(
                    'SELECT indexname, indexdef FROM pg_indexes'
                    " WHERE indexname LIKE 'res_partner_crm_%%_trgm'"
                )
            )
        )

    def _explain(self, query):
        rows = self.env.execute_query(SQL('EXPLAIN %s', query.select()))
        return '\n'.join(line for (line,) in rows)

    def _get_first_search_domain(self):
        """Return what typing into the search box of contacts looks for."""
        view = self.env.ref('base.view_res_partner_filter')
        arch = self.env['res.partner'].get_view(view.id, 'search')['arch']
        field = etree.fromstring(arch).find('.//field')
        return safe_eval(field.get('filter_domain'), {'self': 'a1b2c3d4'})

    def test_every_searched_column_has_an_index(self):
        partners = self.env['res.partner']
        searched = {condition.field_expr for condition in self._get_conditions()}
        self.assertLessEqual(searched | set(partners._rec_names_search), INDEXED)
        definitions = self._get_indexes().values()
        for column in INDEXED:
            with self.subTest(column=column):
                self.assertTrue(any(column in sql and 'gin_trgm_ops' in sql for sql in definitions))

    def _get_conditions(self):
        return Domain(self._get_first_search_domain()).iter_conditions()

    def test_searches_are_served_by_the_indexes(self):
        self._create_many()
        partners = self.env['res.partner'].with_context(active_test=False)
        for name, domain in (
            ('name search', [('display_name', 'ilike', 'a1b2c3d4')]),
            ('search box', self._get_first_search_domain()),
            ('phone', [('phone', 'ilike', '29123')]),
        ):
            plan = self._explain(partners._search(domain, order='id', limit=80))
            with self.subTest(search=name, plan=plan):
                self.assertIn('_trgm', plan)
                self.assertNotIn('Seq Scan on res_partner', plan)

    def test_search_finds_what_it_found_before(self):
        self._create_many(2000)
        partner = self.env['res.partner'].create(
            {'name': 'Talleres Ebro', 'email': 'taller@ebro.example.com', 'ref': 'EB-77'}
        )
        for text in ('alleres eb', 'TALLER@EBRO', 'b-77'):
            found = self.env['res.partner'].name_search(text)
            self.assertIn(partner.id, [partner_id for partner_id, _name in found])

    def test_there_is_no_index_where_there_cannot_be_one(self):
        index = trigram_index('email')
        database = SimpleNamespace(has_trigram=False, has_unaccent=FunctionStatus.MISSING)
        self.assertEqual(index.get_definition(database), '')
        database = SimpleNamespace(has_trigram=True, has_unaccent=FunctionStatus.PRESENT)
        self.assertEqual(index.get_definition(database), '')
        database.has_unaccent = FunctionStatus.INDEXABLE
        database.unaccent = 'unaccent({})'.format
        self.assertIn('unaccent("email") gin_trgm_ops', index.get_definition(database))

    def test_installation_gets_trigrams_where_it_may(self):
        self.env.cr.execute('DROP EXTENSION pg_trgm CASCADE')
        self.patch(self.registry, 'has_trigram', False)
        pre_init_hook(self.env)
        self.assertTrue(self.registry.has_trigram)

    def test_installation_goes_on_where_it_may_not(self):
        self.env.cr.execute('DROP EXTENSION pg_trgm CASCADE')
        self.env.cr.execute('CREATE ROLE crm_extended_nobody')
        self.env.cr.execute('SET LOCAL ROLE crm_extended_nobody')
        self.patch(self.registry, 'has_trigram', False)
        with self.assertNoLogs('odoo.sql_db', 'ERROR'):
            pre_init_hook(self.env)
        self.assertFalse(self.registry.has_trigram)
