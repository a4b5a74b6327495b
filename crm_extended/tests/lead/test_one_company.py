from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ...core.companies import KINDS, Company, get_company_key
from ...models.lead.res_partner_company import _get_name_key_sql
from ..common import CrmExtendedCase
from ..scale import ScaleMixin

# The company Talleres Ebro in other spellings.
SPELLINGS = ('talleres ebró, S.L.', 'TALLERES EBRO SLU', 'Talleres-Ebro', 'Talleres  Ebro S. L.')


@tagged('post_install', '-at_install')
class TestOneCompany(ScaleMixin, CrmExtendedCase):
    """Leads of one company make one company, and who is in doubt asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref('base.es')

    def _new_opportunity(self, **values):
        return self._new_lead(type='opportunity', **values).with_user(self.salesman)

    def _find(self, name, **values):
        opportunity = self._new_opportunity(partner_name=name, **values)
        [found] = opportunity._find_crm_companies().values()
        return found

    def _open_mass(self, leads, **values):
        wizards = self.env['crm.lead2opportunity.partner.mass'].with_user(self.salesman)
        context = {'active_model': 'crm.lead', 'active_id': leads[0].id, 'active_ids': leads.ids}
        return wizards.with_context(**context).create({'deduplicate': False, **values})

    def test_company_is_found_in_every_spelling(self):
        nobody = self.env['res.partner']
        for name in SPELLINGS:
            with self.subTest(name=name):
                self.assertEqual(self._find(name), (self.company, nobody))
        self.assertEqual(self._find('Talleres Ebro Sur'), (nobody, nobody))
        self.assertEqual(self._find(False), (nobody, nobody))
        self.company.active = False
        self.assertEqual(self._find('Talleres Ebro'), (nobody, nobody))

    def test_tax_number_decides(self):
        self.other_customer.vat = 'ES-A28.015.865'
        for number in ('A28015865', 'esa28015865'):
            sure, _doubtful = self._find('Talleres Ebro', crm_vat=number)
            self.assertEqual(sure, self.company)
            self.other_customer.is_company = True
            sure, _doubtful = self._find('Talleres Ebro', crm_vat=number)
            self.assertEqual(sure, self.other_customer)
            self.other_customer.is_company = False

    def test_create_customer_puts_the_contact_into_the_known_company(self):
        opportunities = self.env['crm.lead'].union(
            *(
                self._new_opportunity(contact_name=f'Ana {name}', partner_name=name)
                for name in (*SPELLINGS, 'Grúas Sur, S.A.', 'GRUAS SUR')
            )
        )
        opportunities.action_crm_create_customer()
        for opportunity in opportunities[:4]:
            self.assertEqual(opportunity.partner_id.parent_id, self.company)
        first, second = opportunities[4:]
        self.assertEqual(first.partner_id.parent_id.name, 'Grúas Sur, S.A.')
        self.assertEqual(first.partner_id.parent_id, second.partner_id.parent_id)

    def test_who_gives_no_name_keeps_the_address_below_the_company(self):
        writer = self._new_opportunity(partner_name='Talleres Ebro', email_from='buy@ebro.example')
        caller = self._new_opportunity(partner_name='Talleres Ebro SL')
        (writer | caller).action_crm_create_customer()
        self.assertEqual(writer.partner_id.parent_id, self.company)
        self.assertEqual(writer.email_from, 'buy@ebro.example')
        self.assertEqual(caller.partner_id, self.company)

    def test_new_company_gets_the_tax_number(self):
        opportunity = self._new_opportunity(partner_name='Grúas Sur', crm_vat='ESA28015865')
        opportunity.action_crm_create_customer()
        self.assertEqual(opportunity.partner_id.vat, 'ESA28015865')

    def test_create_customer_asks_where_it_is_not_certain(self):
        twin = self.company.copy({'name': 'Talleres Ebro S.A.'})
        by_name = self._new_opportunity(name='A', contact_name='Ana', partner_name='Talleres Ebro')
        by_number = self._new_opportunity(name='B', contact_name='Lucas', phone='600 11 11 11')
        new = self._new_opportunity(name='C', contact_name='Eva', phone='0034 600111111')
        clear = self._new_opportunity(name='D', contact_name='Blas')
        action = (by_name | by_number | new | clear).action_crm_create_customer()
        self.assertEqual(clear.partner_id.name, 'Blas')
        self.assertFalse((by_name | by_number | new).partner_id)
        dialogs = self.env[action['res_model']].with_user(self.salesman)
        dialog = dialogs.with_context(**action['context']).create({})
        lines = dialog.line_ids.grouped('lead_id')
        self.assertEqual(lines[by_name].candidate_ids, self.company | twin)
        self.assertEqual(lines[by_number].candidate_ids, self.contact)
        lines[by_name].partner_id = twin
        lines[by_number].partner_id = self.contact
        with self.assertRaisesRegex(UserError, 'C'):
            dialog.action_confirm()
        self.assertFalse((by_name | by_number).partner_id)
        lines[new].is_new = True
        dialog.action_confirm()
        self.assertEqual(by_name.partner_id.parent_id, twin)
        self.assertEqual(by_number.partner_id, self.contact)
        self.assertEqual(new.partner_id.name, 'Eva')
        with self.assertRaisesRegex(UserError, 'customer already'):
            dialog.action_confirm()
        with self.assertRaises(AccessError):
            dialog.with_user(self.colleague).action_confirm()

    def test_dialog_is_filled_in_by_taps(self):
        self.company.copy({'name': 'Talleres Ebro S.A.'})
        opportunity = self._new_opportunity(contact_name='Ana', partner_name='Talleres Ebro')
        action = opportunity.action_crm_create_customer()
        dialogs = self.env['crm.customer.choice'].with_user(self.salesman)
        form = Form(dialogs.with_context(**action['context']))
        with form.line_ids.edit(0) as line:
            line.is_new = True
            line.partner_id = self.company
            self.assertFalse(line.is_new)
            line.is_new = True
            self.assertFalse(line.partner_id)
        form.save()
        form.record.action_confirm()
        self.assertEqual(opportunity.partner_id.parent_id.name, 'Talleres Ebro')
        self.assertNotEqual(opportunity.partner_id.parent_id, self.company)

    def test_conversion_proposes_the_company_and_asks_for_the_known_caller(self):
        wizards = self.env['crm.lead2opportunity.partner'].with_user(self.salesman)

        def convert(**values):
            lead = self._new_lead(contact_name='Ana', **values)
            context = {'active_model': 'crm.lead', 'active_id': lead.id, 'active_ids': lead.ids}
            return lead, wizards.with_context(**context).create({'name': 'convert'})

        lead, wizard = convert(partner_name='Talleres Ebro, S.L.')
        self.assertEqual(wizard.commercial_partner_id, self.company)
        wizard.action_apply()
        self.assertEqual(lead.partner_id.parent_id, self.company)

        lead, wizard = convert(partner_name='Talleres Ebro, S.L.')
        wizard.commercial_partner_id = False
        wizard.action_apply()
        self.assertEqual(lead.partner_id.parent_id.name, 'Talleres Ebro, S.L.')
        self.assertNotEqual(lead.partner_id.parent_id, self.company)

        lead, wizard = convert(phone='600 111 111')
        self.assertEqual((wizard.action, wizard.crm_caller_ids), ('exist', self.contact))
        self.assertFalse(wizard.partner_id)
        wizard.partner_id = self.contact
        wizard.action_apply()
        self.assertEqual(lead.partner_id, self.contact)

    def test_mass_conversion_reuses_the_company_and_asks_about_the_others(self):
        leads = self.env['crm.lead'].union(
            self._new_lead(contact_name='Ana', partner_name='TALLERES EBRO SL'),
            self._new_lead(contact_name='Eva', partner_name='Grúas Sur'),
            self._new_lead(contact_name='Luz', partner_name='GRUAS SUR, S.A.'),
            self._new_lead(contact_name='Lucas', phone='600111111'),
        )
        action = self._open_mass(leads).action_mass_convert()
        self.assertEqual(set(leads.mapped('type')), {'opportunity'})
        ana, eva, luz, lucas = leads
        self.assertEqual(ana.partner_id.parent_id, self.company)
        self.assertEqual(eva.partner_id.parent_id, luz.partner_id.parent_id)
        self.assertFalse(lucas.partner_id)
        self.assertEqual(action['res_model'], 'crm.customer.choice')
        self.assertEqual(action['context'], {'crm_lead_ids': lucas.ids})

    def test_the_database_reads_names_as_we_do(self):
        forms = [f'Grúas & Söhne {form.upper()}' for form in KINDS]
        names = [*SPELLINGS, *forms, "O'Brien y Cía. Ltd.", 'Nordlicht GmbH & Co. KG', 'SA', '...']
        sql = SQL('SELECT name, %s FROM unnest(%s) AS name', SQL(_get_name_key_sql('name')), names)
        self.assertEqual(
            dict(self.env.execute_query(sql)), {name: get_company_key(name) for name in names}
        )

    def test_companies_are_found_through_indexes_and_many_at_once(self):
        name = SQL("'Werk ' || md5(n::text) || ' GmbH'")
        self._clone(self.company, 20000, name=name, complete_name=name, vat=SQL("'DE' || n"))
        self.env.cr.execute('ANALYZE res_partner')
        partners = self.env['res.partner'].with_user(self.salesman)
        query = partners._get_crm_companies_query({'talleres ebro', 'sur'}, {'DE77', 'DE78'})
        plan = '\n'.join(
            line for (line,) in self.env.execute_query(SQL('EXPLAIN %s', query.select()))
        )
        self.assertIn('res_partner_crm_company_name_idx', plan)
        self.assertIn('res_partner_crm_company_tax_idx', plan)
        self.assertNotIn('Seq Scan on res_partner', plan)
        wanted = [Company(SPELLINGS[n % 4], f'DE{n}') for n in range(1000)]
        few, many = (
            self._count_queries(lambda n=n: partners._find_crm_companies(wanted[:n]))
            for n in (10, 1000)
        )
        self.assertEqual(few, many)
