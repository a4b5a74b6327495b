from odoo.tests import tagged

from ..common import ServiceCommon


@tagged('post_install', '-at_install')
class TestPhoneCardCases(ServiceCommon):
    """Whoever answers the phone sees the open cases of who calls, those that he may read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref('base.es')
        cls.contact.phone = '600 10 02 00'
        cls.line = cls.env['crm.phone.line'].create(
            {'name': 'Office', 'user_ids': (cls.agent | cls.employee).ids}
        )

    def test_agent_sees_the_open_cases_of_the_company_and_of_no_colleague(self):
        ticket = self.create_case(user_id=self.agent.id)
        claim = self.create_case('service.claim', user_id=self.agent.id)
        self.create_case(team_id=self.desk.id, user_id=self.colleague.id)
        self.create_case(user_id=self.agent.id).action_solve()
        line = self.env['crm.phone.line'].sudo()._find_by_token(self.line.token)
        call = line._receive({'from': '0034600100200', 'state': 'ringing'})
        card = call.with_user(self.agent).action_get_phone_card()
        self.assertEqual(card['partner']['id'], self.contact.id)
        shown = {
            group['model']: [record['id'] for record in group['records']]
            for group in card['documents']
        }
        self.assertEqual(shown, {'service.ticket': ticket.ids, 'service.claim': claim.ids})
        self.assertFalse(call.with_user(self.employee).action_get_phone_card()['documents'])
