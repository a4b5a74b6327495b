from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ..common import CrmExtendedCase


@tagged('post_install', '-at_install')
class TestCaptureKnown(CrmExtendedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref('base.es')
        cls.contact.email = 'Lucía <Lucia@Ebro.example.com>'

    def _find(self, *people, user=None):
        known = self.env['crm.capture.known'].with_user(user or self.salesman)
        return known._find([self._get_person(known, *person) for person in people])

    def _get_person(self, known, key, name=''):
        keys = ([key], []) if '@' in key else ([], [key])
        return known._get_person(*keys, name)

    def test_sender_is_known_by_address_and_number_whatever_their_format(self):
        earlier = self._new_lead(name='Cranes', phone='0034 600-111-111')
        lost = self._new_lead(name='Lost', email_from='LUCIA@ebro.example.com', active=False)
        lead = self._new_lead(
            contact_name='Ana', email_from='lucia@ebro.example.com', phone='600 11 11 11'
        ).with_user(self.salesman)
        self.assertEqual(lead.crm_known_lead_ids, earlier | lost)
        self.assertEqual(lead.crm_known_partner_ids, self.contact)
        self.assertEqual(lead.crm_known_count, 3)

    def test_button_opens_what_it_counts(self):
        self._new_lead(email_from='lucia@ebro.example.com', active=False)
        lead = self._new_lead(email_from='lucia@ebro.example.com').with_user(self.salesman)
        for action, count in (
            (lead.action_view_crm_known_leads(), lead.crm_known_lead_count),
            (lead.action_view_crm_known_partners(), lead.crm_known_partner_count),
        ):
            records = self.env[action['res_model']].with_user(self.salesman)
            records = records.with_context(**action['context'])
            self.assertEqual(records.search_count(action['domain']), count)
            self.assertEqual(count, 1)

    def test_colleagues_who_share_a_switchboard_are_not_each_other(self):
        switchboard = {'phone': '+34 976 222 222', 'partner_name': 'Talleres Ebro'}
        boss = self._new_lead(contact_name='Dra. Ana Ruiz', **switchboard)
        nobody = self._new_lead(phone='976222222')
        clerk, again = (
            self._new_lead(contact_name=name, **switchboard).with_user(self.salesman)
            for name in ('Luis Gil', 'RUIZ, ANA MARÍA')
        )
        self.contact.phone = '976 222 222'
        self.assertEqual(clerk.crm_known_lead_ids, nobody, 'who may be anybody')
        self.assertFalse(clerk.crm_known_partner_ids)
        self.assertEqual(again.crm_known_lead_ids, boss | nobody)
        clerk.contact_name = 'Sra. Lucia SANZ'
        self.assertEqual(clerk.crm_known_partner_ids, self.contact)
        company = self._new_lead(**switchboard).with_user(self.salesman)
        self.assertEqual(company.partner_id, self.contact, 'the only one with this number')
        self.assertEqual(company.crm_known_lead_ids, nobody | clerk)

    def test_equality_alone_counts(self):
        self._new_lead(email_from='anna.lucia@ebro.example.com', phone='+34 600 111 112')
        lead = self._new_lead(email_from='lucia@ebro.example.co', phone='+34 600 111 11')
        self.assertFalse(lead.with_user(self.salesman).crm_known_count)

    def test_lead_without_address_and_number_knows_nobody(self):
        self._new_lead()
        self.assertFalse(self._new_lead().with_user(self.salesman).crm_known_count)

    def test_customer_of_the_lead_is_no_discovery(self):
        lead = self._new_lead(partner_id=self.contact.id)
        self.assertFalse(lead.with_user(self.salesman).crm_known_partner_ids)

    def test_records_of_colleagues_are_a_number_and_no_more(self):
        theirs = self._new_lead(user_id=self.colleague.id, email_from='x@ebro.example.com')
        lead = self._new_lead(email_from='x@ebro.example.com')
        as_salesman = lead.with_user(self.salesman)
        self.assertFalse(as_salesman.crm_known_lead_ids)
        self.assertEqual(as_salesman.crm_known_hidden_count, 1)
        as_coordinator = lead.with_user(self.coordinator)
        self.assertEqual(as_coordinator.crm_known_lead_ids, theirs)
        self.assertFalse(as_coordinator.crm_known_hidden_count)

    def test_other_companies_are_not_told(self):
        company = self.env['res.company'].create({'name': 'Sucursal Lisboa'})
        self._new_lead(company_id=company.id, user_id=False, email_from='x@ebro.example.com')
        [known] = self._find(['x@ebro.example.com'])
        self.assertFalse(known.leads)
        self.assertFalse(known.hidden_count)
        director = new_test_user(
            self.env,
            login='crm_extended_lisbon',
            groups='sales_team.group_sale_manager',
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        [known] = self._find(['x@ebro.example.com'], user=director)
        self.assertEqual(len(known.leads), 1)

    def test_queries_do_not_grow_with_the_people(self):
        # nobody has to be told of each
        quiet = self.env['crm.lead'].with_context(tracking_disable=True)
        leads = quiet.create(
            [
                {
                    'name': str(number),
                    'email_from': f'n{number}@ebro.example.com',
                    'user_id': self.salesman.id,
                }
                for number in range(1000)
            ]
        ).with_env(self.env)
        self._find(['warm@ebro.example.com'])
        counts = []
        for number in (10, 1000):
            some = leads[:number].with_user(self.salesman)
            people = [[f'n{index}@ebro.example.com', f'Person {index}'] for index in range(number)]
            counts.append(
                (
                    self._count_queries(lambda people=people: self._find(*people)),
                    self._count_queries(lambda some=some: some.mapped('crm_known_count')),
                )
            )
        for few, many in zip(*counts, strict=True):
            self.assertLessEqual(many, few)

    def test_look_up_is_served_by_indexes(self):
        for model_name in ('crm.lead', 'res.partner'):
            table = self.env[model_name]._table
            self.env.cr.execute(SQL('ANALYZE %s', SQL.identifier(table)))
            self.env.cr.execute('SET LOCAL enable_seqscan = off')
            for column in ('email_normalized', 'phone_sanitized'):
                plan = self._explain(model_name, [(column, 'in', ['a', 'b'])])
                with self.subTest(model=model_name, column=column, plan=plan):
                    self.assertIn(f'{column}', plan)
                    self.assertNotIn('Seq Scan', plan)
                    self.assertIn('Index', plan)
            domain = ['|', ('email_normalized', 'in', ['a']), ('phone_sanitized', 'in', ['b'])]
            with self.subTest(model=model_name):
                self.assertNotIn('Seq Scan', self._explain(model_name, domain))

    def _explain(self, model_name, domain):
        query = self.env[model_name].sudo().with_context(active_test=False)._search(domain)
        rows = self.env.execute_query(SQL('EXPLAIN %s', query.select()))
        return '\n'.join(line for (line,) in rows)
