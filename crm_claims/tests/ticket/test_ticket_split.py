from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import ServiceCommon


@tagged('post_install', '-at_install')
class TestTicketSplit(ServiceCommon):
    def setUp(self):
        super().setUp()
        self.ticket = self.create_case(user_id=self.agent.id, priority='2')
        self.first, self.second = (
            self.ticket.message_post(
                body=body,
                author_id=self.contact.id,
                message_type='email',
                attachments=[('photo.txt', b'x')],
            )
            for body in ('It leaks', 'And the pump is loud')
        )

    def split(self, messages, user=None, name='Loud pump'):
        wizard = (
            self.env['service.ticket.split']
            .with_user(user or self.agent)
            .with_context(active_id=self.ticket.id)
            .create({'name': name, 'message_ids': messages.ids})
        )
        action = wizard.action_split()
        return self.env['service.ticket'].browse(action['res_id'])

    def test_chosen_messages_move_to_a_new_ticket_with_a_trace(self):
        new = self.split(self.second)
        self.assertRecordValues(
            new,
            [
                {
                    'name': 'Loud pump',
                    'split_from_id': self.ticket.id,
                    'partner_id': self.customer.id,
                    'team_id': self.repairs.id,
                    'user_id': self.agent.id,
                    'priority': '2',
                    'stage_kind': 'new',
                }
            ],
        )
        self.assertEqual(self.second.res_id, new.id)
        self.assertEqual(self.second.attachment_ids.res_id, new.id)
        self.assertEqual(self.first.res_id, self.ticket.id)
        self.assertIn(new.number, self.ticket.message_ids[0].body)
        self.assertIn(self.ticket.number, new.message_ids[0].body)

    def test_nothing_chosen_and_messages_of_others_are_refused(self):
        with self.assertRaisesRegex(UserError, 'Choose the messages'):
            self.split(self.first.browse())
        stranger = self.create_case().message_post(body='x', message_type='comment')
        with self.assertRaisesRegex(UserError, 'Only messages of'):
            self.split(stranger)
        self.assertFalse(self.env['service.ticket'].search([('split_from_id', '!=', False)]))

    def test_agent_of_another_team_splits_nothing(self):
        with self.assertRaises(AccessError):
            self.split(self.second, user=self.colleague)
        self.assertEqual(self.second.res_id, self.ticket.id)
