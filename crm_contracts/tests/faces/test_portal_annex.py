from odoo import Command
from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import Form, freeze_time, tagged

from .portal_common import ContractPortalCase
from .test_contract_document import PICTURE


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestPortalAnnex(ContractPortalCase):
    """An amendment is offered to the customer, who signs or refuses it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = 'bodegas@example.com'
        cls.annex = cls.create_annex(cls.contract)
        cls.foreign_annex = cls.create_annex(cls.foreign)
        (cls.annex | cls.foreign_annex).action_mark_offered()

    @classmethod
    def create_annex(cls, contract):
        return cls.env['crm.contract.amendment'].create(
            {
                'contract_id': contract.id,
                'date': '2026-05-01',
                'line_ids': [Command.create({'line_id': contract.line_ids.id, 'quantity': 2.0})],
            }
        )

    def address(self, annex, contract=None):
        return f'/my/crm-contracts/{(contract or annex.contract_id).id}/annex/{annex.id}'

    def sign(self, annex, **values):
        values = {
            'name': 'Lucía Arlanza',
            'signature': PICTURE,
            'version': annex.offer_digest,
            **values,
        }
        contract = values.pop('contract', None)
        return self.make_jsonrpc_request(f'{self.address(annex, contract)}/sign', values)

    def test_signed_annex_is_applied(self):
        self.enter(self.lucia)
        self.assertIn(f'/annex/{self.annex.id}', self.page(self.contract).text)
        page = self.get(self.address(self.annex))
        for text in ('o_crm_contract_sign', 'Support of all shops', '05/01/2026'):
            self.assertIn(text, page.text)
        self.assertIn('done=signed', self.sign(self.annex)['redirect_url'])
        self.assertEqual(self.annex.state, 'applied')
        self.assertEqual(self.annex.signed_by, 'Lucía Arlanza')
        self.assertEqual(sum(self.contract.line_ids.mapped('quantity')), 3.0)
        message = self.contract.message_ids.filtered('attachment_ids')
        self.assertEqual(message.author_id, self.contact)
        self.assertIn('Lucía Arlanza', message.attachment_ids.raw.decode())
        self.assertNotIn('o_crm_contract_sign', self.get(self.address(self.annex)).text)
        self.assertIn('error', self.sign(self.annex))

    def test_signed_annex_waits_where_the_contract_says_so(self):
        self.contract.confirm_on_signature = False
        self.enter(self.lucia)
        self.sign(self.annex)
        self.assertEqual(self.annex.state, 'offered')
        self.assertEqual(self.contract.activity_ids.user_id, self.salesman)
        self.annex.action_apply()
        self.assertEqual(self.annex.state, 'applied')
        self.assertFalse(self.contract.activity_ids)

    def test_refused_annex_is_a_draft_again(self):
        self.enter(self.lucia)
        answer = self.url_open(
            f'{self.address(self.annex)}/refuse',
            data={'csrf_token': Request.csrf_token(self), 'reason': 'One is enough'},
        )
        self.assertIn('o_crm_contract_refused', answer.text)
        self.assertEqual(self.annex.state, 'draft')
        self.assertEqual(self.annex.refusal_reason, 'One is enough')
        self.assertEqual(self.contract.activity_ids.user_id, self.salesman)
        self.assertNotEqual(self.get(self.address(self.annex)).status_code, 200)

    def test_annex_is_of_its_contract_and_its_customer(self):
        token = self.contract._portal_ensure_token()
        for user, annex, contract, access_token in (
            (self.lucia, self.foreign_annex, None, None),
            (self.lucia, self.foreign_annex, self.contract, None),
            (self.rival, self.annex, None, None),
            (None, self.annex, None, None),
            (None, self.annex, None, 'guess'),
            (None, self.foreign_annex, self.contract, token),
            (self.salesman, self.annex, None, None),
        ):
            with self.subTest(user=user and user.login, annex=annex.id, token=access_token):
                self.enter(user)
                result = self.sign(annex, contract=contract, access_token=access_token)
                self.assertIn('error', result)
                annex.invalidate_recordset()
                self.assertEqual(annex.state, 'offered')
                if user != self.salesman:
                    page = self.get(self.address(annex, contract))
                    self.assertNotEqual(page.status_code, 200)
        self.enter(None)
        self.assertNotIn('error', self.sign(self.annex, access_token=token))

    def test_changed_annex_is_not_signed_unseen(self):
        self.enter(self.lucia)
        seen = self.annex.offer_digest
        self.annex.line_ids.quantity = 3.0
        self.assertIn('error', self.sign(self.annex, version=seen))
        self.annex.action_mark_offered()
        self.assertIn('has changed', self.sign(self.annex, version=seen)['error'])
        self.assertNotIn('error', self.sign(self.annex))
        self.assertEqual(self.annex.state, 'applied')

    def test_draft_annex_is_ours_alone(self):
        self.annex.with_user(self.salesman).action_withdraw_offer()
        self.enter(self.lucia)
        self.assertNotEqual(self.get(self.address(self.annex)).status_code, 200)
        self.assertNotIn('/annex/', self.page(self.contract).text)
        self.assertIn('error', self.sign(self.annex))

    def test_annex_that_changes_nothing_is_not_offered(self):
        self.annex.action_withdraw_offer()
        self.annex.line_ids.quantity = 1.0
        with self.assertRaisesRegex(UserError, 'changes nothing'):
            self.annex.action_mark_offered()

    def test_mail_makes_the_offer_and_leads_to_it(self):
        self.annex.action_withdraw_offer()
        action = self.annex.with_user(self.salesman).action_offer()
        composer = self.env['mail.compose.message'].with_user(self.salesman)
        Form(composer.with_context(**action['context'])).save()._action_send_mail()
        self.assertEqual(self.annex.state, 'offered')
        message = self.annex.message_ids.filtered('partner_ids')
        self.assertEqual(message.partner_ids, self.customer)
        self.assertIn(f'{self.address(self.annex)}?access_token=', message.body)
