from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import ServiceCommon

COUNTERS = (
    ('service.claim', 'service_claim_count', 'action_view_service_claims'),
    ('service.ticket', 'service_ticket_count', 'action_view_service_tickets'),
)


@tagged('post_install', '-at_install')
class TestPartnerCounters(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archived = cls.env['res.partner'].create(
            {
                'name': 'Former buyer',
                'parent_id': cls.customer.id,
                'active': False,
            }
        )
        cls.stranger = cls.env['res.partner'].create({'name': 'Somebody else'})
        for model_name, _field, _action in COUNTERS:
            for partner in (cls.customer, cls.contact, cls.archived, cls.stranger):
                cls.create_case(model_name, partner_id=partner.id)
            cls.create_case(model_name, partner_id=cls.contact.id).action_solve()
            cls.create_case(model_name, partner_id=cls.contact.id, active=False)
            cls.create_case(
                model_name,
                partner_id=cls.contact.id,
                team_id=cls.desk.id,
                user_id=cls.colleague.id,
            )

    def open_list(self, partner, method):
        action = getattr(partner, method)()
        self.assertEqual(action['views'][0][1], 'list', 'no folded stage hides a part')
        context = dict(action['context'])
        self.assertFalse([key for key in context if key.startswith('search_default_')])
        return (
            self.env[action['res_model']]
            .with_user(partner.env.user)
            .with_context(
                **context,
            )
            .search(action['domain'])
        )

    def test_counter_equals_the_list_it_opens(self):
        expected = {
            self.customer: {self.salesman: 6, self.manager: 6, self.agent: 5, self.colleague: 6},
            self.contact: {self.salesman: 4, self.manager: 4, self.agent: 3, self.colleague: 4},
            self.archived: {self.salesman: 1, self.agent: 1},
        }
        for partner, counts in expected.items():
            for user, count in counts.items():
                for _model, field, method in COUNTERS:
                    with self.subTest(partner=partner.name, user=user.login, field=field):
                        record = partner.with_user(user)
                        self.assertEqual(record[field], count)
                        self.assertEqual(len(self.open_list(record, method)), count)

    def test_counters_of_a_company_and_its_contact_read_together(self):
        partners = (self.customer | self.contact | self.stranger).with_user(self.salesman)
        self.assertEqual(partners.mapped('service_claim_count'), [6, 4, 1])

    def test_counter_is_closed_to_an_employee_without_a_role(self):
        with self.assertRaises(AccessError):
            self.customer.with_user(self.employee).read(['service_claim_count'])
        arch = self.env['res.partner'].with_user(self.employee).get_view(view_type='form')['arch']
        self.assertNotIn('service_claim_count', arch)

    def test_kanban_card_shows_the_counts_to_who_may_see_them(self):
        def labels(user):
            self.customer.invalidate_recordset(['application_statistics'])
            return {
                entry['iconClass']: entry['value']
                for entry in self.customer.with_user(user).application_statistics or []
            }

        self.assertEqual(labels(self.salesman)['fa-life-ring'], 6)
        self.assertEqual(labels(self.agent)['fa-exclamation-triangle'], 5)
        self.assertNotIn('fa-life-ring', labels(self.employee))
