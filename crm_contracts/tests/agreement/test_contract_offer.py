from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import Form, freeze_time, tagged

from ..common import ContractCase
from ..faces.test_contract_document import PICTURE


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractOffer(ContractCase):
    """An offer from our side: made, changed, taken back, taken."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = 'bodegas@example.com'
        cls.env.company.quotation_validity_days = 30
        cls.contract = cls.create_contract(
            line_ids=[(0, 0, {'name': 'Support', 'price_unit': 100.0})],
            rate_ids=[(0, 0, {'product_uom_id': cls.env.ref('uom.product_uom_hour').id})],
            bill_time=True,
        )

    def _send_offer(self, contract):
        action = contract.with_user(self.salesman).action_offer()
        composer = self.env['mail.compose.message'].with_user(self.salesman)
        Form(composer.with_context(**action['context'])).save()._action_send_mail()

    def test_sending_the_mail_makes_the_offer(self):
        self.contract.with_user(self.salesman).action_offer()
        self.assertEqual(self.contract.state, 'draft')
        self._send_offer(self.contract)
        self.assertEqual(self.contract.state, 'offered')
        self.assertEqual(self.contract.date_offered, Date.to_date('2026-03-31'))
        self.assertEqual(self.contract.date_offer_end, Date.to_date('2026-04-30'))
        message = self.contract.message_ids.filtered('partner_ids')
        self.assertEqual(message.partner_ids, self.customer)
        self.assertEqual(len(message.attachment_ids), 1)
        self.assertIn('4/30/2026', message.body)

    def test_an_offer_has_neither_term_nor_account_nor_anything_to_bill(self):
        self.contract.action_mark_offered()
        self.assertFalse(self.contract.term_ids)
        self.assertFalse(self.contract.analytic_account_id)
        self.assertFalse(self.contract.is_to_bill)
        self.assertFalse(self.contract.mrr)
        self.assertFalse(self.contract._bill('2026-12-31'))
        self.run_cron()
        self.assertEqual(self.contract.state, 'offered')
        self.assertFalse(self.contract.mrr_movement_ids)

    def test_an_offer_is_confirmed_like_a_draft(self):
        self.contract.action_mark_offered()
        self.contract.with_user(self.salesman).action_confirm()
        self.assertEqual(self.contract.state, 'open')
        self.assertTrue(self.contract.term_ids)
        with self.assertRaisesRegex(UserError, 'cannot become Offered'):
            self.contract.action_mark_offered()

    def test_an_offer_is_taken_back_or_called_off_but_not_deleted(self):
        self.contract.action_mark_offered()
        with self.assertRaisesRegex(UserError, 'was offered'):
            self.contract.unlink()
        self.contract.with_user(self.salesman).action_withdraw_offer()
        self.assertEqual(self.contract.state, 'draft')
        with self.assertRaises(UserError):
            self.create_running().action_withdraw_offer()
        self.contract.action_mark_offered()
        self.contract.action_cancel()
        self.assertEqual(self.contract.state, 'cancelled')

    def test_what_the_customer_agrees_to_is_signed_only_as_it_was_offered(self):
        self.contract.action_mark_offered()
        self.assertTrue(self.contract._has_to_be_signed())
        for change in (
            lambda: self.contract.line_ids.write({'price_unit': 110.0}),
            lambda: self.contract.write({'date_end': '2027-12-31'}),
            lambda: self.contract.rate_ids.write({'price_unit': 70.0}),
            lambda: self.contract.write({'terms': '<p>Another word</p>'}),
            lambda: self.contract.write({'time_ratio': 90.0}),
            lambda: self.contract.line_ids.copy({'contract_id': self.contract.id}),
            lambda: self.contract.line_ids[0].unlink(),
        ):
            change()
            self.contract.invalidate_recordset()
            self.assertTrue(self.contract.is_offer_changed)
            self.assertFalse(self.contract._has_to_be_signed())
            self.contract.action_mark_offered()
            self.contract.invalidate_recordset()
            self.assertFalse(self.contract.is_offer_changed)
            self.assertTrue(self.contract._has_to_be_signed())

    def test_what_is_ours_alone_changes_without_another_offer(self):
        self.contract.action_mark_offered()
        self.contract.write(
            {
                'manager_id': self.colleague.id,
                'invoice_auto_post': True,
                'alert_thresholds': '50',
                'date_offer_end': '2026-05-31',
            }
        )
        self.contract.invalidate_recordset()
        self.assertFalse(self.contract.is_offer_changed)

    def test_an_offer_expires_after_its_last_day(self):
        self.contract.action_mark_offered()
        expired = [('is_offer_expired', '=', True), ('id', '=', self.contract.id)]
        with freeze_time('2026-04-30'):
            self.contract.invalidate_recordset()
            self.assertTrue(self.contract._has_to_be_signed())
            self.assertFalse(self.contract.search(expired))
        with freeze_time('2026-05-01'):
            self.contract.invalidate_recordset()
            self.assertFalse(self.contract._has_to_be_signed())
            self.assertTrue(self.contract.search(expired))
            for offer in (self.contract.action_mark_offered, self.contract.action_offer):
                with self.assertRaisesRegex(UserError, 'later last day'):
                    offer()
            self.contract.date_offer_end = '2026-05-31'
            self.contract.action_mark_offered()
            self.assertTrue(self.contract._has_to_be_signed())

    def test_offer_that_nobody_answered_is_told_once(self):
        self.contract.action_mark_offered()
        answered = self.create_contract(confirm_on_signature=False)
        answered.action_mark_offered()
        answered._sign('Lucía', PICTURE, '192.0.2.7')
        for day, count in (('2026-04-30', 0), ('2026-05-01', 1), ('2026-05-02', 1)):
            with freeze_time(day):
                self.run_cron()
                self.assertEqual(len(self.contract.activity_ids), count)
        self.assertEqual(self.contract.activity_ids.user_id, self.salesman)
        self.assertFalse(answered.activity_ids)
        self.assertFalse(answered.is_offer_expired)
        self.contract.date_offer_end = '2026-06-30'
        self.contract.action_mark_offered()
        self.assertFalse(self.contract.activity_ids)
        with freeze_time('2026-07-01'):
            self.run_cron()
        self.assertEqual(len(self.contract.activity_ids), 1)

    def test_many_offers_cost_as_many_queries_as_one(self):
        counts = []
        for count in (1, 12):
            contracts = self.contract.concat(*(self.create_contract() for _ in range(count)))
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            contracts.action_mark_offered()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 5)

    def test_nobody_types_what_became_of_an_offer(self):
        self.contract.action_mark_offered()
        contract = self.contract.with_user(self.salesman)
        for name in (
            'date_offered',
            'offer_digest',
            'date_refused',
            'refusal_reason',
            'signature',
            'signed_by',
            'signed_on',
            'signed_from',
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                contract.write({name: contract[name]})

    def test_who_may_not_write_the_contract_does_not_offer_it(self):
        for action in ('action_offer', 'action_mark_offered', 'action_withdraw_offer'):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(self.contract.with_user(self.colleague), action)()

    def test_a_copy_is_not_offered(self):
        self.contract.action_mark_offered()
        copy = self.contract.copy()
        self.assertEqual(copy.state, 'draft')
        self.assertFalse(copy.date_offered or copy.date_offer_end or copy.offer_digest)

    def test_template_proposes_how_an_offer_is_accepted(self):
        template = self.env['crm.contract.template'].create(
            {'name': 'On paper', 'require_signature': False, 'confirm_on_signature': False}
        )
        contract = self.create_contract(template_id=template.id)
        contract.action_mark_offered()
        self.assertFalse(contract.confirm_on_signature)
        self.assertFalse(contract._has_to_be_signed())
