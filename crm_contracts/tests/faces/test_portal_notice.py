from odoo.http import Request
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .portal_common import ContractPortalCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestPortalNotice(ContractPortalCase):
    """The customer gives notice in the portal, and nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman.email = 'sales@example.com'
        cls.customer.email = 'bodegas@example.com'
        cls.contract.renewal_type = 'tacit'

    def give(self, contract=None, **values):
        contract = contract or self.contract
        return self.url_open(
            f'/my/crm-contracts/{contract.id}/notice',
            data={
                'csrf_token': Request.csrf_token(self),
                'date_end': '2026-12-31',
                'reason': 'The shop closes',
                **values,
            },
            allow_redirects=False,
        )

    def assertStanding(self, contract=None):
        contract = contract or self.contract
        contract.invalidate_recordset()
        self.assertFalse(contract.date_notice_given)

    def test_customer_sees_the_day_and_gives_notice_once(self):
        self.enter(self.lucia)
        text = self.page(self.contract).text
        self.assertIn('o_crm_contract_notice', text)
        self.assertIn('12/31/2026', text)
        self.assertIn('another year unless notice is given by 12/01/2026.', text)
        self.assertIn('noticed', self.give().headers['Location'])
        self.assertEqual(str(self.contract.date_notice_end), '2026-12-31')
        self.assertEqual(self.contract.notice_reason, 'The shop closes')
        self.assertEqual(self.contract.activity_ids.user_id, self.salesman)
        text = self.page(self.contract, '?done=noticed').text
        self.assertIn('sent you a confirmation', text)
        self.assertIn('o_crm_contract_noticed', text)
        self.assertNotIn('crm_contract_notice_title', text)
        self.assertIn('moved_on', self.give().headers['Location'])

    def test_both_sides_are_told(self):
        self.enter(self.lucia)
        self.give()
        message = self.contract.message_ids.filtered(lambda one: 'shop closes' in one.body)
        self.assertEqual(message.author_id, self.contact)
        self.assertEqual(message.partner_ids, self.salesman.partner_id)
        mail = self.env['mail.mail'].sudo().search([('res_id', '=', self.contract.id)])
        confirmation = mail.filtered(lambda one: self.customer in one.recipient_ids)
        self.assertIn('12/31/2026', confirmation.body_html)

    def test_notice_for_another_day_than_shown_is_refused(self):
        self.enter(self.lucia)
        for day in ('2026-06-30', '', 'nonsense'):
            self.assertIn('moved_on', self.give(date_end=day).headers['Location'])
            self.assertStanding()

    def test_nobody_else_gives_notice(self):
        token = self.contract._portal_ensure_token()
        for user in (None, self.rival, self.agent, self.salesman):
            with self.subTest(user=user and user.login):
                self.enter(user)
                self.give()
                self.give(access_token=token)
                self.assertStanding()
                self.assertNotIn(
                    'crm_contract_notice_title',
                    self.page(self.contract, f'?access_token={token}').text,
                )

    @mute_logger('odoo.http')
    def test_notice_needs_a_post_and_its_token(self):
        self.enter(self.lucia)
        self.assertNotEqual(
            self.page(self.contract, '/notice?date_end=2026-12-31').status_code, 200
        )
        answer = self.url_open(
            f'/my/crm-contracts/{self.contract.id}/notice', data={'date_end': '2026-12-31'}
        )
        self.assertEqual(answer.status_code, 400)
        self.assertStanding()

    def test_contract_that_does_not_allow_it_has_no_button(self):
        self.contract.portal_allow_notice = False
        self.enter(self.lucia)
        self.assertNotIn('crm_contract_notice_title', self.page(self.contract).text)
        self.assertIn('moved_on', self.give().headers['Location'])
        self.assertStanding()

    def test_what_ends_anyway_or_is_offered_has_no_button(self):
        self.contract.renewal_type = 'none'
        offer = self.create_contract(name='Care of the cellar')
        offer.action_mark_offered()
        self.enter(self.lucia)
        for contract in (self.contract, offer):
            self.assertNotIn('crm_contract_notice_title', self.page(contract).text)
            self.give(contract)
            self.assertStanding(contract)
