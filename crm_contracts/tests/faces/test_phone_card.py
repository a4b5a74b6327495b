from odoo.tests import tagged

from odoo.addons.crm_extended.tests.phone import PhoneCase


@tagged('post_install', '-at_install')
class TestPhoneCard(PhoneCase):
    """Who answers the phone sees all that is open with who calls, at once."""

    def test_card_with_everything_open_takes_few_queries(self):
        clerk = self._new_user(
            'clerk', 'sales_team.group_sale_manager,crm_claims.crm_claims_group_manager'
        )
        self.line.extension_ids[0].user_ids = clerk
        for number in range(5):
            customer = {'name': f'Forklift {number}', 'partner_id': self.contact.id}
            self._new_lead(type='opportunity', **customer)
            self.env['service.ticket'].create(customer)
            self.env['service.claim'].create(customer)
            self.env['crm.contract'].create({**customer, 'state': 'open'})
        call = self._tell('ringing').with_user(clerk)
        card = call.action_get_phone_card()
        self.assertEqual(
            {group['model']: len(group['records']) for group in card['documents']},
            dict.fromkeys(('crm.lead', 'service.ticket', 'service.claim', 'crm.contract'), 4),
        )
        self.assertLessEqual(self._count_queries(call.action_get_phone_card), 10)
