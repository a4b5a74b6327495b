from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import ServiceCommon


@tagged('post_install', '-at_install')
class TestPartnerHistory(ServiceCommon):
    def test_history_is_what_the_button_counts_and_opens(self):
        claims = self.create_case('service.claim', date_open='2026-03-02 09:00:00')
        claims |= self.create_case(
            'service.claim', partner_id=self.contact.id, date_open='2026-03-04 09:00:00'
        )
        claims |= self.create_case('service.claim', active=False, date_open='2026-03-03 09:00:00')
        claims[0].action_solve()
        other = self.env['res.partner'].create({'name': 'Other'})
        self.create_case('service.claim', partner_id=other.id)
        for partner, expected in (
            (self.customer, claims[1] | claims[2] | claims[0]),
            (self.contact, claims[1]),
        ):
            card = partner.with_user(self.salesman)
            self.assertEqual(card.service_claim_history_ids.ids, expected.ids)
            self.assertEqual(card.service_claim_count, len(expected))
            action = card.action_view_service_claims()
            found = self.env['service.claim'].with_context(**action['context'])
            self.assertEqual(set(found.search(action['domain']).ids), set(expected.ids))

    def test_history_shows_only_what_the_user_may_see(self):
        self.create_case('service.claim', team_id=self.desk.id, user_id=self.colleague.id)
        self.assertEqual(len(self.customer.with_user(self.colleague).service_claim_history_ids), 1)
        self.assertFalse(self.customer.with_user(self.agent).service_claim_history_ids)
        with self.assertRaises(AccessError):
            self.customer.with_user(self.employee).read(['service_claim_history_ids'])
