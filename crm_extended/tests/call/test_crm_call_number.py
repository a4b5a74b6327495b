from odoo.tests import tagged

from ..common import CrmExtendedCase

# One number, as people write it.
WRITINGS = (
    '+34 600 10 02 00',
    '600100200',
    '0034600100200',
    '(600) 100-200',
    '+34600100200',
    ' 600.10.02.00 ',
)


@tagged('post_install', '-at_install')
class TestCrmCallNumber(CrmExtendedCase):
    """A number finds calls, customers and leads, however it is written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref('base.es')

    def _find(self, model_name, number, operator='ilike'):
        records = self.env[model_name].with_user(self.salesman)
        return records.search([('phone_mobile_search', operator, number)])

    def test_every_writing_finds_every_writing(self):
        makers = {
            'crm.call': lambda number: self._new_call(phone=number),
            'res.partner': lambda number: self.env['res.partner'].create(
                {'name': 'Ana Ruiz', 'phone': number}
            ),
            'crm.lead': lambda number: self._new_lead(phone=number),
        }
        for model_name, make in makers.items():
            records = self.env[model_name].union(*(make(writing) for writing in WRITINGS))
            for writing in WRITINGS:
                for operator in ('ilike', '='):
                    with self.subTest(model=model_name, writing=writing, operator=operator):
                        self.assertEqual(
                            self._find(model_name, writing, operator) & records, records
                        )

    def test_another_number_is_not_found(self):
        call = self._new_call(phone='600100200')
        self.assertNotIn(call, self._find('crm.call', '600100201'))
        self.assertNotIn(call, self._find('crm.call', '+33 600 10 02 00'))
        self.assertNotIn(call, self._find('crm.call', '+351600100200'))

    def test_part_of_a_number_is_found_too(self):
        call = self._new_call(phone='+34 600 10 02 00')
        for part in ('600100', '10 02 00', '+34 600'):
            with self.subTest(part=part):
                self.assertIn(call, self._find('crm.call', part))

    def test_words_find_no_number(self):
        self.assertFalse(self._find('crm.call', 'Ana'))

    def test_number_is_read_as_where_the_customer_is(self):
        french = self.env['res.partner'].create(
            {'name': 'Luc', 'country_id': self.env.ref('base.fr').id, 'phone': '06 12 34 56 78'}
        )
        call = self._new_call(partner_id=french.id)
        self.assertEqual(call.phone_sanitized, '+33612345678')
        self.assertEqual(self._find('crm.call', '0033 612 345 678'), call)

    def test_number_is_read_as_where_the_lead_is(self):
        lead = self._new_lead(country_id=self.env.ref('base.fr').id, phone='06 12 34 56 78')
        self.assertEqual(self._new_call(lead_id=lead.id).phone_sanitized, '+33612345678')

    def test_number_that_was_typed_before_the_company_had_a_country_is_found(self):
        self.env.company.country_id = False
        call = self._new_call(phone='600 10 02 00')
        self.assertFalse(call.phone_sanitized)
        self.env.company.country_id = self.env.ref('base.es')
        self.assertEqual(self._find('crm.call', '600100200') & call, call)

    def test_snapshot_is_kept_as_it_was_typed(self):
        call = self._new_call(phone='(600) 100-200')
        self.assertEqual(call.phone, '(600) 100-200')
        self.assertEqual(call.phone_sanitized, '+34600100200')

    def test_search_box_takes_numbers_and_names(self):
        arch = self.env['crm.call'].get_view(view_type='search')['arch']
        self.assertIn('phone_mobile_search', arch)
        call = self._new_call(phone='600 10 02 00', partner_id=self.company.id)
        for typed in ('0034 600100200', 'Talleres'):
            domain = [
                '|',
                ('partner_id', 'ilike', typed),
                ('phone_mobile_search', 'ilike', typed),
            ]
            with self.subTest(typed=typed):
                self.assertIn(call, self.env['crm.call'].search(domain))

    def test_search_box_takes_short_words(self):
        self._new_call(phone='600 10 02 00')
        for typed in ('T', '42', '+', 'Talleres'):
            with self.subTest(typed=typed):
                self.assertFalse(self._find('crm.call', typed))

    def test_colleagues_calls_stay_hidden(self):
        self._new_call(user=self.colleague, phone='600100200')
        self.assertFalse(self._find('crm.call', '600100200'))

    def test_whole_number_is_found_through_an_index(self):
        for model_name in ('crm.call', 'res.partner', 'crm.lead'):
            with self.subTest(model=model_name):
                self._new_call(phone='600100200')
                self.env['res.partner'].create({'name': 'Ana', 'phone': '600100200'})
                self._new_lead(phone='600100200')
                self.env.flush_all()
                query = (
                    self.env[model_name]
                    .sudo()
                    ._search([('phone_mobile_search', 'ilike', '0034 600 100 200')])
                )
                self.env.cr.execute('SET LOCAL enable_seqscan = off')
                self.env.cr.execute('EXPLAIN ' + self.env.cr.mogrify(query.select()).decode())
                plan = '\n'.join(row[0] for row in self.env.cr.fetchall())
                self.assertRegex(plan, 'phone_sanitized_(idx|index)')
                self.assertNotIn('regexp_replace', plan)
