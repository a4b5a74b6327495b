import json
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...models import crm_capture_form, crm_capture_utm
from ..common import NOW, CrmExtendedCase


@tagged('post_install', '-at_install')
class TestCapture(CrmExtendedCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = cls.env['crm.capture.form'].create(
            {
                'name': 'Contact page',
                'team_id': cls.team.id,
                'user_id': cls.salesman.id,
            }
        )

    def _post(self, data=None, form=None, token=None, **options):
        token = token or (form or self.form).token
        return self.url_open(
            f'/crm/capture/{token}',
            data=data,
            method='POST',
            allow_redirects=False,
            **options,
        )

    def _post_json(self, fields, **options):
        return self._post(
            json.dumps(fields),
            headers={'Content-Type': 'application/json'},
            **options,
        )

    def _get_leads(self, form=None):
        return (
            self.env['crm.lead']
            .with_context(active_test=False)
            .search(
                [
                    ('crm_capture_form_id', '=', (form or self.form).id),
                ]
            )
        )

    # === What becomes of a post === #

    def test_form_post_makes_a_lead(self):
        response = self._post(
            {
                'subject': 'Three forklifts',
                'contact_name': 'Ana Ruiz',
                'email': 'Ana Ruiz <Ana@Ruiz.example.com>',
                'phone': '+34 600 12 34 56',
                'company': 'Ruiz e Hijos',
                'message': 'Two lines\nof text',
            }
        )
        lead = self._get_leads()
        self.assertEqual(response.status_code, 201)
        self.assertEqual(response.json(), {'reference': lead.crm_capture_reference})
        self.assertRecordValues(
            lead,
            [
                {
                    'type': 'lead',
                    'name': 'Three forklifts',
                    'contact_name': 'Ana Ruiz',
                    'email_from': 'Ana Ruiz <Ana@Ruiz.example.com>',
                    'email_normalized': 'ana@ruiz.example.com',
                    'phone': '+34 600 12 34 56',
                    'partner_name': 'Ruiz e Hijos',
                    'partner_id': False,
                    'user_id': self.salesman.id,
                    'team_id': self.team.id,
                    'company_id': self.form.company_id.id,
                    'medium_id': self.env.ref('utm.utm_medium_website').id,
                }
            ],
        )
        self.assertEqual(lead.description, '<p>Two lines<br>of text</p>')

    def test_json_post_makes_a_lead(self):
        response = self._post_json({'name': 'Offer', 'email': 'ana@ruiz.example.com', 'phone': 34})
        self.assertEqual(response.status_code, 201)
        self.assertRecordValues(
            self._get_leads(),
            [
                {
                    'name': 'Offer',
                    'email_from': 'ana@ruiz.example.com',
                    'phone': '34',
                }
            ],
        )

    def test_text_is_never_markup(self):
        self._post({'name': '<b>x</b>', 'message': '<script>alert(1)</script><img src=x>'})
        lead = self._get_leads()
        self.assertEqual(lead.name, '<b>x</b>')
        self.assertNotIn('<script', lead.description)
        self.assertNotIn('<img', lead.description)
        self.assertIn('&lt;script&gt;', lead.description)

    def test_long_and_odd_text_is_cut_and_cleaned(self):
        response = self._post_json({'name': 'x' * 5000, 'message': 'a\0b'})
        self.assertEqual(response.status_code, 201)
        lead = self._get_leads()
        self.assertEqual(len(lead.name), 200)
        self.assertEqual(lead.description, '<p>ab</p>')

    def test_single_lines_stay_single_and_an_address_stays_one(self):
        response = self._post_json(
            {
                'name': 'Offer\r\nBcc: all@example.com',
                'contact_name': 'Ana\0\tRuiz\u2028\x1b',
                'company': 'Ruiz\ne Hijos',
                'phone': '+34 600\r12 34 56',
                'email': 'ana@ruiz.example.com\r\nboss@other.example.com',
                'message': 'Two\nlines',
                'utm_campaign': 'Spring\n2026',
            }
        )
        self.assertEqual(response.status_code, 201)
        lead = self._get_leads()
        self.assertRecordValues(
            lead,
            [
                {
                    'name': 'Offer Bcc: all@example.com',
                    'contact_name': 'Ana Ruiz',
                    'partner_name': 'Ruiz e Hijos',
                    'phone': '+34 600 12 34 56',
                    'email_from': 'ana@ruiz.example.com',
                }
            ],
        )
        self.assertEqual(lead.campaign_id.name, 'Spring 2026')
        self.assertEqual(lead.description, '<p>Two<br>lines</p>')
        recipients = lead._message_get_suggested_recipients(reply_discussion=True)
        self.assertNotIn('boss@other.example.com', str(recipients))

    def test_lead_without_salesperson_goes_to_the_leader_of_the_team(self):
        self.form.user_id = False
        self._post({'name': 'Offer'})
        self.assertEqual(self._get_leads().user_id, self.manager)

    def test_lead_without_team_is_unassigned(self):
        self.form.write({'user_id': False, 'team_id': False})
        self._post({'name': 'Offer'})
        self.assertFalse(self._get_leads().user_id)

    def test_lead_belongs_to_the_company_of_the_form(self):
        company = self.env['res.company'].create({'name': 'Sucursal Lisboa'})
        form = self.env['crm.capture.form'].create(
            {
                'name': 'Lisbon',
                'company_id': company.id,
            }
        )
        self._post({'name': 'Offer'}, form=form)
        self.assertEqual(self._get_leads(form).company_id, company)

    # === Refusals === #

    def test_empty_posts_are_refused_with_the_reason(self):
        for response in (
            self._post({}),
            self._post_json({}),
            self._post_json({'email': '  ', 'phone': None}),
            self._post({'utm_campaign': 'Spring'}),
        ):
            self.assertEqual(response.status_code, 400)
            self.assertIn('Nothing was sent', response.json()['error'])
        self.assertFalse(self._get_leads())
        self.assertEqual(self._post({'phone': '1'}).status_code, 201, 'a number is enough')

    def test_malformed_json_is_refused_with_the_reason(self):
        header = {'Content-Type': 'application/json'}
        for body in (b'', b'{"name": ', b'\xff\xfe\x00', b'[' * 50_000):
            response = self._post(body, headers=header)
            self.assertEqual(response.status_code, 400, body[:10])
            self.assertIn('not valid JSON', response.json()['error'])
        for body in (b'[]', b'"text"', b'1', b'null'):
            response = self._post(body, headers=header)
            self.assertEqual(response.status_code, 400)
            self.assertIn('JSON object', response.json()['error'])
        self.assertFalse(self._get_leads())
        self.assertEqual(self._post(b'{"name": "x"}', headers=header).status_code, 201)

    def test_oversized_body_is_refused(self):
        for response in (
            self._post({'message': 'x' * 70_000}),
            self._post_json({'message': 'x' * 70_000}),
        ):
            self.assertEqual(response.status_code, 413)
            self.assertEqual(response.json(), {'error': 'This is too large.'})
            self.assertEqual(response.headers['Access-Control-Allow-Origin'], '*')
        self.assertFalse(self._get_leads())
        self.assertEqual(self._post({'message': 'x' * 65_000}).status_code, 201)

    def test_unknown_or_closed_form_is_not_found(self):
        self.assertEqual(self._post({'name': 'x'}, token='unknown').status_code, 404)
        old_token = self.form.token
        self.form.action_regenerate_token()
        self.assertNotEqual(self.form.token, old_token)
        self.assertEqual(self._post({'name': 'x'}, token=old_token).status_code, 404)
        self.form.active = False
        self.assertEqual(self._post({'name': 'x'}).status_code, 404)
        self.assertFalse(self._get_leads())
        self.form.active = True
        self.assertEqual(self._post({'name': 'x'}).status_code, 201)

    def test_address_that_cannot_be_a_token_is_not_found(self):
        for token in ('a%00b', '%ff%fe', 'a' * 5000, '%F0%9F%92%A9', "' or 1=1"):
            self.assertEqual(self._post({'name': 'x'}, token=token).status_code, 404, token[:20])
        self.assertFalse(self._get_leads())
        self.assertEqual(self._post({'name': 'x'}).status_code, 201)

    def test_halves_of_characters_are_left_out(self):
        header = {'Content-Type': 'application/json'}
        body = b'{"name": "a\\ud800b", "utm_campaign": "c\\udfffd"}'
        self.assertEqual(self._post(body, headers=header).status_code, 201)
        lead = self._get_leads()
        self.assertEqual((lead.name, lead.campaign_id.name), ('ab', 'cd'))

    def test_body_of_another_kind_is_read_as_far_as_possible(self):
        for number, kind in enumerate(('text/plain', 'text/xml', ';;;=,', '')):
            body = b'{"name": "n%d"}' % number
            response = self._post(body, headers={'Content-Type': kind})
            self.assertEqual(response.status_code, 201, kind)
        response = self._post(b'x', headers={'Content-Type': 'multipart/form-data; boundary=b'})
        self.assertEqual(response.status_code, 400)
        self.assertIn('parts of the body', response.json()['error'])
        self.assertEqual(set(self._get_leads().mapped('name')), {'n0', 'n1', 'n2', 'n3'})

    def test_body_without_a_length_is_refused(self):
        response = self._post(iter([b'name=', b'x' * 70_000]))
        self.assertEqual(response.status_code, 411)
        self.assertFalse(self._get_leads())
        header = {'Content-Type': 'application/x-www-form-urlencoded'}
        self.assertEqual(self._post(b'name=x', headers=header).status_code, 201)

    def test_odd_headers_change_nothing(self):
        for number, headers in enumerate(
            (
                {'X-HTTP-Method-Override': 'DELETE'},
                {'X-Forwarded-Host': 'evil.example.com', 'X-Forwarded-For': '1.2.3.4, x'},
                {'Accept': ';;;q=,text/html;q=nan'},
                {'Accept-Language': 'zz-;q=x'},
                {'Origin': 'null', 'Referer': 'javascript:alert(1)'},
            )
        ):
            response = self._post({'name': str(number)}, headers=headers)
            with self.subTest(headers=headers):
                self.assertEqual(response.status_code, 201)
                self.assertNotIn('Set-Cookie', response.headers)
        self.assertEqual(len(self._get_leads()), 5)

    def test_storm_of_posts_costs_the_same_each(self):
        self.form.rate_limit = 60
        visitor = self.form.with_user(self.env.ref('base.public_user')).sudo()

        def count(number):
            post = {'name': f'n{number}', 'email': f'n{number}@ebro.example.com'}
            return self._count_queries(lambda: visitor._capture(post))

        counts = [count(number) for number in range(60)]
        self.assertEqual(len(set(counts[1:])), 1, counts)
        for number in range(60, 90):
            with self.assertRaises(crm_capture_form.RateExceeded):
                visitor._capture({'name': f'n{number}'})
        self.assertEqual(len(self._get_leads()), 60)

    def test_known_sender_is_shown_on_the_lead(self):
        self.contact.email = 'lucia@ebro.example.com'
        earlier = self._new_lead(email_from='Lucia@Ebro.example.com')
        self._post({'name': 'Offer', 'email': 'lucia@ebro.example.com'})
        lead = self._get_leads().with_user(self.salesman)
        self.assertEqual(lead.crm_known_lead_ids, earlier)
        self.assertEqual(lead.crm_known_partner_ids, self.contact)

    @mute_logger('odoo.http')
    def test_only_post_is_taken(self):
        for method in ('GET', 'PUT', 'DELETE'):
            response = self.url_open(f'/crm/capture/{self.form.token}?name=x', method=method)
            self.assertEqual(response.status_code, 405)
            self.assertIn('takes what a form posts', response.json()['error'])
            self.assertEqual(response.headers['Access-Control-Allow-Origin'], '*')
            self.assertIn('POST', response.headers['Allow'])
        self.assertFalse(self._get_leads())
        self.assertEqual(self._post({'name': 'x'}).status_code, 201)

    def test_other_websites_may_post_by_script(self):
        options = self.url_open(
            f'/crm/capture/{self.form.token}',
            method='OPTIONS',
            headers={
                'Origin': 'https://www.example.com',
                'Access-Control-Request-Method': 'POST',
            },
        )
        self.assertEqual(options.headers['Access-Control-Allow-Origin'], '*')
        self.assertIn('Content-Type', options.headers['Access-Control-Allow-Headers'])
        response = self._post_json({'name': 'Offer'})
        self.assertEqual(response.headers['Access-Control-Allow-Origin'], '*')

    def test_more_than_the_rate_is_refused_until_the_next_hour(self):
        self.form.rate_limit = 2
        with freeze_time(NOW, tick=True):
            answers = [self._post({'name': str(index)}).status_code for index in range(4)]
        self.assertEqual(answers, [201, 201, 429, 429])
        self.assertEqual(len(self._get_leads()), 2)
        with freeze_time(NOW + timedelta(hours=1), tick=True):
            self.assertEqual(self._post({'name': 'next'}).status_code, 201)

    def test_refused_post_may_be_repeated_when_there_is_room(self):
        self.form.rate_limit = 1
        self._post({'name': 'first'})
        refused = self._post({'name': 'second'})
        self.assertEqual(refused.status_code, 429)
        self.assertEqual(refused.headers['Retry-After'], '3600')
        self.form.rate_limit = 2
        self.assertEqual(self._post({'name': 'second'}).status_code, 201)
        self.assertEqual(len(self._get_leads()), 2)

    def test_each_form_has_its_own_rate(self):
        other = self.form.copy()
        self.assertNotEqual(other.token, self.form.token)
        (self.form | other).rate_limit = 1
        self.assertEqual(self._post({'name': 'x'}).status_code, 201)
        self.assertEqual(self._post({'name': 'x'}, form=other).status_code, 201)
        self.assertEqual(self._post({'name': 'y'}, form=other).status_code, 429)

    def test_machine_in_the_trap_is_thanked_and_ignored(self):
        response = self._post({'name': 'Buy', 'contact_by_fax': 'http://spam.example.com'})
        self.assertEqual(response.status_code, 201)
        self.assertTrue(response.json()['reference'])
        self.assertFalse(self._get_leads())
        self._post({'name': 'Buy', 'contact_by_fax': ''})
        self.assertEqual(self._get_leads().name, 'Buy')

    def test_double_click_makes_one_lead(self):
        with freeze_time(NOW, tick=True):
            first, second = self._post({'name': 'Offer'}), self._post({'name': 'Offer'})
            self._post({'name': 'Another'})
        self.assertEqual((first.status_code, second.status_code), (201, 201))
        self.assertEqual(first.json(), second.json())
        self.assertEqual(len(self._get_leads()), 2)
        with freeze_time(NOW + timedelta(minutes=2), tick=True):
            third = self._post({'name': 'Offer'})
        self.assertNotEqual(third.json(), first.json())
        self.assertEqual(len(self._get_leads()), 3)

    def test_failing_creation_leaves_nothing(self):
        form_class = self.env.registry['crm.capture.form']
        with patch.object(form_class, '_prepare_description', side_effect=ValidationError('no')):
            self.assertEqual(self._post({'name': 'Offer'}).status_code, 400)
        self.assertFalse(self._get_leads())
        self.assertEqual(self._post({'name': 'Offer'}).status_code, 201, 'not a repetition')

    def test_what_fails_gives_its_place_back(self):
        windows = self.env['crm.capture.window']
        for fails in (True, False):
            try:  # no assertRaises: its savepoint would undo the counting itself
                with windows._counted(self.form, 'post', 1) as has_room:
                    self.assertTrue(has_room)
                    if fails:
                        raise ValidationError(self.form.name)
            except ValidationError:
                self.assertTrue(fails)
        with windows._counted(self.form, 'post', 1) as has_room:
            self.assertFalse(has_room)

    # === After a plain form === #

    def test_visitor_is_sent_to_the_configured_page_only(self):
        self.form.thank_you_url = 'https://www.example.com/thanks'
        response = self._post({'name': 'a', 'redirect': 'https://www.example.com/thanks'})
        self.assertEqual(response.status_code, 303)
        self.assertEqual(response.headers['Location'], 'https://www.example.com/thanks')
        for name, target in enumerate(('https://evil.example.com', '//evil.example.com', '/web')):
            response = self._post({'name': str(name), 'redirect': target})
            self.assertEqual(response.status_code, 201)
            self.assertNotIn('Location', response.headers)

    def test_visitor_without_thank_you_page_reads_a_sentence(self):
        response = self._post({'name': 'Offer'}, headers={'Accept': 'text/html,*/*;q=0.8'})
        self.assertEqual(response.status_code, 201)
        self.assertIn(self._get_leads().crm_capture_reference, response.text)
        self.assertIn('text/html', response.headers['Content-Type'])

    def test_thank_you_page_must_be_a_web_address(self):
        for address in ('/thanks', 'javascript:alert(1)', 'www.example.com'):
            with self.assertRaisesRegex(ValidationError, 'complete address'):
                self.form.thank_you_url = address
        for address in ('https://www.example.com/thanks', 'http://example.com', False):
            self.form.thank_you_url = address

    def test_snippet_posts_to_the_form(self):
        self.form.thank_you_url = 'https://www.example.com/thanks'
        snippet = self.form.with_user(self.manager).html_snippet
        self.assertIn(f'/crm/capture/{self.form.token}"', snippet)
        self.assertIn('value="https://www.example.com/thanks"', snippet)
        self.assertIn('name="contact_by_fax"', snippet)

    # === Campaign, channel, source === #

    def test_names_of_campaigns_are_found_whatever_their_case(self):
        campaign = self.env['utm.campaign'].create({'name': 'Spring_Fair', 'title': 'Spring Fair'})
        self._post(
            {
                'name': 'Offer',
                'utm_campaign': 'spring_fair',
                'utm_medium': 'email',
                'utm_source': 'Ferretería 21',
            }
        )
        lead = self._get_leads()
        self.assertEqual(lead.campaign_id, campaign)
        self.assertEqual(lead.medium_id, self.env.ref('utm.utm_medium_email'))
        self.assertEqual(lead.source_id.name, 'Ferretería 21')

    def test_wildcards_match_nothing(self):
        self.env['utm.campaign'].create({'name': 'Spring_Fair'})
        self._post({'name': 'Offer', 'utm_campaign': 'Spring%'})
        self.assertEqual(self._get_leads().campaign_id.name, 'Spring%')

    def test_new_campaign_is_marked_as_automatic(self):
        self._post({'name': 'Offer', 'utm_campaign': 'Sorteo Feria'})
        campaign = self._get_leads().campaign_id
        self.assertEqual((campaign.name, campaign.is_auto_campaign), ('Sorteo Feria', True))
        self.assertEqual(campaign.user_id, self.salesman)

    def test_names_of_the_form_serve_where_the_post_has_none(self):
        self.form.source_id = self.env['utm.source'].create({'name': 'Our site'})
        self._post({'name': 'Offer'})
        self.assertEqual(self._get_leads().source_id.name, 'Our site')

    def test_strangers_do_not_create_endless_names(self):
        with patch.object(crm_capture_utm, 'NEW_NAMES_PER_DAY', 1):
            self._post({'name': 'a', 'utm_campaign': 'Known one'})
            self._post({'name': 'b', 'utm_campaign': '<i>One too many</i>'})
            self._post({'name': 'c', 'utm_campaign': 'Known one'})
        leads = {lead.name: lead for lead in self._get_leads()}
        self.assertEqual(leads['a'].campaign_id.name, 'Known one')
        self.assertFalse(leads['b'].campaign_id)
        self.assertIn('utm_campaign: &lt;i&gt;One too many&lt;/i&gt;', leads['b'].description)
        self.assertEqual(leads['c'].campaign_id, leads['a'].campaign_id)

    def test_cookies_of_the_visitor_create_nothing(self):
        before = self.env['utm.campaign'].with_context(active_test=False).search_count([])
        self._post({'name': 'Offer'}, cookies={'odoo_utm_campaign': 'From a cookie'})
        self.assertFalse(self._get_leads().campaign_id)
        self.assertEqual(
            self.env['utm.campaign'].with_context(active_test=False).search_count([]),
            before,
        )

    # === The record === #

    def test_button_opens_what_it_counts(self):
        self._post({'name': 'a'})
        self._post({'name': 'b'})
        self._get_leads()[0].active = False
        form = self.form.with_user(self.manager)
        action = form.action_view_leads()
        leads = self.env['crm.lead'].with_context(**action['context']).search(action['domain'])
        self.assertEqual(len(leads), 2)
        self.assertEqual(form.lead_count, 2)

    def test_forms_are_the_managers(self):
        for user in (self.salesman, self.coordinator, self.portal):
            with self.assertRaises(AccessError):
                self.form.with_user(user).read(['token'])
        [values] = self.form.with_user(self.manager).read(['token'])
        self.assertEqual(values['token'], self.form.token)
        lead = self.env['crm.lead'].create(
            {
                'name': 'x',
                'crm_capture_form_id': self.form.id,
                'user_id': self.salesman.id,
            }
        )
        with self.assertRaises(AccessError):
            lead.with_user(self.salesman).read(['crm_capture_form_id'])
        with Form(self.env['crm.capture.form'].with_user(self.manager)) as form:
            form.name = 'Landing page'
        self.assertGreaterEqual(len(form.record.token), 32)

    def test_forms_of_other_companies_are_not_seen(self):
        company = self.env['res.company'].create({'name': 'Sucursal Lisboa'})
        director = new_test_user(
            self.env,
            login='crm_extended_lisbon',
            groups='sales_team.group_sale_manager',
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        own = [('id', '=', self.form.id)]
        forms = self.env['crm.capture.form']
        self.assertFalse(forms.with_user(director).search(own))
        self.assertEqual(forms.with_user(self.manager).search(own), self.form)

    def test_counters_and_posts_are_forgotten(self):
        with freeze_time(NOW, tick=True):
            self._post({'name': 'old'})
        with freeze_time(NOW + timedelta(days=3), tick=True):
            self._post({'name': 'new'})
            windows, posts = self.env['crm.capture.window'], self.env['crm.capture.post']
            windows._gc_windows()
            posts._gc_posts()
            own = [('form_id', '=', self.form.id)]
            self.assertEqual(sorted(windows.search(own).mapped('kind')), ['post', 'sender'])
            self.assertEqual(posts.search_count(own), 1)
        self.assertEqual(len(self._get_leads()), 2)
