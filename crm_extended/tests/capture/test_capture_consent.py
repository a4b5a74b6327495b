from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_http import IrHttp

from ..common import NOW
from .common import CaptureCase

VISITOR = {'contact_name': 'Ana', 'email': 'ana@ruiz.example.com'}


@tagged('post_install', '-at_install')
class TestCaptureConsent(CaptureCase):
    """What visitors agree to and confirm, and what they are answered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('es_ES')

    def get_consents(self):
        return self.env['crm.capture.consent'].search([('form_id', '=', self.form.id)])

    def get_mails(self, email=VISITOR['email']):
        return self.env['mail.mail'].search([('email_to', 'ilike', email)], order='id')

    # === Consent === #

    def test_consent_is_kept_with_its_wording_time_and_address(self):
        self.form.consent_text = 'I have read it'
        self.assertIn('I have read it', self.form.html_snippet)
        self.assertIn('name="consent_version" value="1"', self.form.html_snippet)
        for consent in ({}, {'consent': ''}, {'consent': 'no'}, {'consent': 'perhaps'}):
            response = self.post({**VISITOR, **consent})
            self.assertEqual(response.status_code, 400)
            self.assertIn('I have read it', response.json()['error'])
        self.assertFalse(self.get_leads())
        with freeze_time(NOW, tick=True):
            self.post({**VISITOR, 'consent': 'yes', 'consent_version': '1'})
        lead = self.get_leads()
        self.assertRecordValues(
            self.get_consents(),
            [
                {
                    'lead_id': lead.id,
                    'email': 'ana@ruiz.example.com',
                    'reference': lead.crm_capture_reference,
                    'address': '127.0.0.1',
                    'text': 'I have read it',
                    'version': 1,
                    'date_confirmed': False,
                }
            ],
        )
        self.assertEqual(self.get_consents().date.date(), NOW.date())
        self.assertFalse(lead.description, 'the consent is no message')

    def test_each_wording_has_its_number_and_old_html_counts_for_the_old_one(self):
        self.form.consent_text = 'First'
        self.form.consent_text = 'First'
        self.form.consent_text = 'Second'
        self.assertEqual(self.form.consent_version, 2)
        for number, (told, text) in enumerate((('1', 'First'), ('2', 'Second'), ('9', 'Second'))):
            self.post_json({'contact_name': f'n{number}', 'consent': True, 'consent_version': told})
            self.assertEqual(self.get_consents()[0].text, text)
        with self.assertRaises(AccessError):
            self.form.consent_text_ids.with_user(self.manager).write({'text': 'Third'})

    def test_consent_that_is_not_needed_is_noted_where_it_is_given(self):
        self.form.write({'consent_text': 'Send me news', 'consent_required': False})
        self.post(VISITOR)
        self.assertFalse(self.get_consents())
        self.post({**VISITOR, 'consent': 'on'})
        self.assertEqual(self.get_consents().text, 'Send me news')

    def test_consents_are_read_with_their_leads_and_written_by_nobody(self):
        self.form.consent_text = 'I have read it'
        self.post({**VISITOR, 'consent': 'on'})
        consent, lead = self.get_consents(), self.get_leads()
        self.assertEqual(consent.with_user(self.salesman).text, 'I have read it')
        lead.user_id = self.manager
        with self.assertRaises(AccessError):
            consent.with_user(self.salesman).read(['text'])
        for user in (self.salesman, self.manager):
            with self.assertRaises(AccessError):
                consent.with_user(user).write({'text': 'x'})
            with self.assertRaises(AccessError):
                lead.with_user(user).read(['crm_capture_consent_ids'])[0]
                consent.with_user(user).read(['token'])
        lead.unlink()
        self.assertTrue(consent.exists(), 'what was agreed to is kept')

    # === Confirmation === #

    @mute_logger('odoo.http')
    def test_address_is_confirmed_by_the_link_of_a_mail(self):
        self.form.is_double_opt_in = True
        self.post({**VISITOR, 'lang': 'es'})
        lead, consent, mail = self.get_leads(), self.get_consents(), self.get_mails()
        self.assertEqual(lead.crm_capture_confirmation, 'waiting')
        self.assertEqual(lead.lang_id.code, 'es_ES')
        self.assertIn(consent.confirm_url, mail.body_html)
        page = self.url_open(f'/crm/capture/confirm/{consent.token}')
        self.assertIn('<html lang="en-US"', page.text)
        self.assertIn('ana@ruiz.example.com', page.text)
        self.assertFalse(consent.date_confirmed, 'programs follow links, too')
        for _click in range(2):
            page = self.url_open(f'/crm/capture/confirm/{consent.token}', data={'x': 'y'})
            self.assertEqual(page.status_code, 200)
            self.env.invalidate_all()
        self.assertEqual(lead.crm_capture_confirmation, 'confirmed')
        self.assertEqual(consent.address_confirmed, '127.0.0.1')
        for token in ('guess', '%00', 'False'):
            for data in (None, {'x': 'y'}):
                page = self.url_open(f'/crm/capture/confirm/{token}', data=data)
                self.assertEqual(page.status_code, 404)

    def test_without_an_address_there_is_nothing_to_confirm(self):
        self.form.is_double_opt_in = True
        self.post({'contact_name': 'Ana'})
        self.assertFalse(self.get_leads().crm_capture_confirmation)
        self.assertFalse(self.get_consents())

    # === Answer === #

    def test_answer_comes_in_the_language_of_the_visitor(self):
        template = self.env.ref('crm_extended.crm_capture_answer_template')
        template.with_context(lang='es_ES').subject = 'Lo tenemos'
        self.form.answer_template_id = template
        self.post(VISITOR)
        self.post({**VISITOR, 'message': 'x'}, headers={'Accept-Language': 'es-MX,es;q=0.9'})
        mails = self.get_mails()
        self.assertEqual(mails.mapped('subject'), ['We have got your message', 'Lo tenemos'])
        self.assertIn(self.get_leads()[0].crm_capture_reference, mails[0].body_html)
        self.post({'contact_name': 'Eva', 'email': 'no address'})
        self.assertEqual(len(self.get_leads()), 3)

    def test_answer_waits_for_the_confirmation(self):
        self.form.write(
            {
                'is_double_opt_in': True,
                'answer_template_id': self.env.ref('crm_extended.crm_capture_answer_template').id,
            }
        )
        self.post(VISITOR)
        self.assertEqual(len(self.get_mails()), 1)
        self.get_consents()._confirm('203.0.113.9')
        self.assertEqual(self.get_mails()[1].subject, 'We have got your message')

    def test_nobody_floods_the_address_of_another(self):
        self.form.answer_template_id = self.env.ref('crm_extended.crm_capture_answer_template')
        for number in range(5):
            self.post({**VISITOR, 'message': str(number)})
        self.assertEqual(len(self.get_leads()), 5)
        self.assertEqual(len(self.get_mails()), 3)

    # === Captcha, tracking === #

    def test_captcha_of_odoo_is_asked_where_the_form_wants_it(self):
        asked = []

        def verify(_self, action):
            asked.append(action)
            if len(asked) > 1:
                raise UserError('Suspicious activity')

        self.patch(IrHttp, '_verify_request_recaptcha_token', verify)
        self.post({'contact_name': 'A'})
        self.assertFalse(asked)
        self.form.has_captcha = True
        self.assertEqual(self.post({'contact_name': 'B'}).status_code, 201)
        refused = self.post({'contact_name': 'C', 'g-recaptcha-response': 'x'})
        self.assertEqual((refused.status_code, asked), (400, ['crm_capture'] * 2))
        self.assertEqual(self.get_leads().mapped('contact_name'), ['A', 'B'])
        self.env['ir.config_parameter'].set_param('cf.turnstile_site_key', 'site-key')
        self.env['ir.config_parameter'].set_param('recaptcha_public_key', 'public-key')
        self.form.invalidate_recordset()
        for text in ('data-sitekey="site-key"', 'render=public-key'):
            self.assertIn(text, self.form.html_snippet)

    def test_where_a_visitor_came_from_is_kept_on_the_lead(self):
        for snippet in (self.form.html_snippet, self.form.html_tracker):
            self.assertIn('sessionStorage', snippet)
            self.assertIn('document.referrer', snippet)
        self.post(
            {
                'contact_name': 'Ana',
                'page': 'https://www.example.com/offer',
                'referrer': 'https://search.example.com',
                'gclid': 'abc',
                'utm_campaign': 'Spring',
                'crm_seconds': '30',
            }
        )
        lead = self.get_leads()
        self.assertRecordValues(
            lead,
            [
                {
                    'crm_capture_page': 'https://www.example.com/offer',
                    'crm_capture_referrer': 'https://search.example.com',
                    'crm_capture_clicks': 'gclid: abc',
                }
            ],
        )
        self.assertEqual(lead.campaign_id.name, 'Spring')
        self.assertFalse(lead.description)
