from odoo.exceptions import AccessError
from odoo.modules.migration import load_script
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, file_path

from ..common import CASE_MODELS
from ..customer.common import PORTAL, ServicePortalCommon

COUNTERS = {'service.claim': 'service_claim_count', 'service.ticket': 'service_ticket_count'}


@tagged('post_install', '-at_install')
class TestCaseCompanyOfItsTime(ServicePortalCommon):
    """Lucía wrote for Bodegas Altozano and goes to Bodegas Serra."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new_employer = cls.env['res.partner'].create(
            {'name': 'Bodegas Serra', 'is_company': True}
        )
        cls.old_colleague, cls.new_colleague = (
            new_test_user(
                cls.env,
                login,
                PORTAL,
                partner_id=cls.env['res.partner']
                .create({'name': login, 'parent_id': employer.id})
                .id,
            )
            for login, employer in (
                ('service_old_colleague', cls.customer),
                ('service_new_colleague', cls.new_employer),
            )
        )
        cls.cases = [
            cls.create_case(model_name, partner_id=cls.contact.id) for model_name in CASE_MODELS
        ]

    def leave(self):
        self.contact.parent_id = self.new_employer
        self.env.flush_all()
        self.env.invalidate_all()

    def test_case_stays_with_the_former_employer(self):
        for case in self.cases:
            self.assertTrue(case.with_user(self.lucia).has_access('read'))
        self.leave()
        for case in self.cases:
            self.assertEqual(case.commercial_partner_id, self.customer)
            self.assertEqual(case.with_user(self.old_colleague).name, case.name)
            for stranger in (self.new_colleague, self.lucia):
                with self.assertRaises(AccessError):
                    case.with_user(stranger).read(['name'])

    def test_new_case_belongs_to_the_new_employer(self):
        self.leave()
        for model_name in CASE_MODELS:
            case = self.create_case(model_name, partner_id=self.contact.id)
            self.assertEqual(case.commercial_partner_id, self.new_employer)
            self.assertTrue(case.with_user(self.new_colleague).has_access('read'))
            self.assertFalse(case.with_user(self.old_colleague).has_access('read'))

    def test_another_customer_of_a_case_brings_another_company(self):
        for case in self.cases:
            case.partner_id = self.rival.partner_id
            self.assertEqual(case.commercial_partner_id, self.rival.partner_id)
            self.assertFalse(case.with_user(self.old_colleague).has_access('read'))

    def test_pages_of_the_portal_go_by_the_company_of_the_time(self):
        self.leave()
        for user, status in ((self.old_colleague, 200), (self.new_colleague, 303)):
            self.enter(user)
            for case in self.cases:
                self.assertEqual(self.get(case.access_url).status_code, status)
        self.enter(self.old_colleague)
        for case in self.cases:
            self.assertEqual(self.post(f'{case.access_url}/close').status_code, 303)
            self.assertEqual(case.stage_kind, 'solved')

    def test_who_joins_a_company_keeps_what_was_hers_alone(self):
        self.contact.parent_id = False
        private = self.create_case(partner_id=self.contact.id)
        self.leave()
        self.assertTrue(private.with_user(self.lucia).has_access('read'))
        self.assertTrue(private._is_own_of(self.lucia))
        self.assertFalse(private.with_user(self.new_colleague).has_access('read'))

    def test_counters_do_not_move(self):
        partners = self.customer | self.new_employer | self.contact
        before = [partners.mapped(field) for field in COUNTERS.values()]
        self.leave()
        self.assertEqual([partners.mapped(field) for field in COUNTERS.values()], before)
        self.assertEqual(before, [[1, 0, 1], [1, 0, 1]])

    def test_lists_show_what_the_counters_count(self):
        self.leave()
        for model_name in CASE_MODELS:
            self.create_case(model_name, partner_id=self.contact.id)
        for partner in self.customer | self.new_employer | self.contact:
            for model_name, field in COUNTERS.items():
                method = f'action_view_{model_name.replace(".", "_")}s'
                domain = getattr(partner, method)()['domain']
                found = self.env[model_name].with_context(active_test=False).search(domain)
                self.assertEqual(len(found), partner[field], (partner.name, field))
        self.assertEqual(self.contact.service_claim_count, 2, 'everything with her')
        self.assertEqual(self.new_employer.service_claim_count, 1)
        self.assertEqual(len(self.new_employer.service_claim_history_ids), 1)
        self.assertEqual(len(self.customer.service_claim_history_ids), 1)
        self.assertEqual(len(self.contact.service_claim_history_ids), 2)

    def test_timeline_stays_with_the_former_employer(self):
        self.leave()
        for case in self.cases:
            row = self.env['crm.interaction'].search(
                [('res_model', '=', case._name), ('res_id', '=', case.id)]
            )
            self.assertEqual(row.commercial_partner_id, self.customer)

    def test_activity_on_a_case_stays_with_the_former_employer(self):
        case = self.cases[1]
        activity = case.activity_schedule('mail.mail_activity_data_todo', summary='Look')
        self.leave()
        row = self.env['crm.interaction'].search(
            [('res_model', '=', 'mail.activity'), ('res_id', '=', activity.id)]
        )
        self.assertEqual(row.commercial_partner_id, self.customer)

    # === WHAT IS MADE FROM A CASE === #

    def test_split_and_converted_cases_stay_with_the_company_of_the_first(self):
        ticket = self.cases[1]
        message = ticket.message_post(body='And another thing')
        self.leave()
        ticket.action_convert_to_claim()
        made = [ticket._split(message, 'Another thing'), ticket.claim_id]
        for case in made:
            self.assertEqual(case.partner_id, self.contact)
            self.assertEqual(case.commercial_partner_id, self.customer)

    def test_merge_asks_about_the_companies_of_the_time(self):
        ticket = self.cases[1]
        self.leave()
        later = self.create_case(partner_id=self.contact.id)
        self.assertTrue((ticket | later)._has_several_customers())
        colleague = self.create_case(partner_id=self.old_colleague.partner_id.id)
        self.assertFalse((ticket | colleague)._has_several_customers())

    def test_survivor_without_a_customer_takes_the_company_of_the_time(self):
        survivor = self.create_case(partner_id=False, date_open='2026-01-01 10:00:00')
        ticket = self.cases[1]
        self.leave()
        (survivor | ticket).action_merge()
        self.assertEqual(survivor.partner_id, self.contact)
        self.assertEqual(survivor.commercial_partner_id, self.customer)

    # === CONTACTS THAT TURN OUT TO BE ONE === #

    def merge(self, gone, stays):
        wizard = self.env['base.partner.merge.automatic.wizard'].create({})
        wizard._merge((gone | stays).ids, stays)
        self.env.invalidate_all()

    def test_merged_companies_have_the_cases_of_both(self):
        self.old_colleague.partner_id.parent_id = False
        self.merge(self.customer, self.new_employer)
        for case in self.cases:
            self.assertEqual(case.commercial_partner_id, self.new_employer)
            self.assertTrue(case.with_user(self.new_colleague).has_access('read'))

    def test_merged_contact_leads_to_the_company_of_the_one_that_stays(self):
        twin = self.env['res.partner'].create({'name': 'Lucía', 'email': 'l@example.com'})
        case = self.create_case(partner_id=twin.id)
        self.assertEqual(case.commercial_partner_id, twin)
        self.merge(twin, self.contact)
        self.assertEqual(case.partner_id, self.contact)
        self.assertEqual(case.commercial_partner_id, self.customer)

    # === SCALE AND MIGRATION === #

    def test_moved_contacts_cost_no_query_each(self):
        def count(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners.mapped('service_claim_count')
            return self.env.cr.sql_log_count - before

        contacts = self.env['res.partner'].create(
            [{'name': f'Mover {n}', 'parent_id': self.customer.id} for n in range(20)]
        )
        for contact in contacts:
            self.create_case('service.claim', partner_id=contact.id)
        count(self.customer)
        few = count(self.customer)
        contacts.parent_id = self.new_employer
        self.assertLessEqual(count(self.customer | self.new_employer), few)
        self.assertEqual(self.customer.service_claim_count, 21)

    def test_migration_gives_existing_cases_the_company_of_today(self):
        script = load_script(
            file_path('crm_claims/migrations/19.0.1.1.0/pre-commercial-partner.py'), 'pre-company'
        )
        self.env.flush_all()
        for case in self.cases:
            self.env.cr.execute(
                SQL(
                    'ALTER TABLE %s DROP COLUMN commercial_partner_id CASCADE',
                    SQL.identifier(case._table),
                )
            )
        script.migrate(self.env.cr, '19.0.1.0.0')
        self.env.invalidate_all()
        for case in self.cases:
            self.assertEqual(case.commercial_partner_id, self.customer)
        script.migrate(self.env.cr, '19.0.1.0.0')
