from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..phone import PhoneCase


@tagged('post_install', '-at_install')
class TestPhoneCard(PhoneCase):
    """Who calls, and what is open with him: no more than the user may read."""

    def _get_card(self, call, user=None):
        return call.with_user(user or self.salesman).action_get_phone_card()

    def test_card_tells_the_customer_and_what_is_open(self):
        mine = self._new_lead(type='opportunity', name='Mine', partner_id=self.company.id)
        self._new_lead(name='His', user_id=self.colleague.id, partner_id=self.contact.id)
        self._new_lead(name='Lost', partner_id=self.contact.id).action_set_lost()
        card = self._get_card(self._tell('ringing'))
        self.assertEqual(
            card['partner'], {'id': self.contact.id, 'name': self.contact.display_name}
        )
        [group] = [group for group in card['documents'] if group['model'] == 'crm.lead']
        self.assertEqual(group['records'], [{'id': mine.id, 'name': 'Mine'}])
        self.assertFalse(group['has_more'])
        leads = self.env['crm.lead'].with_user(self.salesman)
        self.assertEqual(leads.search(group['domain']), mine)
        self.assertEqual(card['can'], {'call': True, 'lead': True, 'partner': True})

    def test_more_than_a_few_open_as_a_list(self):
        for number in range(5):
            self._new_lead(name=f'Lead {number}', partner_id=self.contact.id)
        [group] = self._get_card(self._tell('ringing'))['documents']
        self.assertEqual((len(group['records']), group['has_more']), (4, True))

    def test_several_with_the_number_are_offered_and_one_is_chosen(self):
        twin = self.env['res.partner'].create({'name': 'Luis', 'phone': '600111111'})
        call = self._tell('ringing')
        card = self._get_card(call)
        self.assertFalse(card['partner'])
        offered = {choice['id'] for choice in card['choices']}
        self.assertEqual(offered, {self.contact.id, twin.id})
        call.with_user(self.salesman).action_choose_caller(twin.id)
        self.assertEqual(self._get_card(call)['partner']['id'], twin.id)
        with self.assertRaises(AccessError):
            call.with_user(self.outsider).action_choose_caller(self.contact.id)

    def test_unknown_number_offers_to_create(self):
        card = self._get_card(self._tell('ringing', **{'from': '976 33 33 33'}))
        self.assertFalse(card['partner'] or card['choices'] or card['documents'])
        self.assertEqual(card['number'], '976333333')

    def test_only_whom_it_rings_at_or_who_reads_the_call_is_told(self):
        call = self._tell('ringing')
        self._get_card(call, self.coordinator)
        for user in (self.colleague, self.outsider, self.portal):
            with self.assertRaises(AccessError):
                self._get_card(call, user)
        self.line.extension_ids[0].user_ids = self.outsider
        card = self._get_card(self._tell('ringing', '8'), self.outsider)
        self.assertEqual(card['partner']['id'], self.contact.id)
        self.assertFalse(card['documents'] or card['can']['call'] or card['can']['lead'])

    def test_who_is_not_at_the_phone_any_more_changes_no_customer(self):
        self.line.extension_ids[0].user_ids = self.outsider
        call = self._tell('ringing')
        with self.assertRaises(AccessError):
            call.with_user(self.outsider).action_choose_caller(self.other_customer.id)
        self.assertEqual(call.partner_id, self.contact)

    def test_pop_up_takes_few_queries(self):
        self._new_lead(type='opportunity', partner_id=self.company.id)
        call = self._tell('ringing')
        self._get_card(call)
        count = self._count_queries(lambda: self._get_card(call))
        self.assertLessEqual(count, 10)
