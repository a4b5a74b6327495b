from odoo.tests import tagged

from ...models.customer.service_case_portal import MAX_FILE_SIZE
from .common import ServicePortalCommon


@tagged('post_install', '-at_install')
class TestPortalCase(ServicePortalCommon):
    def create_by_form(self, kind='tickets', files=(), **form):
        model = self.env[{'tickets': 'service.ticket', 'claims': 'service.claim'}[kind]]
        last = model.search([], order='id desc', limit=1).id
        response = self.post(
            f'/my/service/{kind}/new',
            data=form,
            files=[('attachments', file) for file in files] or None,
        )
        return response, model.search([('id', '>', last)])

    def test_customer_opens_a_ticket_with_files_and_is_acknowledged(self):
        self.enter(self.lucia)
        response, ticket = self.create_by_form(
            name=' The press leaks ',
            description='It drips.\nOften.',
            files=[('one.txt', b'1'), ('two.txt', b'2')],
        )
        self.assertEqual(response.status_code, 303)
        self.assertRecordValues(
            ticket,
            [
                {
                    'name': 'The press leaks',
                    'partner_id': self.contact.id,
                    'medium_id': self.env.ref('utm.utm_medium_website').id,
                    'stage_kind': 'new',
                    'email_normalized': 'lucia@altozano.example.com',
                }
            ],
        )
        self.assertIn('It drips.<br', ticket.description)
        posted = ticket.message_ids.filtered('attachment_ids')
        self.assertEqual(posted.author_id, self.contact)
        self.assertEqual(posted.attachment_ids.sorted('name').mapped('raw'), [b'1', b'2'])
        sent = ticket.message_ids.filtered(lambda message: message.message_type == 'auto_comment')
        self.assertIn(ticket.number, sent.body)
        self.assertEqual(sent.notified_partner_ids, self.contact)
        self.assertIn(ticket.number, self.url_open(response.headers['Location']).text)

    def test_claim_takes_an_offered_type_only(self):
        self.enter(self.lucia)
        offered = self.env['service.claim.type'].create({'name': 'Scratched'})
        self.assertIn('Scratched', self.get('/my/service/claims/new').text)
        _response, claim = self.create_by_form('claims', name='x', claim_type_id=str(offered.id))
        self.assertEqual(claim.claim_type_id, offered)
        for wrong in ('0', '-1', 'x', str(offered.id + 1000)):
            _response, claim = self.create_by_form('claims', name='x', claim_type_id=wrong)
            self.assertFalse(claim.claim_type_id)

    def test_html_of_the_customer_stays_text(self):
        self.enter(self.lucia)
        evil = '<script>alert(1)</script><img src=x onerror=alert(1)>'
        _response, ticket = self.create_by_form(name=evil, description=evil)
        self.assertNotIn('<script', ticket.description)
        self.assertNotIn('<img', ticket.description)
        page = self.get(ticket.access_url).text
        self.assertNotIn(evil, page)
        self.assertNotIn('<img src=x', page)

    def test_drawing_with_a_script_is_served_as_text(self):
        self.enter(self.lucia)
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        _response, ticket = self.create_by_form(name='x', files=[('drawing.svg', svg)])
        self.assertEqual(ticket.message_ids.attachment_ids.mimetype, 'text/plain')

    def test_what_is_wrong_is_said_and_what_was_written_kept(self):
        self.enter(self.lucia)
        response, ticket = self.create_by_form(name='  ', description='A long story')
        self.assertEqual(response.status_code, 200)
        self.assertIn('in a few words', response.text)
        self.assertIn('A long story', response.text)
        self.assertFalse(ticket)
        large = ('large.bin', b'x' * (MAX_FILE_SIZE + 1))
        response, ticket = self.create_by_form(name='Large', files=[large])
        self.assertIn('too large', response.text)
        self.assertFalse(ticket)
        response, ticket = self.create_by_form(name='Many', files=[('a.txt', b'x')] * 11)
        self.assertIn('no more than', response.text)
        self.assertFalse(ticket)

    def test_answer_in_the_portal_reopens(self):
        ticket = self.create_case(partner_id=self.contact.id)
        for kind in ('waiting', 'solved'):
            ticket.stage_id = self.stages[kind]
            self.enter(self.lucia)
            self.make_jsonrpc_request(
                '/mail/message/post',
                {
                    'thread_model': ticket._name,
                    'thread_id': ticket.id,
                    'post_data': {
                        'body': 'Here is the photo',
                        'message_type': 'comment',
                        'subtype_xmlid': 'mail.mt_comment',
                    },
                },
            )
            self.assertEqual(ticket.stage_kind, 'open')
            self.assertEqual(ticket.message_ids[:1].author_id, self.contact)

    # === LIST === #

    def test_list_searches_sorts_filters_and_groups(self):
        self.create_case(name='Alpha leak', partner_id=self.contact.id)
        self.create_case(name='Beta noise').action_solve()
        self.enter(self.lucia)
        for query, shown, hidden in (
            ('search=leak', 'Alpha', 'Beta'),
            ('search=beta&search_in=name', 'Beta', 'Alpha'),
            ('search=leak&search_in=number', 'new', 'Alpha'),
            ('filterby=open', 'Alpha', 'Beta'),
            ('filterby=closed', 'Beta', 'Alpha'),
        ):
            page = self.get(f'/my/service/tickets?{query}').text
            self.assertIn(shown, page, query)
            self.assertNotIn(f'{hidden} ', page, query)
        page = self.get('/my/service/tickets?sortby=name').text
        self.assertLess(page.index('Alpha'), page.index('Beta'))
        page = self.get('/my/service/tickets?sortby=date').text
        self.assertLess(page.index('Beta'), page.index('Alpha'))
        self.assertIn('Bodegas', self.get('/my/service/tickets?groupby=partner_id').text)

    def test_unknown_choices_are_no_error(self):
        self.create_case(name='Alpha leak')
        self.enter(self.lucia)
        for query in (
            'sortby=nonsense',
            'sortby=id;drop',
            'filterby=x&groupby=y&search_in=z&search=leak',
            'search=%00leak',
            'search=%25%27',
        ):
            self.assertEqual(self.get(f'/my/service/tickets?{query}').status_code, 200, query)
        self.assertEqual(self.get('/my/service/tickets/page/99').status_code, 200)

    def test_list_has_pages(self):
        self.env['service.ticket'].create(
            [{'name': f'T{n}', 'partner_id': self.customer.id} for n in range(85)]
        )
        self.enter(self.lucia)
        self.assertIn('/my/service/tickets/page/2', self.get('/my/service/tickets').text)
        self.assertEqual(self.get('/my/service/tickets/page/2').text.count('TCK/'), 10)

    def test_home_counts_own_cases(self):
        self.create_case()
        self.create_case('service.claim', partner_id=self.rival.partner_id.id)
        self.enter(self.lucia)
        counters = self.make_jsonrpc_request(
            '/my/counters', {'counters': ['service_ticket_count', 'service_claim_count']}
        )
        self.assertEqual(counters, {'service_ticket_count': 1, 'service_claim_count': 0})

    def test_list_costs_the_same_for_few_and_many(self):
        self.enter(self.lucia)

        def open_list(total):
            model = self.env['service.ticket']
            count = model.search_count([('partner_id', '=', self.contact.id)])
            values = {'name': 'The press leaks', 'partner_id': self.contact.id}
            model.create([values] * (total - count))
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            page = self.get('/my/service/tickets').text
            self.assertEqual(page.count('The press leaks'), total)
            return self.env.cr.sql_log_count - before

        open_list(1)
        few = open_list(10)
        self.assertLessEqual(open_list(80), few)
