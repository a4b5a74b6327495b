import re

from odoo.exceptions import AccessError, UserError
from odoo.tests import JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CASE_MODELS
from .common import PORTAL, ServicePortalCommon


@tagged('post_install', '-at_install')
class TestCaseSharing(ServicePortalCommon):
    """Lucía and Bruno work for the customer; Ivo installs, and belongs to nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bruno = new_test_user(cls.env, 'service_bruno', PORTAL)
        cls.bruno.partner_id.parent_id = cls.customer
        cls.ivo = cls.env['res.partner'].create(
            {'name': 'Ivo', 'email': 'ivo@installers.example.com'}
        )

    def create_own(self, model_name='service.ticket', **values):
        return self.create_case(model_name, partner_id=self.contact.id, **values)

    def get_link(self, case, partner):
        message = self.env['mail.message'].search(
            [('notified_partner_ids', 'in', partner.ids), ('res_id', '=', case.id)], limit=1
        )
        link = re.search(r'href="([^"]*)"', message.body)[1].replace('&amp;', '&')
        return link.removeprefix(case.get_base_url())

    # === PRIVATE === #

    def test_private_case_is_its_contacts_and_the_agents(self):
        for model_name in CASE_MODELS:
            case = self.create_own(model_name)
            self.assertTrue(case.with_user(self.bruno).has_access('read'))
            case.is_private = True
            for user, is_seen in ((self.lucia, True), (self.bruno, False), (self.agent, True)):
                self.assertIs(case.with_user(user).has_access('read'), is_seen)
                found = case.with_user(user).search([('id', '=', case.id)])
                self.assertEqual(bool(found), is_seen)
            self.assertFalse(case._is_own_of(self.bruno))

    def test_contact_says_so_on_the_form_and_changes_it(self):
        self.enter(self.lucia)
        self.post('/my/service/tickets/new', data={'name': 'My payslip', 'is_private': 'on'})
        ticket = self.env['service.ticket'].search([('name', '=', 'My payslip')])
        self.assertTrue(ticket.is_private)
        self.assertIn('You alone', self.get(ticket.access_url).text)
        self.post(f'{ticket.access_url}/privacy', data={'is_private': ''})
        self.assertFalse(ticket.is_private)
        self.assertIn('Everybody of your company', self.get(ticket.access_url).text)
        self.enter(self.bruno)
        self.assertNotIn('o_service_privacy', self.get(ticket.access_url).text)
        response = self.post(f'{ticket.access_url}/privacy', data={'is_private': '1'})
        self.assertEqual(response.status_code, 403)
        ticket.is_private = True
        for move in ('privacy', 'close', 'rate'):
            self.assertEqual(self.post(f'{ticket.access_url}/{move}').status_code, 404)
        self.assertEqual(self.get(ticket.access_url).status_code, 303)
        self.assertEqual((ticket.is_private, ticket.stage_kind), (True, 'new'))

    # === SHARED === #

    def test_outsider_gets_a_link_of_his_own_that_ends_with_the_sharing(self):
        for model_name in CASE_MODELS:
            case = self.create_own(model_name, name='The shared press')
            other = self.create_own(model_name)
            case.with_user(self.agent).shared_partner_ids = self.ivo
            self.assertIn(self.ivo, case.message_partner_ids)
            link = self.get_link(case, self.ivo)
            self.authenticate(None, None)
            self.assertIn('The shared press', self.get(link).text)
            params = dict(part.split('=') for part in link.split('?')[1].split('&'))
            self.write_by_link(case, params)
            self.assertEqual(case.message_ids[:1].author_id, self.ivo)
            for wrong in (
                link.replace(f'/{case.id}?', f'/{other.id}?'),
                link.replace(f'pid={self.ivo.id}', f'pid={self.bruno.partner_id.id}'),
                link.replace('hash=', 'hash=0'),
                link.replace('hash=', 'hash=%C3%A9'),
                link.replace(f'pid={self.ivo.id}', 'pid=x'),
            ):
                self.assertEqual(self.get(wrong).status_code, 303, wrong)
            case.with_user(self.agent).shared_partner_ids = False
            self.assertNotIn(self.ivo, case.message_partner_ids)
            self.assertEqual(self.get(link).status_code, 303)
            with mute_logger('odoo.http'), self.assertRaises(JsonRpcException):
                self.write_by_link(case, params)

    def write_by_link(self, case, params):
        return self.make_jsonrpc_request(
            '/mail/message/post',
            {
                'thread_model': case._name,
                'thread_id': case.id,
                'hash': params['hash'],
                'pid': int(params['pid']),
                'post_data': {
                    'body': 'I come on Monday',
                    'message_type': 'comment',
                    'subtype_xmlid': 'mail.mt_comment',
                },
            },
        )

    def test_portal_user_sees_what_is_shared_and_owns_nothing_of_it(self):
        for model_name in CASE_MODELS:
            case = self.create_own(model_name, is_private=True, name='The shared press')
            case.shared_partner_ids = self.rival.partner_id
            by_rival = case.with_user(self.rival)
            self.assertTrue(by_rival.has_access('read'))
            self.assertFalse(by_rival.has_access('write'))
            self.enter(self.rival)
            page = self.get(case.access_url).text
            self.assertIn('The shared press', page)
            self.assertNotIn('o_service_close', page)
            self.assertEqual(self.post(f'{case.access_url}/close').status_code, 403)
            kind = case._portal_path
            self.assertIn('The shared press', self.get(f'/my/service/{kind}').text)
            case.shared_partner_ids = False
            self.assertFalse(by_rival.has_access('read'))
            self.assertEqual(self.get(case.access_url).status_code, 303)

    def test_only_who_works_on_the_case_shares_it(self):
        case = self.create_own()
        for user in (self.lucia, self.salesman):
            with self.assertRaises(AccessError):
                case.with_user(user).shared_partner_ids = self.ivo
        self.ivo.email = False
        with self.assertRaisesRegex(UserError, 'Ivo, who has no email address'):
            case.with_user(self.agent).shared_partner_ids = self.ivo
        self.assertFalse(case.copy().shared_partner_ids)
