from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import CASE_MODELS, SALESMAN, ServiceCommon


@tagged('post_install', '-at_install')
class TestCrmInteraction(ServiceCommon):
    def _rows(self, user):
        domain = [('commercial_partner_id', '=', self.customer.id)]
        return self.env['crm.interaction'].with_user(user).search(domain)

    def test_cases_are_interactions_of_their_customer(self):
        cases = {
            name: self.create_case(name, partner_id=self.contact.id, user_id=self.agent.id)
            for name in CASE_MODELS
        }
        rows = self._rows(self.salesman)
        self.assertEqual(sorted(rows.mapped('kind')), ['claim', 'ticket'])
        for row in rows:
            case = cases[row.res_model]
            with self.subTest(kind=row.kind):
                self.assertEqual(row.res_id, case.id)
                self.assertEqual(row.date, case.date_open)
                self.assertEqual(row.user_id, self.agent)
                self.assertFalse(row.team_id)
                action = row.action_open()
                self.assertEqual((action['res_model'], action['res_id']), (case._name, case.id))
        self.assertEqual(self.customer.with_user(self.salesman).crm_interaction_count, 2)

    def test_activities_of_cases_are_interactions(self):
        for name in CASE_MODELS:
            case = self.create_case(name)
            case.activity_schedule('mail.mail_activity_data_todo', user_id=self.agent.id)
        kinds = sorted(self._rows(self.salesman).mapped('kind'))
        self.assertEqual(kinds, ['activity', 'activity', 'claim', 'ticket'])

    def test_rights_on_cases_hold(self):
        case = self.create_case(user_id=self.colleague.id, team_id=self.desk.id)
        company, _team = self.create_foreign_company()
        stranger = new_test_user(
            self.env,
            'service_stranger',
            SALESMAN,
            company_id=company.id,
            company_ids=company.ids,
        )
        row = self._rows(self.salesman)
        self.assertEqual(row.res_id, case.id)
        self.assertFalse(self._rows(stranger))
        with self.assertRaises(AccessError):
            row.with_user(stranger).read(['name'])
        with self.assertRaises(AccessError):
            self._rows(self.employee)
        self.assertFalse(case.with_user(self.agent).has_access('read'))
        self.agent.group_ids += self.env.ref(SALESMAN)
        self.assertEqual(
            bool(self._rows(self.agent)), case.with_user(self.agent).has_access('read')
        )
