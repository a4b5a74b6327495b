import re
from functools import partial
from unittest import TestCase

from crm_extended.core.capture import CLEANERS, clean_address, clean_post
from crm_extended.core.post_body import read_body, unpack
from crm_extended.core.post_names import get_key
from crm_extended.core.post_reading import LEFT_OUT, join_notes, read_post
from crm_extended.tests.core.posts import read_samples

ADDRESS = partial(clean_address, re.compile(r'\S+@\S+').findall)


class TestSamples(TestCase):
    """Posts in the shapes of form services; those in parts are posted in tests with Odoo."""

    def test_each_sample_says_what_is_expected_and_loses_nothing(self):
        samples = [one for one in read_samples() if 'multipart' not in one.content_type]
        self.assertGreater(len(samples), 45)
        for sample in samples:
            with self.subTest(file=sample.file):
                self.check(sample)

    def check(self, sample):
        [raw_post] = read_body(
            unpack(sample.body, sample.content_encoding, 10**6), sample.content_type
        )
        reading = read_post(raw_post, {get_key(name): to for name, to in sample.map.items()})
        texts = {**reading.fields, 'clicks': join_notes(reading.clicks.items())}
        post = clean_post(texts, {**CLEANERS, 'email': ADDRESS})
        self.assertEqual({name: post[name] for name in sample.expected}, sample.expected)
        notes = join_notes(reading.rest)
        for note in sample.notes:
            self.assertIn(note, notes)
        for absent in sample.absent:
            self.assertNotIn(absent, notes)
            self.assertNotIn(absent, str(post))


class TestReading(TestCase):
    def read(self, raw_post, field_map=(), ignored=()):
        return read_post(raw_post, dict(field_map), ignored)

    def test_name_of_a_plain_form_is_the_title_and_else_a_person(self):
        for raw_post, title, person in (
            ({'name': 'Offer'}, 'Offer', ''),
            ({'name': 'Offer', 'contact_name': 'Ana'}, 'Offer', 'Ana'),
            ({'name': 'Ana', 'subject': 'Offer'}, None, 'Ana'),
            ({'name': 'x', 'subject': 'Offer', 'contact_name': 'Ana'}, 'x', 'Ana'),
            ({'Name': 'Ana'}, None, 'Ana'),
            ({'data': {'name': 'Ana'}}, None, 'Ana'),
            ({'name': 'Form', 'data': {'name': 'Ana'}}, None, 'Ana'),
        ):
            fields = self.read(raw_post).fields
            with self.subTest(raw_post=raw_post):
                self.assertEqual((fields.get('name'), fields['contact_name']), (title, person))

    def test_parts_of_a_name_are_joined(self):
        for raw_post, person, rest in (
            ({'first': 'Ana', 'last': 'Ruiz'}, 'Ana Ruiz', []),
            ({'last': 'Ruiz', 'first': 'Ana', 'middle': 'M.'}, 'Ana M. Ruiz', []),
            ({'nombre': 'Ana', 'apellidos': 'Ruiz'}, 'Ana Ruiz', []),
            ({'nombre': 'Ana Ruiz', 'apellidos': 'Ruiz'}, 'Ana Ruiz', []),
            ({'full_name': 'Ana Ruiz', 'first': 'Ana', 'last': 'Ruiz'}, 'Ana Ruiz', []),
            ({'full_name': 'Ana', 'first': 'Nick'}, 'Ana', [('first name', 'Nick')]),
            ({'email': 'x'}, '', []),
        ):
            reading = self.read(raw_post)
            with self.subTest(raw_post=raw_post):
                self.assertEqual(reading.fields['contact_name'], person)
                self.assertEqual(reading.rest, rest)
                self.assertFalse(reading.fields.keys() & {'first_name', 'last_name'})

    def test_map_comes_first_then_our_own_names_then_those_of_others(self):
        raw_post = {'mobile': '1', 'phone': '2', 'code': '3'}
        self.assertEqual(self.read(raw_post).fields['phone'], '2')
        self.assertEqual(
            self.read(raw_post).rest, [('mobile', '1'), ('code', '3')], 'in their order'
        )
        self.assertEqual(self.read({'mobile': '1', 'phone': '1'}).rest, [])
        self.assertEqual(self.read({'names': 'A', 'contact_name': 'B'}).fields['contact_name'], 'B')
        about_form = self.read({'phone': '1', 'data': {'mobile': '2'}})
        self.assertEqual(about_form.fields['phone'], '2')
        reading = self.read(raw_post, {'code': 'phone'})
        self.assertEqual(reading.fields['phone'], '3')
        self.assertEqual(reading.rest, [('mobile', '1'), ('phone', '2')])

    def test_map_knows_names_and_labels_and_fields_of_the_lead(self):
        raw_post = {'fields': [{'id': 'f1', 'label': 'Zona', 'value': 'Norte'}]}
        for key in ('zona', 'f1'):
            reading = self.read(raw_post, {key: 'x_zone'})
            self.assertEqual(reading.fields, {'x_zone': 'Norte', 'contact_name': ''})
            self.assertEqual((reading.rest, reading.names), ([], []))

    def test_left_out_and_ignored_names_are_nowhere(self):
        reading = self.read({'a': 'x', 'b': 'y', 'c': 'z'}, {'a': LEFT_OUT}, {'b'})
        self.assertEqual(reading.rest, [('c', 'z')])
        self.assertNotIn(LEFT_OUT, reading.fields)
        both = {'a': LEFT_OUT, 'b': LEFT_OUT}
        self.assertEqual(self.read({'a': 'x', 'b': 'y'}, both).rest, [])

    def test_clicks_are_kept_by_their_names(self):
        reading = self.read({'gclid': 'a', 'fbclid': 'b', 'utm_term': 'c'})
        self.assertEqual(reading.clicks, {'gclid': 'a', 'fbclid': 'b'})
        self.assertEqual(reading.rest, [('utm term', 'c')])

    def test_checked_box_is_no_name_but_may_be_a_consent(self):
        reading = self.read({'Message': True, 'consent': True, 'Phone': False})
        self.assertEqual(reading.fields, {'consent': '✓', 'contact_name': ''})
        self.assertEqual(reading.rest, [('Message', '✓'), ('Phone', '✗')])

    def test_address_and_number_are_taken_for_what_they_look_like(self):
        reading = self.read({'2': 'a@x.example', '3': '+34 600 12 34 56', '4': 'b@x.example'})
        self.assertEqual(reading.fields['email'], 'a@x.example')
        self.assertEqual(reading.fields['phone'], '+34 600 12 34 56')
        self.assertEqual((reading.rest, reading.names), ([('4', 'b@x.example')], ['4']))
        for text in ('write to a@x.example', '600 12 34 56', '+34 600'):
            self.assertEqual(self.read({'2': text}).rest, [('2', text)])
        for length, is_taken in ((254, True), (255, False)):
            address = 'a@' + 'x' * (length - 10) + '.example'
            self.assertEqual('email' in self.read({'2': address}).fields, is_taken)
        reading = self.read({'2': 'a@x.example', 'email': 'c@x.example'})
        self.assertEqual(reading.rest, [('2', 'a@x.example')])

    def test_what_the_form_repeats_is_left_out_and_answers_never(self):
        reading = self.read({'summary': 'Hi', 'data': {'message': 'Hi', 'note': 'Hi'}})
        self.assertEqual(reading.rest, [('note', 'Hi')])

    def test_labels_are_told_without_the_marks_of_programs(self):
        raw_post = {
            'q8_how_many?': '3',
            'Zona: *': 'N',
            'FAX:': '7',
            '[]': 'x',
            'data': {},
            'form_name': 'F',
        }
        self.assertEqual(
            self.read(raw_post).rest,
            [('how many?', '3'), ('Zona', 'N'), ('FAX', '7'), ('[]', 'x'), ('Form', 'F')],
        )
        self.assertEqual(join_notes([('a', 'b'), ('c', 'd')]), 'a: b\nc: d')
