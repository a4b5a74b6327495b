from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import JsonRpcException, freeze_time, tagged
from odoo.tools import mute_logger

from .portal_common import ContractPortalCase

SECRETS = (
    'access_token',
    'amount_expected',
    'amount_invoiced',
    'analytic_account_id',
    'billing_ids',
    'cost_total',
    'fixed_amount',
    'hourly_price',
    'line_ids',
    'manager_id',
    'margin',
    'mrr',
    'rate_ids',
    'revenue',
    'term_ids',
    'terms',
)
INTERNAL_MODELS = (
    'crm.contract.billing',
    'crm.contract.line',
    'crm.contract.mrr.movement',
    'crm.contract.rate',
    'crm.contract.report',
    'crm.contract.statement',
    'crm.contract.suspension',
    'crm.contract.template',
    'crm.contract.term',
)


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestPortalContract(ContractPortalCase):
    # === PAGES === #

    def test_customer_sees_what_was_agreed_with_the_whole_company(self):
        self.enter(self.lucia)
        response = self.get('/my/crm-contracts')
        self.assertEqual(response.status_code, 200)
        self.assertIn('Support of the web shop', response.text)
        self.assertNotIn('Secret', response.text)
        self.assertNotIn('Only a draft', response.text)
        page = self.page(self.contract)
        self.assertEqual(page.status_code, 200)
        for text in ('Support of all shops', '123.45', 'per month', 'We answer within a day.'):
            self.assertIn(text, page.text)

    def test_nobody_sees_a_contract_of_another_customer_or_a_draft(self):
        for user in (self.lucia, self.agent, None):
            self.enter(user)
            for contract in (self.foreign, self.draft):
                for suffix in ('', '?report_type=pdf', '/statement', '?access_token=guess'):
                    response = self.page(contract, suffix)
                    self.assertIn(response.status_code, (303, 404), (user, suffix))
                    self.assertNotIn('678.9', response.text)
        self.enter(self.rival)
        self.assertIn('678.9', self.page(self.foreign).text)

    def test_link_with_its_token_shows_one_contract_and_no_draft(self):
        self.enter(None)
        token = self.contract._portal_ensure_token()
        self.assertEqual(self.page(self.contract, f'?access_token={token}').status_code, 200)
        self.assertNotEqual(self.page(self.foreign, f'?access_token={token}').status_code, 200)
        token = self.draft._portal_ensure_token()
        self.assertNotEqual(self.page(self.draft, f'?access_token={token}').status_code, 200)
        self.assertNotEqual(self.get('/my/crm-contracts').status_code, 200)

    def test_agent_who_knows_no_prices_does_not_get_them_here(self):
        self.enter(self.agent)
        self.assertTrue(self.contract.with_user(self.agent).has_access('read'))
        self.assertNotEqual(self.page(self.contract).status_code, 200)
        self.enter(self.lucia)
        self.assertEqual(self.page(self.contract).status_code, 200)

    def test_salesperson_previews_own_contracts(self):
        self.enter(self.salesman)
        self.assertEqual(self.page(self.contract).status_code, 200)
        self.contract.manager_id = self.colleague
        self.assertNotEqual(self.page(self.contract).status_code, 200)

    def test_list_is_searched_filtered_and_sorted_and_takes_nonsense(self):
        closed = self.create_running(name='Old times')
        closed.action_close()
        self.enter(self.lucia)
        for query, shown, hidden in (
            ('filterby=running', 'web shop', 'Old times'),
            ('filterby=ended', 'Old times', 'web shop'),
            ('search=times&search_in=name', 'Old times', 'web shop'),
            ('search=nothing', 'Nothing was found', 'Old times'),
            ('filterby=x&sortby=x&search_in=x&page=99', 'Old times', 'Secret'),
        ):
            text = self.get(f'/my/crm-contracts?{query}').text
            self.assertIn(shown, text, query)
            self.assertNotIn(hidden, text, query)

    def test_home_page_counts_the_own_contracts(self):
        self.enter(self.lucia)
        counters = self.make_jsonrpc_request('/my/counters', {'counters': ['crm_contract_count']})
        self.assertEqual(counters['crm_contract_count'], 1)

    def test_hours_are_shown_only_where_the_contract_says_so(self):
        self.enter(self.lucia)
        project = self.env['project.project'].create(self.contract._prepare_project())
        employee = self.env['hr.employee'].create({'name': 'Ada Byron'})
        self.env['account.analytic.line'].create(
            {
                'name': 'Repaired the checkout',
                'project_id': project.id,
                'employee_id': employee.id,
                'unit_amount': 2.5,
                'date': '2026-03-10',
            }
        )
        self.assertNotIn('Repaired the checkout', self.page(self.contract).text)
        self.assertNotEqual(self.page(self.contract, '/statement').status_code, 200)
        self.contract.portal_show_hours = True
        text = self.page(self.contract).text
        self.assertIn('Repaired the checkout', text)
        self.assertIn('02:30', text)

    def test_prepaid_units_have_a_bar(self):
        self.contract.prepaid_quantity = 10
        self.enter(self.lucia)
        self.assertIn('o_crm_contract_consumed', self.page(self.contract).text)

    # === RPC === #

    def test_portal_reads_a_few_fields_of_own_contracts_and_writes_nothing(self):
        contract = self.contract.with_user(self.lucia)
        self.assertEqual(contract.read(['name', 'state'])[0]['state'], 'open')
        self.assertFalse(set(contract.read()[0]) & set(SECRETS))
        for operation in ('write', 'create', 'unlink'):
            self.assertFalse(contract.has_access(operation))
        for foreign in (self.foreign, self.draft):
            with self.assertRaises(AccessError):
                foreign.with_user(self.lucia).read(['name'])
            self.assertFalse(contract.search([('id', '=', foreign.id)]))

    @mute_logger('odoo.http')
    def test_prices_are_not_read_searched_or_grouped_over_rpc(self):
        self.enter(self.lucia)

        def call(model, method, *args, **kwargs):
            return self.make_jsonrpc_request(
                '/web/dataset/call_kw',
                {'model': model, 'method': method, 'args': args, 'kwargs': kwargs},
            )

        (known,) = call('crm.contract', 'read', [self.contract.id], ['name'])
        self.assertEqual(known['name'], self.contract.name)
        for name in SECRETS:
            for method, args in (
                ('read', ([self.contract.id], [name])),
                ('search_read', ([], [name])),
                ('search_count', ([(name, '!=', False)],)),
                ('formatted_read_group', ([], [name], ['__count'])),
                ('export_data', ([self.contract.id], [name])),
            ):
                with self.subTest(name=name, method=method), self.assertRaises(JsonRpcException):
                    call('crm.contract', method, *args)
        for model in INTERNAL_MODELS:
            for method, args in (
                ('search_read', ([], ['id'])),
                ('search_count', ([],)),
                ('formatted_read_group', ([], [], ['__count'])),
            ):
                with self.subTest(model=model, method=method), self.assertRaises(JsonRpcException):
                    call(model, method, *args)
        for method in ('action_confirm', 'action_close', 'action_cancel', 'action_create_project'):
            with self.subTest(method=method), self.assertRaises(JsonRpcException):
                call('crm.contract', method, [self.contract.id])

    def test_other_company_of_ours_is_apart(self):
        company = self.env['res.company'].create({'name': 'Contract Company B'})
        abroad = self.create_running(company_id=company.id, manager_id=False)
        found = abroad.with_user(self.lucia).search([('id', 'in', (abroad | self.contract).ids)])
        self.assertEqual(found, self.contract)

    def test_internal_notes_stay_internal(self):
        self.contract.message_post(body='They pay late', subtype_xmlid='mail.mt_note')
        self.contract.message_post(body='Welcome', subtype_xmlid='mail.mt_comment')
        self.enter(self.lucia)
        result = self.make_jsonrpc_request(
            '/mail/thread/messages',
            {'thread_model': 'crm.contract', 'thread_id': self.contract.id},
        )
        self.assertIn('Welcome', str(result))
        self.assertNotIn('They pay late', str(result))

    # === DOCUMENTS === #

    def _post(self, name, contract=None, **values):
        contract = contract or self.contract
        values = {'message_type': 'comment', 'subtype_xmlid': 'mail.mt_comment', **values}
        return contract.message_post(
            body=name, attachments=[(f'{name}.txt', name.encode())], **values
        ).attachment_ids

    def _documents(self, contract):
        """Return {name of the file: its address} as the page of the contract lists them."""
        links = html.fromstring(self.page(contract).text).xpath(
            "//ul[contains(@class, 'o_crm_contract_documents')]//a"
        )
        return {link.text_content().strip(): link.get('href') for link in links}

    def test_customer_opens_the_files_of_the_messages_and_no_others(self):
        self._post('annex')
        note = self._post('margin', subtype_xmlid='mail.mt_note')
        inside = self.env['ir.attachment'].create(
            {
                'name': 'costs.txt',
                'raw': b'costs',
                'res_model': 'crm.contract',
                'res_id': self.contract.id,
            }
        )
        self.enter(self.lucia)
        documents = self._documents(self.contract)
        self.assertEqual([*documents], ['annex.txt'])
        self.assertEqual(self.url_open(documents['annex.txt']).content, b'annex')
        for refused in note | inside:
            self.assertEqual(self.url_open(f'/web/content/{refused.id}').status_code, 404)

    def test_file_of_another_customer_is_refused(self):
        foreign = self._post('offer', self.foreign)
        own = self._post('annex')
        self.enter(self.lucia)
        self.assertEqual(self._documents(self.foreign), {})
        address = self._documents(self.contract)['annex.txt']
        self.assertEqual(self.url_open(address).content, b'annex')
        token = address.rpartition('=')[2]
        for address in (
            f'/web/content/{foreign.id}',
            f'/web/content/{foreign.id}?access_token={token}',
            f'/web/content/{own.id}?access_token=guess',
        ):
            self.enter(self.rival if str(own.id) in address else self.lucia)
            self.assertEqual(self.url_open(address).status_code, 404, address)
        files = self.env['ir.attachment'].with_user(self.lucia)
        for refused in (
            lambda: files.search([('res_model', '=', 'crm.contract')]),
            lambda: files.browse(own.id).read(['name']),
        ):
            with self.assertRaises(AccessError):
                refused()
