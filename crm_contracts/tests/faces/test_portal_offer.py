from odoo import Command
from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import JsonRpcException, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .portal_common import ContractPortalCase

PICTURE = (
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E'
    'rkJggg=='
)


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestPortalOffer(ContractPortalCase):
    """The customer's answer to an offer, and who cannot give it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman.email = 'sales@example.com'
        cls.offer = cls.create_contract(
            name='Care of the cellar',
            line_ids=[Command.create({'name': 'Care', 'price_unit': 321.5})],
            date_offer_end='2026-04-30',
        )
        cls.offer.action_mark_offered()
        cls.token = cls.offer._portal_ensure_token()

    def sign(self, contract=None, **values):
        contract = contract or self.offer
        values = {
            'name': 'Lucía Arlanza',
            'signature': PICTURE,
            'version': contract.offer_digest,
            **values,
        }
        return self.make_jsonrpc_request(f'/my/crm-contracts/{contract.id}/sign', values)

    def refuse(self, contract=None, **values):
        contract = contract or self.offer
        token = Request.csrf_token(self)
        return self.url_open(
            f'/my/crm-contracts/{contract.id}/refuse',
            data={'csrf_token': token, 'reason': 'Too dear', **values},
            allow_redirects=False,
        )

    def assertUnanswered(self, contract=None):
        contract = contract or self.offer
        contract.invalidate_recordset()
        self.assertEqual(contract.state, 'offered')
        self.assertFalse(contract.signed_on or contract.refusal_reason)

    # === SIGNING === #

    def test_customer_signs_and_the_contract_runs(self):
        self.enter(self.lucia)
        page = self.page(self.offer)
        for text in ('321.50', 'o_crm_contract_sign', 'o_crm_contract_refuse', '04/30/2026'):
            self.assertIn(text, page.text)
        result = self.sign()
        self.assertIn('done=signed', result['redirect_url'])
        self.assertEqual(self.offer.state, 'open')
        self.assertEqual(self.offer.signed_by, 'Lucía Arlanza')
        self.assertEqual(self.offer.signed_from, '127.0.0.1')
        self.assertTrue(self.offer.signed_on)
        self.assertTrue(self.offer.term_ids and self.offer.analytic_account_id)
        page = self.page(self.offer, '?done=signed')
        self.assertIn('We have got your signature', page.text)
        self.assertNotIn('o_crm_contract_sign', page.text)

    def test_signed_document_is_kept_and_sent_to_both_sides(self):
        self.enter(self.lucia)
        self.sign()
        message = self.offer.message_ids.filtered('attachment_ids')
        self.assertEqual(message.author_id, self.contact)
        self.assertIn('Lucía Arlanza', message.body)
        self.assertEqual(message.partner_ids, self.contact | self.salesman.partner_id)
        document = message.attachment_ids
        self.assertEqual((document.res_model, document.res_id), ('crm.contract', self.offer.id))
        self.assertIn('Lucía Arlanza', document.raw.decode())
        self.assertIn(document.name, self.page(self.offer).text)
        self.assertFalse(self.offer.activity_ids)

    def test_signed_offer_may_wait_for_us(self):
        self.offer.confirm_on_signature = False
        self.enter(self.lucia)
        self.sign()
        self.assertEqual(self.offer.state, 'offered')
        self.assertEqual(self.offer.activity_ids.user_id, self.salesman)
        self.assertIn('confirm', self.offer.activity_ids.summary)
        self.assertNotIn('o_crm_contract_sign', self.page(self.offer).text)
        self.assertIn('error', self.sign())
        self.offer.with_user(self.salesman).action_confirm()
        self.assertEqual(self.offer.state, 'open')
        self.assertFalse(self.offer.activity_ids)
        self.assertTrue(self.offer.signed_on)

    def test_who_has_the_link_signs_without_logging_in(self):
        self.enter(None)
        self.assertIn(
            'o_crm_contract_sign', self.page(self.offer, f'?access_token={self.token}').text
        )
        self.assertNotIn('error', self.sign(access_token=self.token))
        self.assertEqual(self.offer.state, 'open')
        message = self.offer.message_ids.filtered('attachment_ids')
        self.assertEqual(message.author_id, self.customer)

    def test_nobody_else_signs_or_refuses(self):
        foreign = self.foreign._portal_ensure_token()
        for user, token in (
            (None, None),
            (None, 'guess'),
            (None, 'ñ'),
            (None, foreign),
            (self.rival, None),
            (self.rival, 'guess'),
            (self.agent, None),
            (self.salesman, None),
            (self.salesman, self.token),
        ):
            with self.subTest(user=user and user.login, token=token):
                self.enter(user)
                self.assertIn('error', self.sign(access_token=token))
                self.refuse(access_token=token or '')
                self.assertUnanswered()
        self.enter(self.salesman)
        self.assertNotIn('o_crm_contract_sign', self.page(self.offer).text)

    def test_employee_of_the_customer_signs_and_one_of_another_company_does_not(self):
        colleague = self.env['res.partner'].create(
            {'name': 'Pablo Arlanza', 'parent_id': self.customer.id}
        )
        user = new_test_user(
            self.env, 'contract_pablo', 'base.group_portal', partner_id=colleague.id
        )
        self.enter(user)
        self.assertNotIn('error', self.sign(name='Pablo Arlanza'))

    def test_nobody_signs_twice_or_what_is_not_offered(self):
        self.enter(self.lucia)
        self.sign()
        self.assertIn('error', self.sign(name='Somebody else'))
        self.assertEqual(self.offer.signed_by, 'Lucía Arlanza')
        self.assertIn('error', self.sign(self.contract))
        self.assertFalse(self.contract.signed_on)
        self.assertIn('error', self.sign(self.draft, version=''))
        self.assertEqual(self.draft.state, 'draft')
        token = self.draft._portal_ensure_token()
        self.assertIn('error', self.sign(self.draft, version='', access_token=token))
        self.assertEqual(self.draft.state, 'draft')

    def test_what_is_missing_is_said_and_nothing_is_kept(self):
        self.enter(self.lucia)
        for values in (
            {'name': ' '},
            {'name': None},
            {'signature': None},
            {'signature': ''},
            {'signature': 'nonsense'},
            {'signature': 'bm9uc2Vuc2U='},
            {'version': None},
            {'version': 'another'},
        ):
            with self.subTest(values=values):
                self.assertIn('error', self.sign(**values))
                self.assertUnanswered()

    def test_changed_offer_is_not_signed_unseen(self):
        self.enter(self.lucia)
        seen = self.offer.offer_digest
        self.offer.line_ids.price_unit = 400.0
        self.assertNotIn('o_crm_contract_sign', self.page(self.offer).text)
        self.assertIn('error', self.sign(version=seen))
        self.offer.action_mark_offered()
        self.assertIn('has changed', self.sign(version=seen)['error'])
        self.assertUnanswered()
        self.assertNotIn('error', self.sign())
        self.assertEqual(self.offer.state, 'open')

    def test_expired_offer_is_neither_signed_nor_refused(self):
        self.offer.date_offer_end = '2026-03-30'
        self.enter(self.lucia)
        text = self.page(self.offer).text
        self.assertIn('expired', text)
        self.assertNotIn('o_crm_contract_sign', text)
        self.assertNotIn('o_crm_contract_refuse', text)
        self.assertIn('error', self.sign())
        self.refuse()
        self.assertUnanswered()

    def test_offer_without_online_signature_is_only_refused(self):
        self.offer.require_signature = False
        self.enter(self.lucia)
        text = self.page(self.offer).text
        self.assertNotIn('o_crm_contract_sign', text)
        self.assertIn('o_crm_contract_refuse', text)
        self.assertIn('error', self.sign())

    # === REFUSING === #

    def test_customer_refuses_with_a_reason_and_the_manager_is_told(self):
        self.enter(self.lucia)
        self.page(self.offer)
        self.assertIn('o_crm_contract_refused', self.refuse(reason='<b>Too</b> dear').text)
        self.assertEqual(self.offer.state, 'draft')
        self.assertEqual(self.offer.refusal_reason, '<b>Too</b> dear')
        self.assertEqual(str(self.offer.date_refused), '2026-03-31')
        activity = self.offer.activity_ids
        self.assertEqual(activity.user_id, self.salesman)
        self.assertIn('&lt;b&gt;Too', activity.note)
        message = self.offer.message_ids.filtered(lambda one: 'dear' in one.body)
        self.assertEqual(message.author_id, self.contact)
        self.assertNotEqual(self.page(self.offer).status_code, 200)
        self.offer.action_mark_offered()
        self.assertFalse(self.offer.refusal_reason)
        self.assertFalse(self.offer.activity_ids)
        self.assertTrue(self.offer._has_to_be_signed())

    def test_refusing_needs_a_reason_a_post_and_its_token(self):
        self.enter(self.lucia)
        self.assertIn('moved_on', self.refuse(reason='  ').headers['Location'])
        self.assertNotEqual(self.page(self.offer, '/refuse?reason=x').status_code, 200)
        with mute_logger('odoo.http'):
            answer = self.url_open(
                f'/my/crm-contracts/{self.offer.id}/refuse', data={'reason': 'Too dear'}
            )
        self.assertEqual(answer.status_code, 400)
        self.assertUnanswered()

    def test_what_runs_is_not_refused(self):
        self.enter(self.lucia)
        self.assertIn('moved_on', self.refuse(self.contract).headers['Location'])
        self.assertEqual(self.contract.state, 'open')

    # === THE LIST === #

    def test_offers_are_counted_and_filtered(self):
        self.enter(self.lucia)
        names = ['crm_contract_count', 'crm_contract_offer_count']
        counters = self.make_jsonrpc_request('/my/counters', {'counters': names})
        self.assertEqual(counters, {names[0]: 2, names[1]: 1})
        text = self.get('/my/crm-contracts?filterby=offered').text
        self.assertIn('Care of the cellar', text)
        self.assertNotIn('Support of the web shop', text)

    # === RPC === #

    @mute_logger('odoo.http')
    def test_customer_does_nothing_to_an_offer_over_rpc(self):
        offer = self.offer.with_user(self.lucia)
        self.assertEqual(offer.read(['state'])[0]['state'], 'offered')
        for name in ('signature', 'signed_by', 'offer_digest', 'date_offer_end', 'line_ids'):
            with self.subTest(name=name), self.assertRaises(AccessError):
                offer.read([name])
        self.enter(self.lucia)
        for method in (
            'action_confirm',
            'action_offer',
            'action_mark_offered',
            'action_withdraw_offer',
            '_sign',
            '_accept_offer',
            '_decline_offer',
        ):
            with self.subTest(method=method), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(
                    '/web/dataset/call_kw',
                    {
                        'model': 'crm.contract',
                        'method': method,
                        'args': [[self.offer.id]],
                        'kwargs': {},
                    },
                )
        self.assertUnanswered()

    def test_a_message_with_our_context_offers_nothing(self):
        self.offer.line_ids.price_unit = 1.0
        seen = self.offer.offer_digest
        self.enter(self.lucia)
        self.make_jsonrpc_request(
            '/mail/message/post',
            {
                'thread_model': 'crm.contract',
                'thread_id': self.offer.id,
                'post_data': {'body': 'Well?', 'message_type': 'comment'},
                'context': {'mark_crm_contract_as_offered': True},
            },
        )
        self.assertEqual(self.offer.offer_digest, seen)
        self.assertFalse(self.offer._has_to_be_signed())
