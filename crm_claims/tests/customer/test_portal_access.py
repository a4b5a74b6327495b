from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CASE_MODELS
from .common import PORTAL, ServicePortalCommon

SECRETS = ('email_cc', 'user_id', 'tag_ids', 'category_id', 'date_deadline', 'email_from', 'ref')
CLAIM_SECRETS = ('root_cause', 'cause_id', 'amount_claimed', 'amount_granted', 'resolution')


@tagged('post_install', '-at_install')
class TestPortalAccess(ServicePortalCommon):
    def create_both(self, **values):
        return [self.create_case(model_name, **values) for model_name in CASE_MODELS]

    def test_whole_company_of_the_customer_sees_its_cases_and_no_other(self):
        for case in self.create_both():
            self.assertEqual(case.with_user(self.lucia).search([('id', '=', case.id)]), case)
            self.assertFalse(case.with_user(self.rival).search([('id', '=', case.id)]))
            with self.assertRaises(AccessError):
                case.with_user(self.rival).read(['name'])

    def test_branch_that_is_a_company_of_its_own_shows_its_cases_to_its_people_only(self):
        branch = self.env['res.partner'].create(
            {'name': 'Altozano Sur', 'is_company': True, 'parent_id': self.customer.id}
        )
        worker = new_test_user(self.env, 'service_branch', PORTAL)
        worker.partner_id.parent_id = branch
        for case in self.create_both(partner_id=branch.id):
            self.assertTrue(case.with_user(worker).has_access('read'))
            self.assertFalse(case.with_user(self.lucia).has_access('read'))
            self.assertFalse(case.with_user(self.lucia).search([('id', '=', case.id)]))
        for case in self.create_both():
            self.assertTrue(case.with_user(self.lucia).has_access('read'))
            self.assertFalse(case.with_user(worker).has_access('read'))

    def test_case_without_customer_is_nobodys(self):
        for case in self.create_both(partner_id=False):
            self.assertFalse(case.with_user(self.lucia).has_access('read'))

    def test_following_shows_nothing(self):
        for case in self.create_both():
            case.message_subscribe(self.rival.partner_id.ids)
            self.assertFalse(case.with_user(self.rival).has_access('read'))

    def test_claim_to_a_supplier_is_not_shown_to_him(self):
        claim = self.create_case('service.claim', against='supplier')
        self.assertFalse(claim.with_user(self.lucia).has_access('read'))

    def test_other_company_of_ours_is_apart(self):
        company, team = self.create_foreign_company()
        for model_name in CASE_MODELS:
            case = self.create_case(model_name, team_id=team.id)
            self.assertEqual(case.company_id, company)
            self.assertFalse(case.with_user(self.lucia).search([('id', '=', case.id)]))

    def test_portal_users_write_nothing(self):
        for case in self.create_both():
            case = case.with_user(self.lucia)
            for operation in ('write', 'create', 'unlink'):
                self.assertFalse(case.has_access(operation))
            for attempt in (
                case.action_solve,
                case.action_assign_to_me,
                case.action_reject,
                case.action_create_customer,
                lambda case=case: case.write({'name': 'x'}),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        self.assertFalse(self.env['service.stage'].with_user(self.lucia).has_access('read'))

    def test_public_has_no_access_at_all(self):
        rows = self.env['ir.model.access'].search(
            [('model_id.model', '=like', 'service.%'), ('group_id', '=', False)]
        )
        public = self.env.ref('base.group_public').all_implied_ids
        rows |= self.env['ir.model.access'].search(
            [('model_id.model', '=like', 'service.%'), ('group_id', 'in', public.ids)]
        )
        self.assertFalse(rows)

    @mute_logger('odoo.orm.models', 'odoo.models')
    def test_internal_fields_are_neither_read_nor_searched(self):
        for case in self.create_both():
            case = case.with_user(self.lucia)
            secrets = SECRETS + (CLAIM_SECRETS if case._name == 'service.claim' else ())
            self.assertEqual(case.read(['name', 'stage_kind'])[0]['stage_kind'], 'new')
            self.assertFalse(set(case.read()[0]) & set(secrets))
            for name in secrets:
                with self.assertRaises(AccessError, msg=name):
                    case.read([name])
                with self.assertRaises(AccessError, msg=name):
                    case.search([(name, '!=', False)])

    # === PAGES === #

    def test_pages_show_own_cases_only(self):
        self.create_both(name='Ours to see')
        self.create_both(name='Not ours', partner_id=self.rival.partner_id.id)
        self.enter(self.lucia)
        for kind in ('tickets', 'claims'):
            page = self.get(f'/my/service/{kind}').text
            self.assertIn('Ours to see', page)
            self.assertNotIn('Not ours', page)

    def test_guessed_address_leads_home(self):
        self.enter(self.rival)
        for case in self.create_both():
            for url in (case.access_url, f'{case.access_url}?access_token=guess'):
                response = self.get(url)
                self.assertEqual(response.status_code, 303)
                self.assertTrue(response.headers['Location'].endswith('/my'))
            other = case.access_url.replace(str(case.id), str(case.id + 10**6))
            self.assertEqual(self.get(other).status_code, 303)
        self.assertEqual(self.get('/my/service/secrets').status_code, 404)

    def test_token_shows_that_case_and_nothing_else(self):
        ticket, other = self.create_case(name='Shared'), self.create_case(name='Private')
        token = ticket._portal_ensure_token()
        response = self.get(f'{ticket.access_url}?access_token={token}')
        self.assertIn('Shared', response.text)
        self.assertNotIn('o_service_close', response.text)
        self.assertEqual(self.get(f'{other.access_url}?access_token={token}').status_code, 303)
        for url in ('/my/service/tickets', '/my/service/tickets/new'):
            self.assertIn('/web/login', self.get(url).headers['Location'])

    def test_token_changes_nothing(self):
        ticket = self.create_case()
        token = ticket._portal_ensure_token()
        response = self.post(f'{ticket.access_url}/close', data={'access_token': token})
        self.assertIn('/web/login', response.headers['Location'])
        self.assertEqual(ticket.stage_kind, 'new')

    def test_internal_notes_and_staff_fields_are_not_on_the_page(self):
        claim = self.create_case(
            'service.claim', root_cause='Our own fault', partner_id=self.contact.id
        )
        claim.message_post(body='Do not tell them')
        self.enter(self.lucia)
        page = self.get(claim.access_url).text
        self.assertNotIn('Our own fault', page)
        messages = self.make_jsonrpc_request(
            '/mail/chatter_fetch', {'thread_model': claim._name, 'thread_id': claim.id}
        )
        self.assertNotIn('Do not tell them', str(messages))

    @mute_logger('odoo.http')
    def test_messages_of_others_cannot_be_fetched_nor_written(self):
        ticket = self.create_case()
        self.enter(self.rival)
        params = {'thread_model': ticket._name, 'thread_id': ticket.id}
        found = self.make_jsonrpc_request('/mail/chatter_fetch', params)
        self.assertFalse(found['messages'])
        with self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(
                '/mail/message/post',
                {**params, 'post_data': {'body': 'x', 'message_type': 'comment'}},
            )

    def test_files_of_others_and_internal_files_are_not_given(self):
        ticket = self.create_case()
        note = ticket.message_post(body='internal', attachments=[('plan.txt', b'our plan')])
        answer = ticket.message_post(
            body='See here',
            subtype_xmlid='mail.mt_comment',
            message_type='comment',
            attachments=[('manual.txt', b'the manual')],
        )
        given = answer.attachment_ids
        given.generate_access_token()
        for user in (self.lucia, self.rival):
            self.enter(user)
            for file in note.attachment_ids | given:
                self.assertEqual(self.get(f'/web/content/{file.id}').status_code, 404)
                wrong = self.get(f'/web/content/{file.id}?access_token=guess')
                self.assertNotIn(b'plan', wrong.content)
        found = self.get(f'/web/content/{given.id}?access_token={given.access_token}')
        self.assertEqual(found.content, b'the manual')

    # === OVER RPC === #

    def write_over_rpc(self, case):
        return self.make_jsonrpc_request(
            f'/web/dataset/call_kw/{case._name}/message_post',
            {
                'model': case._name,
                'method': 'message_post',
                'args': [case.ids],
                'kwargs': {
                    'body': 'It still leaks',
                    'message_type': 'comment',
                    'subtype_xmlid': 'mail.mt_comment',
                },
            },
        )

    def test_customer_writes_over_rpc_and_is_taken_for_the_customer(self):
        self.enter(self.lucia)
        for case in self.create_both():
            case.stage_id = self.stages['waiting']
            self.assertTrue(self.write_over_rpc(case))
            self.assertIn('It still leaks', str(case.message_ids.mapped('body')))
            self.assertEqual(case.stage_kind, 'open')
            self.assertFalse(case.date_first_response, 'that is for us to give')

    @mute_logger('odoo.http')
    def test_stranger_writes_nothing_over_rpc(self):
        self.enter(self.rival)
        for case in self.create_both():
            with self.assertRaises(JsonRpcException):
                self.write_over_rpc(case)

    # === WHAT CHANGES SOMETHING === #

    def test_close_and_reopen_belong_to_the_customer(self):
        for case in self.create_both():
            self.enter(self.rival)
            self.assertEqual(self.post(f'{case.access_url}/close').status_code, 404)
            self.assertEqual(case.stage_kind, 'new')
            self.enter(self.lucia)
            self.assertEqual(self.post(f'{case.access_url}/close').status_code, 303)
            self.assertEqual(case.stage_kind, 'solved')
            self.post(f'{case.access_url}/close')
            self.assertEqual(case.stage_kind, 'solved')
            self.post(f'{case.access_url}/reopen')
            self.assertEqual(case.stage_kind, 'open')
            self.assertFalse(case.date_closed)

    def test_salesperson_who_only_reads_does_not_close_there(self):
        ticket = self.create_case()
        self.enter(self.salesman)
        self.assertEqual(self.post(f'{ticket.access_url}/close').status_code, 403)
        self.assertEqual(ticket.stage_kind, 'new')

    def test_rejected_case_is_not_reopened_by_the_customer(self):
        ticket = self.create_case()
        ticket.action_reject()
        self.enter(self.lucia)
        self.post(f'{ticket.access_url}/reopen')
        self.assertEqual(ticket.stage_kind, 'rejected')

    def test_nothing_changes_by_get(self):
        ticket = self.create_case()
        self.enter(self.lucia)
        for move in ('close', 'reopen', 'rate'):
            self.assertIn(self.get(f'{ticket.access_url}/{move}').status_code, (404, 405))
        self.assertEqual(ticket.stage_kind, 'new')
        count = self.env['service.ticket'].search_count([])
        self.get('/my/service/tickets/new?name=By+link')
        self.assertEqual(self.env['service.ticket'].search_count([]), count)

    @mute_logger('odoo.http')
    def test_post_without_token_of_the_session_is_refused(self):
        ticket = self.create_case()
        self.enter(self.lucia)
        for url in (f'{ticket.access_url}/close', '/my/service/tickets/new'):
            response = self.url_open(url, data={'name': 'x'}, allow_redirects=False)
            self.assertEqual(response.status_code, 400)
        self.assertEqual(ticket.stage_kind, 'new')

    def test_only_the_fields_of_the_form_are_taken(self):
        self.enter(self.lucia)
        last = self.env['service.claim'].search([], order='id desc', limit=1).id
        self.post(
            '/my/service/claims/new',
            data={
                'name': 'A scratch',
                'partner_id': self.rival.partner_id.id,
                'user_id': self.manager.id,
                'stage_id': self.stages['solved'].id,
                'team_id': self.desk.id,
                'company_id': 999999,
                'priority': '3',
                'against': 'supplier',
                'amount_granted': '5000',
                'access_token': 'known',
                'number': 'CLM/1',
                'message_follower_ids': '1',
            },
        )
        claim = self.env['service.claim'].search([('id', '>', last)])
        self.assertRecordValues(
            claim,
            [
                {
                    'name': 'A scratch',
                    'partner_id': self.contact.id,
                    'against': 'customer',
                    'amount_granted': 0,
                    'priority': '1',
                    'stage_kind': 'new',
                    'company_id': self.env.company.id,
                }
            ],
        )
        self.assertNotEqual(claim.access_token, 'known')
        self.assertNotEqual(claim.number, 'CLM/1')
        self.assertNotEqual(claim.team_id, self.desk)

    def test_a_former_employee_of_the_customer_sees_nothing_more(self):
        ticket = self.create_case()
        self.contact.parent_id = False
        self.assertFalse(ticket.with_user(self.lucia).has_access('read'))
        self.lucia.group_ids = [Command.set(self.env.ref('base.group_public').ids)]
        self.assertFalse(ticket.with_user(self.lucia).has_access('read'))
