from odoo.tests import Form, tagged
from odoo.tools import SQL

from ..common import CrmExtendedCase
from ..scale import ScaleMixin

# One number among others, as people and telephones write it.
SPELLINGS = (
    '+34 (0)600 10 02 00',
    '600 10 02 00 / 600 20 03 00',
    '976 22 22 22, 600100200',
    '600100200 Ana (compras)',
    'sip:+34600100200@pbx.example.com',
    '600100200 ext. 12',
)


@tagged('post_install', '-at_install')
class TestCaller(ScaleMixin, CrmExtendedCase):
    """Who has the number of a call or lead is its customer, if it is one and nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref('base.es')
        cls.ana = cls._new_partner('Ana Ruiz', '600 10 02 00', email='ana@ruiz.example.com')

    @classmethod
    def _new_partner(cls, name, phone, **values):
        return cls.env['res.partner'].create({'name': name, 'phone': phone, **values})

    def _get_found(self, text):
        rows = self.env['res.partner'].with_user(self.salesman).name_search(text)
        return [partner_id for partner_id, _name in rows]

    def test_customer_field_finds_a_whole_number_in_every_spelling(self):
        for noted in SPELLINGS:
            self.ana.phone = noted
            for typed in (*SPELLINGS, '0034600100200'):
                with self.subTest(noted=noted, typed=typed):
                    self.assertIn(self.ana.id, self._get_found(typed))
            self.assertNotIn(self.ana.id, self._get_found('600 10 02 01'))
            self.assertNotIn(self.ana.id, self._get_found('+33 600 10 02 00'))
        self.assertIn(self.company.id, self._get_found('Talleres'))

    def test_call_and_lead_get_the_only_customer_with_the_number(self):
        for noted in SPELLINGS:
            self.ana.phone = noted
            for called in (*SPELLINGS[3:], '0034 600 100 200'):
                with self.subTest(noted=noted, called=called):
                    self.assertEqual(self._new_call(phone=called).partner_id, self.ana)
                    lead = self._new_lead(phone=called)
                    self.assertEqual(lead.partner_id, self.ana)
                    self.assertEqual(lead.phone, called)
                    self.assertEqual(self.ana.phone, noted)

    def test_of_several_with_the_number_nobody_is_guessed_and_all_are_shown(self):
        twin = self._new_partner('Luis Ruiz', '+34600100200 / 600 20 03 00')
        for document in (self._new_call(phone='600100200'), self._new_lead(phone='600100200')):
            document = document.with_user(self.salesman)
            self.assertFalse(document.partner_id)
            self.assertEqual(document.crm_caller_ids, self.ana | twin)
            document.partner_id = twin
            document.invalidate_recordset()
            self.assertFalse(document.crm_caller_ids)
            self.assertEqual(document.phone, '600100200')
        self.assertEqual(twin.phone, '+34600100200 / 600 20 03 00')

    def test_form_proposes_who_is_known_while_the_number_is_typed(self):
        calls = self.env['crm.call'].with_user(self.salesman)
        with Form(calls, 'crm_extended.crm_call_view_form_dialog') as form:
            form.phone = '0034 600 10 02 00'
            self.assertEqual(form.partner_id, self.ana)
            self.assertEqual(form.phone, '0034 600 10 02 00')
        self._new_partner('Luis', '600100200')
        with Form(calls) as form:
            form.phone = '600100200'
            self.assertFalse(form.partner_id)
            self.assertEqual(len(form.crm_caller_ids), 2)

    def test_what_speaks_against_the_contact_leaves_the_choice(self):
        for values, is_ana in (
            ({'contact_name': 'RUIZ, Ana'}, True),
            ({'contact_name': 'Luis Sanz'}, False),
            ({'email_from': 'ANA@ruiz.example.com'}, True),
            ({'email_from': 'luis@ruiz.example.com'}, False),
            ({'partner_name': 'Ana Ruiz, S.L.'}, True),
            ({'partner_name': 'Nordlicht'}, False),
        ):
            with self.subTest(values=values):
                lead = self._new_lead(phone='600100200', **values)
                self.assertEqual(lead.partner_id == self.ana, is_ana)
                self.assertEqual(
                    lead.crm_caller_ids, self.env['res.partner'] if is_ana else self.ana
                )
        self.assertEqual(self.ana.email, 'ana@ruiz.example.com')

    def test_given_customer_stays_and_the_lead_of_a_call_decides(self):
        self.assertEqual(
            self._new_call(phone='600100200', partner_id=self.company.id).partner_id, self.company
        )
        lead = self._new_lead()
        self.assertFalse(self._new_call(phone='600100200', lead_id=lead.id).partner_id)
        calls = self.env['crm.call'].with_context(default_partner_id=self.company.id)
        self.assertEqual(calls.create({'phone': '600100200'}).partner_id, self.company)

    def test_contacts_of_another_company_are_neither_guessed_nor_shown(self):
        other = self.env['res.company'].create({'name': 'Other'})
        self.ana.company_id = other
        call = self._new_call(phone='600100200')
        self.assertFalse(call.partner_id)
        self.assertFalse(call.with_user(self.salesman).crm_caller_ids)

    def test_many_take_as_many_queries_as_few(self):
        self._new_partner('Luis', '600 20 03 00 / 600 30 04 00')
        numbers = ('600100200', '600300400', '600 40 05 00', '976 11 11 11')
        self.env['crm.call'].create([{'phone': number} for number in numbers])  # warm
        counts = [
            self._count_queries(
                lambda n=n: self.env['crm.call']._find_callers(
                    [{'phone': numbers[i % 4]} for i in range(n)]
                )
            )
            for n in (10, 1000)
        ]
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], 6)

    def test_numbers_that_core_cannot_read_are_found_through_an_index(self):
        if not self.registry.has_trigram:
            self.skipTest('PostgreSQL cannot index parts of a text here')
        phone = SQL("'Ana ' || (976000000 + n) || ' or Luis'")
        self._clone(self.ana, 20000, phone=phone, phone_sanitized=SQL('NULL'))
        self.env.cr.execute(SQL('ANALYZE res_partner'))
        query = self.env['res.partner']._get_unread_sql(['+34976001234', '+34976011234'])
        plan = '\n'.join(line for (line,) in self.env.execute_query(SQL('EXPLAIN %s', query)))
        self.assertIn('res_partner_crm_unread_phone_idx', plan)
        self.assertNotIn('Seq Scan', plan)
