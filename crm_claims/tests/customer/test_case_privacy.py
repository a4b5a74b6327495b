from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common import CASE_MODELS
from ..mail.common import ServiceMailCommon
from .common import PORTAL


@tagged('post_install', '-at_install')
class TestCasePrivacy(ServiceMailCommon):
    """Lucía writes in private; Bruno works for the same customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lucia = new_test_user(cls.env, 'privacy_lucia', PORTAL, partner_id=cls.contact.id)
        cls.contact.email = 'lucia@altozano.example.com'
        cls.bruno = new_test_user(
            cls.env, 'privacy_bruno', PORTAL, email='bruno@altozano.example.com'
        )
        cls.bruno.partner_id.parent_id = cls.customer

    def receive_private(self, **heads):
        case = self.receive(**heads)
        case.with_user(self.agent).is_private = True
        return case

    def assert_private(self, case):
        self.assertTrue(case)
        self.assertTrue(case.with_user(self.lucia).has_access('read'))
        self.assertFalse(case.with_user(self.bruno).has_access('read'))

    def test_what_follows_a_private_case_is_private(self):
        for model_name in CASE_MODELS:
            to = self.to_claims if model_name == 'service.claim' else self.to_tickets
            case = self.receive_private(To=to)
            case.action_solve()
            case.sudo().date_open -= timedelta(days=30)
            case.sudo().date_closed = fields.Datetime.now() - timedelta(days=20)
            self.assert_private(self.answer(case))

    def test_what_a_private_ticket_is_split_into_or_becomes_is_private(self):
        ticket = self.receive_private()
        self.answer(ticket)
        first = ticket.message_ids.filtered(lambda message: message.message_type == 'email')[:1]
        self.assert_private(ticket.with_user(self.agent)._split(first, 'Another matter'))
        ticket.with_user(self.agent).action_convert_to_claim()
        self.assert_private(ticket.claim_id)

    def test_merge_keeps_what_is_private_from_everybody_else(self):
        first, second = self.receive(), self.receive_private()
        first.message_subscribe(self.bruno.partner_id.ids)
        (first | second).with_user(self.agent).action_merge()
        self.assert_private(first)
        self.assertNotIn(self.bruno.partner_id, first.message_partner_ids)
        first.with_user(self.agent).action_undo_merge()
        self.assertEqual((first.is_private, second.is_private), (False, True))
        third = self.receive(From='bruno@altozano.example.com')
        for force in (False, True):
            with self.assertRaisesRegex(UserError, 'is private and can only be merged'):
                (second | third).action_merge(force=force)

    def test_colleagues_of_the_contact_neither_write_to_it_nor_hear_of_it(self):
        case = self.receive()
        outsider = self.env['res.partner'].create({'name': 'Ivo', 'email': 'ivo@example.com'})
        case.message_subscribe((self.bruno.partner_id | self.customer | outsider).ids)
        case.with_user(self.agent).is_private = True
        self.assertIn(outsider, case.message_partner_ids)
        self.assertFalse(case.message_partner_ids & (self.bruno.partner_id | self.customer))
        subject = f'[{case.number}] more'
        self.assertTrue(self.receive(From='bruno@altozano.example.com', Subject=subject))
        self.assertFalse(self.receive(Subject=subject))
