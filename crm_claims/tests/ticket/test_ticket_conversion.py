from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import SALESMAN, ServiceCommon


@tagged('post_install', '-at_install')
class TestTicketConversion(ServiceCommon):
    def setUp(self):
        super().setUp()
        self.ticket = self.create_case(
            user_id=self.agent.id,
            partner_id=self.contact.id,
            phone='+34 600 111 222',
            description='<p>Oil everywhere</p>',
            priority='3',
        )

    def test_claim_is_made_once_and_linked_back(self):
        ticket = self.ticket.with_user(self.agent)
        action = ticket.action_convert_to_claim()
        claim = self.ticket.claim_id
        self.assertEqual((action['res_model'], action['res_id']), ('service.claim', claim.id))
        self.assertRecordValues(
            claim,
            [
                {
                    'name': self.ticket.name,
                    'partner_id': self.contact.id,
                    'phone': '+34 600 111 222',
                    'team_id': self.repairs.id,
                    'user_id': self.agent.id,
                    'priority': '3',
                    'ticket_ids': self.ticket.ids,
                }
            ],
        )
        self.assertIn('Oil everywhere', claim.description)
        self.assertIn(claim.number, self.ticket.message_ids[0].body)
        self.assertIn(self.ticket.number, claim.message_ids[0].body)
        self.assertEqual(ticket.action_convert_to_claim()['res_id'], claim.id)

    def test_lead_is_made_once_by_who_may_sell(self):
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.agent).action_convert_to_lead()
        self.agent.group_ids = [Command.link(self.env.ref(SALESMAN).id)]
        ticket = self.ticket.with_user(self.agent)
        action = ticket.action_convert_to_lead()
        lead = self.ticket.lead_id
        self.assertEqual((action['res_model'], action['res_id']), ('crm.lead', lead.id))
        self.assertRecordValues(lead, [{'partner_id': self.contact.id, 'type': 'lead'}])
        self.assertEqual(ticket.action_convert_to_lead()['res_id'], lead.id)
        back = lead.with_user(self.agent).action_view_service_ticket()
        self.assertEqual(back['res_id'], self.ticket.id)

    def test_reader_opens_what_was_made_and_makes_nothing(self):
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.salesman).action_convert_to_claim()
        self.ticket.action_convert_to_claim()
        action = self.ticket.with_user(self.salesman).action_convert_to_claim()
        self.assertEqual(action['res_id'], self.ticket.claim_id.id)

    def test_merged_ticket_becomes_nothing(self):
        older = self.create_case(partner_id=self.contact.id, date_open='2026-03-01 09:00:00')
        (older | self.ticket).action_merge()
        with self.assertRaisesRegex(UserError, 'merged'):
            self.ticket.action_convert_to_claim()

    def test_survivor_of_a_merge_keeps_the_claim(self):
        older = self.create_case(partner_id=self.contact.id, date_open='2026-03-01 09:00:00')
        self.ticket.action_convert_to_claim()
        claim = self.ticket.claim_id
        (older | self.ticket).action_merge()
        self.assertEqual(older.claim_id, claim)
        self.assertEqual(older.action_convert_to_claim()['res_id'], claim.id)
