from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import AGENT
from .common import ServiceMailCommon

FORWARDED = """See below.

From: Marta Ruiz <marta@beta.example>
Sent: Monday
To: Carlos
Subject: Broken

It does not print."""


@tagged('post_install', '-at_install')
class TestMailForward(ServiceMailCommon):
    """A customer's mail that a colleague passes on, and the requests of colleagues."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carlos = new_test_user(cls.env, 'carlos', AGENT, email='carlos@ours.example.com')
        cls.repairs.member_ids += cls.carlos
        cls.marta = cls.env['res.partner'].create({'name': 'Marta', 'email': 'marta@beta.example'})

    def forward(self, **heads):
        return self.receive(
            FORWARDED, From='carlos@ours.example.com', Subject='FW: Broken', **heads
        )

    def test_original_sender_is_the_customer_until_somebody_says_otherwise(self):
        case = self.forward()
        self.assertRecordValues(
            case,
            [
                {
                    'name': 'Broken',
                    'partner_id': self.marta.id,
                    'email_normalized': 'marta@beta.example',
                    'forwarded_by_id': self.carlos.partner_id.id,
                    'forwarded_from': '"Marta Ruiz" <marta@beta.example>',
                }
            ],
        )
        self.assertFalse(self.get_acknowledgement(case), 'she did not write to us')
        mail = case.message_ids.filtered(lambda message: message.message_type == 'email')
        self.assertEqual(mail.author_id, self.carlos.partner_id)

    def test_customer_is_confirmed_with_one_tap_and_acknowledged_once(self):
        case = self.forward().with_user(self.agent)
        case.action_confirm_forward()
        self.assertFalse(case.forwarded_by_id)
        self.assertEqual(self.get_acknowledgement(case).partner_ids, self.marta)
        case.action_confirm_forward()
        self.assertEqual(len(self.get_acknowledgement(case)), 1)

    def test_case_becomes_the_colleagues_own_with_one_tap(self):
        case = self.forward().with_user(self.agent)
        case.action_keep_forwarder()
        self.assertRecordValues(
            case,
            [
                {
                    'partner_id': self.carlos.partner_id.id,
                    'email_normalized': 'carlos@ours.example.com',
                    'forwarded_by_id': False,
                }
            ],
        )

    def test_who_may_not_change_the_case_decides_nothing(self):
        case = self.forward().with_user(self.salesman)
        for action in (case.action_confirm_forward, case.action_keep_forwarder):
            self.assertRaises(AccessError, action)

    def test_customers_who_pass_something_on_stay_the_customers(self):
        case = self.receive(FORWARDED, Subject='FW: Broken')
        self.assertEqual(case.partner_id, self.contact)
        self.assertFalse(case.forwarded_by_id)

    def test_answer_of_the_customer_that_is_passed_on_moves_the_case(self):
        case = self.forward()
        case.stage_id = self.stages['waiting']
        sent = case.message_ids.sorted('id')[-1:]
        heads = {'From': 'carlos@ours.example.com', 'References': sent.message_id}
        self.receive(FORWARDED, Subject='Re: Broken', **heads)
        self.assertEqual(case.stage_kind, 'waiting', 'an answer of ours quotes the customer')
        self.receive(FORWARDED, Subject='FW: Broken', **heads)
        self.assertEqual(case.stage_kind, 'open')

    def test_colleague_who_is_the_customer_is_answered_and_reopens_like_any(self):
        case = self.receive(From='carlos@ours.example.com')
        self.assertEqual(case.partner_id, self.carlos.partner_id)
        self.assertEqual(self.get_acknowledgement(case).partner_ids, self.carlos.partner_id)
        for kind in ('waiting', 'solved'):
            case.stage_id = self.stages[kind]
            self.answer(case, 'carlos@ours.example.com')
            self.assertEqual(case.stage_kind, 'open')
        case.user_id = self.carlos
        case.stage_id = self.stages['waiting']
        self.answer(case, 'carlos@ours.example.com')
        self.assertEqual(case.stage_kind, 'waiting', 'whoever works on it is no customer of it')
