from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import file_path


@tagged('post_install', '-at_install')
class TestCrmCallCompany(TransactionCase):
    """A call belongs to the company that the contact was with when it was made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(cls.env, 'call_company', 'sales_team.group_sale_salesman')
        cls.old, cls.new = cls.env['res.partner'].create(
            [
                {'name': 'Bodegas Alba', 'is_company': True},
                {'name': 'Bodegas Brisa', 'is_company': True},
            ]
        )
        cls.contact = cls.env['res.partner'].create({'name': 'Rosa', 'parent_id': cls.old.id})
        cls.call = cls.create_call()

    @classmethod
    def create_call(cls, **values):
        return cls.env['crm.call'].create(
            {
                'name': 'About prices',
                'partner_id': cls.contact.id,
                'user_id': cls.salesman.id,
                **values,
            }
        )

    def leave(self):
        self.contact.parent_id = self.new
        self.env.flush_all()
        self.env.invalidate_all()

    def count(self, field):
        self.env.invalidate_all()
        partners = (self.old | self.new | self.contact).with_user(self.salesman)
        return partners.mapped(field)

    def test_calls_stay_with_the_former_employer(self):
        self.leave()
        self.assertEqual(self.call.commercial_partner_id, self.old)
        self.assertEqual(self.count('crm_call_count'), [1, 0, 1])
        self.create_call()
        self.assertEqual(self.count('crm_call_count'), [1, 1, 2])

    def test_who_says_the_same_customer_again_sets_none(self):
        self.leave()
        other = self.create_call(partner_id=self.old.id)
        calls = (self.call | other).with_user(self.salesman)
        calls.write({'partner_id': self.contact.id, 'name': 'About quantities'})
        self.assertEqual(self.call.commercial_partner_id, self.old)
        self.assertEqual(other.commercial_partner_id, self.new, 'a contact of today')
        self.assertEqual(calls.mapped('name'), ['About quantities'] * 2)

    def test_timeline_stays_with_the_former_employer(self):
        self.leave()
        row = self.env['crm.interaction'].search(
            [('res_model', '=', 'crm.call'), ('res_id', '=', self.call.id)]
        )
        self.assertEqual(row.commercial_partner_id, self.old)
        self.assertEqual(self.count('crm_interaction_count'), [1, 0, 1])

    def test_lists_show_what_the_counters_count(self):
        self.leave()
        self.create_call()
        for partner in (self.old | self.new | self.contact).with_user(self.salesman):
            for model_name, field, method in (
                ('crm.call', 'crm_call_count', 'action_view_crm_calls'),
                ('crm.interaction', 'crm_interaction_count', 'action_view_crm_interactions'),
            ):
                found = partner.env[model_name].search(getattr(partner, method)()['domain'])
                self.assertEqual(len(found), partner[field], (partner.name, field))

    def test_what_a_person_did_alone_comes_along_to_her_first_company(self):
        self.contact.parent_id = False
        self.create_call()
        self.leave()
        self.assertEqual(self.count('crm_call_count'), [1, 1, 2])

    def test_holding_counts_what_its_companies_had_at_the_time(self):
        holding = self.env['res.partner'].create({'name': 'Alba Group', 'is_company': True})
        self.old.parent_id = holding
        self.leave()
        self.assertEqual(holding.with_user(self.salesman).crm_call_count, 1)

    def test_department_counts_its_people(self):
        department = self.env['res.partner'].create({'name': 'Sales', 'parent_id': self.old.id})
        self.contact.parent_id = department
        self.assertEqual(department.with_user(self.salesman).crm_call_count, 1)
        self.assertEqual(self.count('crm_call_count'), [1, 0, 1])

    def test_merged_contacts_lead_to_the_company_of_the_one_that_stays(self):
        twin = self.env['res.partner'].create({'name': 'Rosa'})
        call = self.create_call(partner_id=twin.id)
        wizard = self.env['base.partner.merge.automatic.wizard'].create({})
        wizard._merge((twin | self.contact).ids, self.contact)
        self.env.invalidate_all()
        self.assertEqual(call.partner_id, self.contact)
        self.assertEqual(call.commercial_partner_id, self.old)

    def test_migration_gives_existing_calls_the_company_of_today(self):
        path = file_path('crm_extended/migrations/19.0.1.1.0/pre-commercial-partner.py')
        self.env.flush_all()
        self.env.cr.execute('ALTER TABLE crm_call DROP COLUMN commercial_partner_id')
        load_script(path, 'pre-company-of-calls').migrate(self.env.cr, '19.0.1.0.0')
        self.env.invalidate_all()
        self.assertEqual(self.call.commercial_partner_id, self.old)
