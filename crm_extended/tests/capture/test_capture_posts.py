import gzip

from odoo import Command
from odoo.tests import tagged
from odoo.tools import html2plaintext, mute_logger

from ..core.posts import read_samples
from .common import CaptureCase

# What of a post becomes which field of the lead.
LEAD_FIELDS = {
    'contact_name': 'contact_name',
    'email': 'email_from',
    'phone': 'phone',
    'company': 'partner_name',
    'function': 'function',
    'street': 'street',
    'city': 'city',
    'zip': 'zip',
    'page': 'crm_capture_page',
    'referrer': 'crm_capture_referrer',
    'clicks': 'crm_capture_clicks',
}
UTM_FIELDS = {
    'utm_campaign': 'campaign_id',
    'utm_medium': 'medium_id',
    'utm_source': 'source_id',
}


@tagged('post_install', '-at_install')
class TestCapturePosts(CaptureCase):
    """What other programs send: each of them makes a lead, and nothing of it is lost."""

    def test_posts_of_other_programs_make_the_leads_that_they_mean(self):
        samples = read_samples()
        self.assertGreaterEqual(len(samples), 50)
        for sample in samples:
            told = [{'name': name, 'target': target} for name, target in sample.map.items()]
            form = self.form.copy({'field_ids': [Command.create(one) for one in told]})
            with self.subTest(file=sample.file):
                self.post_sample(sample, form)
                [lead] = self.get_leads(form)
                self.check(lead, sample)

    def post_sample(self, sample, form):
        headers = {'Content-Type': sample.content_type}
        if sample.content_encoding:
            headers['Content-Encoding'] = sample.content_encoding
        response = self.post(sample.body, form=form, headers=headers)
        self.assertEqual(response.status_code, 201, response.text)

    def check(self, lead, sample):
        expected = dict(sample.expected)
        title = expected.pop('name', None) or expected.pop('subject', None)
        notes = html2plaintext(lead.description or '')
        for line in expected.pop('message', '').splitlines():
            self.assertIn(line, notes)
        utm = {UTM_FIELDS[name]: expected.pop(name) for name in expected.keys() & UTM_FIELDS}
        self.assertEqual({name: lead[name].name.lower() for name in utm}, lower(utm))
        values = {LEAD_FIELDS[name]: text for name, text in expected.items()}
        self.assertRecordValues(lead, [{**values, 'name': title or lead.name}])
        for note in sample.notes:
            self.assertIn(note, notes)
        for absent in sample.absent:
            self.assertNotIn(absent, notes)
        self.assertEqual(self.get_files(lead).mapped('name'), sample.files)

    def get_files(self, lead):
        of_lead = [('res_model', '=', 'crm.lead'), ('res_id', '=', lead.id)]
        return self.env['ir.attachment'].search(of_lead, order='id')

    # === Several at once, files === #

    def test_list_of_posts_makes_a_lead_of_each_or_none(self):
        people = [{'contact_name': f'P{number}'} for number in range(3)]
        response = self.post_json(people)
        self.assertEqual(response.status_code, 201)
        leads = self.get_leads()
        self.assertEqual(leads.mapped('contact_name'), ['P0', 'P1', 'P2'])
        self.assertEqual(
            response.json()['references'], leads.mapped('crm_capture_reference'), 'in their order'
        )
        for many in ([*people, {}], [{'contact_name': f'Q{number}'} for number in range(21)]):
            self.assertEqual(self.post_json(many).status_code, 400)
        self.assertEqual(self.get_leads(), leads)

    def test_files_are_attached_up_to_the_limit_and_the_others_named(self):
        self.form.write({'file_limit': 2, 'file_size': 1})
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        files = [
            ('plan', ('../../plan.svg', svg, 'image/svg+xml')),
            ('plan', ('large.bin', b'x' * (1024**2 + 1))),
            ('plan', ('C:\\a\\note.txt', b'hello')),
            ('plan', ('one_too_many.txt', b'x')),
            ('plan', ('', b'')),
        ]
        response = self.post({'contact_name': 'Ana'}, files=files)
        self.assertEqual(response.status_code, 201)
        lead = self.get_leads()
        kept = self.get_files(lead)
        self.assertEqual(kept.mapped('name'), ['plan.svg', 'note.txt'])
        self.assertEqual(kept.mapped('mimetype'), ['text/plain'] * 2, 'no page of a stranger')
        self.assertEqual(kept[1].raw, b'hello')
        self.assertFalse(any(kept.mapped('public')))
        self.assertIn('large.bin (1 MB)', lead.description)
        self.assertIn('one_too_many.txt', lead.description)
        self.assertNotIn('note.txt', lead.description)
        self.assertIn('type="file"', self.form.html_snippet)
        self.form.file_limit = 0
        self.post({'contact_name': 'Eva'}, files=files)
        self.assertFalse(self.get_files(self.get_leads()[1]))
        self.assertNotIn('type="file"', self.form.html_snippet)

    def test_same_words_with_another_file_are_another_post(self):
        for files in ([], [('a', ('a.txt', b'1'))], [('a', ('a.txt', b'1'))]):
            self.post({'contact_name': 'Ana'}, files=files)
        self.assertEqual(len(self.get_leads()), 2)

    # === Abuse === #

    @mute_logger('odoo.http')
    def test_what_is_no_form_is_refused_with_the_reason_and_leaves_nothing(self):
        deep = {'a': 'x'}
        for _step in range(400):
            deep = {'phone': [deep]}
        packed = {'Content-Type': 'application/json', 'Content-Encoding': 'gzip'}
        bomb = gzip.compress(b'{"name": "' + b'x' * (12 * 1024**2) + b'"}')
        self.assertLess(len(bomb), 64 * 1024)
        for number, (response, status, reason) in enumerate(
            (
                (self.post_json(deep), 400, 'too deep'),
                (self.post_json({str(n): 'x' for n in range(600)}), 400, 'too many fields'),
                (self.post_json({'name': ['x'] * 10_000}), 201, ''),
                (self.post({f'f{n}': 'x' for n in range(1001)}), 400, 'parts'),
                (self.post(bomb, headers=packed), 413, 'too large'),
                (self.post(b'no gzip', headers=packed), 400, 'unpacked'),
                (self.post(b'x', headers={**packed, 'Content-Encoding': 'br'}), 400, 'unpacked'),
                (self.post_json({'_x': 'y', 'form_id': '3'}), 400, 'Nothing was sent'),
            )
        ):
            with self.subTest(number=number):
                self.assertEqual(response.status_code, status)
                self.assertIn(reason, response.json().get('error', ''))
                self.assertEqual(response.headers['Access-Control-Allow-Origin'], '*')
        page = self.post_json(deep, headers={'Accept': 'text/html'})
        self.assertEqual(page.status_code, 400)
        self.assertIn('too deep', page.text)
        self.assertEqual(len(self.get_leads()), 1)
        self.assertFalse(self.get_suspects())

    def test_hostile_names_are_text_like_all_others(self):
        names = ['<script>', '__class__', 'user_id', 'team_id', "'; --", '\x00', '%(a)s', '{0}']
        response = self.post_json({**{name: f'v{n}' for n, name in enumerate(names)}, 'phone': '1'})
        self.assertEqual(response.status_code, 201)
        lead = self.get_leads()
        self.assertEqual((lead.user_id, lead.team_id), (self.salesman, self.team))
        self.assertIn('&lt;script&gt;: v0', lead.description)
        self.assertIn('user id: v2', lead.description)

    def test_visitor_finds_again_what_he_typed_and_no_script_of_his(self):
        self.form.consent_text = 'I have read it'
        evil = '"><script>alert(1)</script>'
        response = self.post(
            {'contact_name': evil, 'Zona': 'Norte', 'message': 'Two\nlines', 'gclid': 'abc'},
            headers={'Accept': 'text/html'},
        )
        self.assertEqual(response.status_code, 400)
        self.assertIn('Please agree to this first: I have read it', response.text)
        self.assertNotIn('<script>alert', response.text)
        for text in ('value="Norte"', 'Two\nlines</textarea>', 'type="hidden" name="gclid"'):
            self.assertIn(text, response.text)
        self.assertIn('name="consent"', response.text)
        self.assertIn(f'/logo.png?company={self.form.company_id.id}', response.text)
        self.assertIn(f'action="{self.form.url}"', response.text)
        self.assertFalse(self.get_leads())


def lower(values):
    return {name: text.lower() for name, text in values.items()}
