import json

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ServicePortalCommon
from .test_case_own_fields import EVIL, own_field

SENT = {
    'contact_name': 'Marta Gil',
    'email': 'marta@gil.example.com',
    'phone': '+34 600 123 456',
    'company': 'Gil e Hijas',
    'subject': 'The press leaks',
    'message': 'It drips.\nOften.',
}


@tagged('post_install', '-at_install')
class TestServiceForm(ServicePortalCommon):
    """A public form of the front desk that asks for a serial number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('es_ES')
        cls.desk.case_properties_definition = [
            own_field('serial', customer='asked'),
            own_field('margin'),
        ]
        cls.category = cls.env['service.category'].create(
            {
                'name': 'Installation',
                'is_offered': True,
                'case_properties_definition': [own_field('floor', customer='required')],
            }
        )
        cls.form = cls.env['crm.capture.form'].create(
            {
                'name': 'Report a breakdown',
                'service_team_id': cls.desk.id,
                'service_intro': '<p>In an emergency, call us</p>',
                'service_thanks': '<p>Within two days</p>',
            }
        )
        cls.page = f'/service/form/{cls.form.token}'

    def get_new(self, model_name='service.ticket'):
        return self.env[model_name].search([('crm_capture_form_id', '=', self.form.id)])

    def send(self, files=(), **changes):
        self.url_open(self.page)
        return self.post(
            self.page,
            data={**SENT, **changes},
            files=[('attachments', file) for file in files] or None,
        )

    # === THE PAGE === #

    def test_visitor_opens_a_case_and_reads_its_number(self):
        page = self.get(self.page).text
        for text in ('Report a breakdown', 'In an emergency', 'Serial', 'Installation'):
            self.assertIn(text, page)
        self.assertNotIn('Margin', page)
        response = self.send(
            files=[('one.txt', b'1')],
            **{'team_properties.serial': 'A-7', 'team_properties.margin': '9'},
        )
        ticket = self.get_new()
        self.assertEqual(response.status_code, 201)
        self.assertIn(ticket.number, response.text)
        self.assertIn('Within two days', response.text)
        self.assertRecordValues(
            ticket,
            [
                {
                    'name': 'The press leaks',
                    'partner_id': False,
                    'email_normalized': 'marta@gil.example.com',
                    'phone': '+34 600 123 456',
                    'team_id': self.desk.id,
                    'stage_kind': 'new',
                    'company_id': self.form.company_id.id,
                    'medium_id': self.env.ref('utm.utm_medium_website').id,
                    'customer_lang': 'en_US',
                }
            ],
        )
        self.assertEqual(dict(ticket.team_properties._values), {'serial': 'A-7'})
        self.assertIn('It drips.<br', ticket.description)
        self.assertIn('Gil e Hijas', ticket.description)
        self.assertEqual(ticket.message_ids.attachment_ids.raw, b'1')
        sent = ticket.message_ids.filtered(lambda message: message.message_type == 'auto_comment')
        self.assertIn(ticket.number, sent.body)

    def test_known_sender_is_the_customer_and_a_portal_user_himself(self):
        self.send(email=self.contact.email)
        self.assertEqual(self.get_new().partner_id, self.contact)
        self.enter(self.rival)
        self.assertIn(self.rival.name, self.get(self.page).text)
        self.send(subject='Mine', email=self.contact.email)
        own = self.get_new().filtered(lambda ticket: ticket.name == 'Mine')
        self.assertEqual(own.partner_id, self.rival.partner_id)

    def test_visitor_is_answered_in_the_language_of_his_browser(self):
        self.opener.cookies['frontend_lang'] = 'es_ES'
        self.url_open(self.page)
        response = self.post(f'/es{self.page}', data=SENT)
        ticket = self.get_new()
        self.assertEqual(response.status_code, 201)
        self.assertEqual(ticket.customer_lang, 'es_ES')
        self.assertEqual(ticket._get_customer_lang(), 'es_ES')

    def test_chosen_category_asks_its_own_and_is_needed_then(self):
        response = self.send(refresh='1', category_id=self.category.id)
        self.assertFalse(self.get_new())
        self.assertIn('category_properties.floor', response.text)
        self.assertIn('It drips.', response.text)
        response = self.send(category_id=self.category.id)
        self.assertEqual(response.status_code, 400)
        self.assertIn('Fill in &#34;Floor&#34;', response.text)
        self.assertFalse(self.get_new())
        self.send(category_id=self.category.id, **{'category_properties.floor': '3'})
        self.assertEqual(self.get_new().category_id, self.category)
        self.form.service_category_id = self.category
        page = self.get(self.page).text
        self.assertIn('category_properties.floor', page)
        self.assertNotIn('name="category_id"', page)

    # === ABUSE === #

    def test_form_that_is_not_open_is_not_found(self):
        sales_form = self.env['crm.capture.form'].create({'name': 'Contact page'})
        for token, status in (('guess', 404), (sales_form.token, 404), ('%00', 400)):
            self.assertEqual(self.get(f'/service/form/{token}').status_code, status)
        for archived in (self.form, self.desk):
            archived.active = False
            self.assertEqual(self.get(self.page).status_code, 404)
            self.assertEqual(
                self.url_open(f'/crm/capture/{self.form.token}', SENT).status_code, 404
            )
            archived.active = True
        self.form.action_regenerate_token()
        self.assertEqual(self.get(self.page).status_code, 404)

    def test_more_than_the_rate_is_refused(self):
        self.form.rate_limit = 1
        self.assertEqual(self.send().status_code, 201)
        response = self.send(subject='Another')
        self.assertEqual(response.status_code, 429)
        self.assertIn('Another', response.text, 'what was written is kept')
        self.assertEqual(len(self.get_new()), 1)

    def test_double_click_makes_one_case_with_its_files_once(self):
        answers = {self.send(files=[('one.txt', b'1')]).text for _click in range(2)}
        ticket = self.get_new()
        self.assertEqual(len(ticket), 1)
        self.assertEqual(len(ticket.message_ids.attachment_ids), 1)
        self.assertTrue(all(ticket.number in answer for answer in answers))

    def test_machine_in_the_trap_and_useless_posts_make_nothing(self):
        self.assertEqual(self.send(contact_by_fax='x').status_code, 201)
        self.assertEqual(
            self.send(files=[('a.txt', b'x')] * 11).status_code, 400, 'no more than ten files'
        )
        self.assertFalse(self.get_new())
        self.form.service_takes_files = False
        self.send(files=[('a.txt', b'x')])
        self.assertFalse(self.get_new().message_ids.attachment_ids)

    @mute_logger('odoo.http')
    def test_only_what_the_form_asks_is_taken_and_text_stays_text(self):
        self.url_open(self.page)
        response = self.url_open(self.page, data=SENT, allow_redirects=False)
        self.assertEqual(response.status_code, 400, 'without the token of the session')
        response = self.send(
            contact_name=EVIL,
            subject=EVIL,
            message=EVIL,
            partner_id=self.contact.id,
            team_id=self.repairs.id,
            user_id=self.agent.id,
            stage_id=self.stages['solved'].id,
            priority='3',
            customer_lang='es_ES',
            access_token='known',
            **{'team_properties.serial': EVIL},
        )
        ticket = self.get_new()
        self.assertRecordValues(
            ticket,
            [
                {
                    'partner_id': False,
                    'team_id': self.desk.id,
                    'user_id': False,
                    'stage_kind': 'new',
                    'priority': '1',
                    'customer_lang': 'en_US',
                }
            ],
        )
        self.assertNotEqual(ticket.access_token, 'known')
        self.assertNotIn('<script', ticket.description)
        self.assertNotIn(EVIL, response.text)
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        self.send(subject='Drawing', files=[('drawing.svg', svg)])
        files = self.get_new().message_ids.attachment_ids
        self.assertEqual(files.mapped('mimetype'), ['text/plain'])

    # === POSTS OF WEBSITES === #

    def test_website_posts_make_claims_with_their_number(self):
        self.form.service_model = 'service.claim'
        url = f'/crm/capture/{self.form.token}'
        response = self.url_open(
            url,
            data=json.dumps({**SENT, 'lang': 'es', 'team_properties.serial': 7}),
            headers={'Content-Type': 'application/json'},
        )
        claim = self.get_new('service.claim')
        self.assertEqual(response.status_code, 201)
        self.assertEqual(response.json(), {'reference': claim.number})
        self.assertEqual(claim.team_properties['serial'], '7')
        self.assertEqual(claim.customer_lang, 'es_ES')
        self.assertEqual(claim.against, 'customer')
        self.assertFalse(self.env['crm.lead'].search([('crm_capture_form_id', '=', self.form.id)]))
        response = self.url_open(url, data={**SENT, 'category_id': self.category.id})
        self.assertEqual(response.status_code, 400)
        self.assertIn('Floor', response.json()['error'])
        self.assertIn('team_properties.serial', self.form.html_snippet)

    def test_form_services_files_and_excess_are_the_same_for_cases(self):
        url = f'/crm/capture/{self.form.token}'
        data = {'your-name': 'Marta', 'Planta': 'Tercera', 'team_properties.serial': 'A-7'}
        files = [('plan', ('plan.txt', b'hello'))]
        self.assertEqual(self.url_open(url, data=data, files=files).status_code, 201)
        ticket = self.get_new()
        self.assertIn('Planta: Tercera', ticket.description)
        self.assertNotIn('A-7', ticket.description, 'what is asked for is no unknown field')
        self.assertEqual(ticket.message_ids.attachment_ids.raw, b'hello')
        self.form.rate_limit = 1
        data['your-name'] = 'Eva'
        self.assertEqual(self.url_open(url, data=data, files=files).status_code, 429)
        form = self.form.with_user(self.manager)
        [suspect] = form.suspect_ids
        with self.assertRaises(AccessError):
            suspect.with_user(self.agent).action_accept()
        suspect.action_accept()
        self.assertEqual(len(self.get_new()), 2)
        self.assertEqual(self.get_new().message_ids.attachment_ids.mapped('raw'), [b'hello'] * 2)
        self.assertFalse(form.suspect_ids)

    def test_page_asks_for_consent_and_keeps_it(self):
        self.form.consent_text = 'I have read it'
        self.assertIn('I have read it', self.get(self.page).text)
        self.assertEqual(self.send().status_code, 400)
        self.assertEqual(self.send(consent='yes', consent_version='1').status_code, 201)
        consent = self.env['crm.capture.consent'].search([('form_id', '=', self.form.id)])
        self.assertEqual(
            (consent.text, consent.reference), ('I have read it', self.get_new().number)
        )

    # === WHO KEEPS FORMS === #

    def test_managers_of_after_sales_keep_forms_for_cases_and_no_others(self):
        sales_form = self.env['crm.capture.form'].create({'name': 'Contact page'})
        forms = self.env['crm.capture.form'].with_user(self.manager)
        with Form(forms, 'crm_claims.service_form_view_form') as form:
            form.name = 'Complaints'
            form.service_team_id = self.desk
        self.assertTrue(form.record.service_url.endswith(form.record.token))
        self.assertFalse(forms.search([('id', '=', sales_form.id)]))
        self.assertTrue(forms.create({'name': 'Help'}).service_team_id)
        with self.assertRaises(AccessError):
            forms.create({'name': 'Leads', 'service_team_id': False})
        with self.assertRaises(AccessError):
            form.record.token = 'known'
        self.assertFalse(forms.with_user(self.agent).has_access('read'))
        self.manager.group_ids = [Command.link(self.env.ref('sales_team.group_sale_manager').id)]
        self.assertTrue(forms.search([('id', '=', sales_form.id)]))

    def test_button_counts_what_it_opens(self):
        self.send()
        form = self.form.with_user(self.manager)
        self.assertEqual(form.service_case_count, 1)
        action = form.action_view_service_cases()
        self.assertEqual(self.env[action['res_model']].search(action['domain']), self.get_new())
