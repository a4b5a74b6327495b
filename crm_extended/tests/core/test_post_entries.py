from unittest import TestCase

from crm_extended.core.post_entries import (
    MAX_DEPTH,
    MAX_TEXTS,
    PostError,
    get_entries,
    get_text,
    is_field,
)
from crm_extended.core.post_names import get_key, is_of_machine


class TestNames(TestCase):
    def test_small_differences_make_no_other_name(self):
        for name in (
            'Your Name:',
            'name',
            'NAME-1',
            'q3_name',
            'tuName',
            'contact__name',
            '_name_',
        ):
            with self.subTest(name=name):
                self.assertEqual(get_key(name), 'name')
        for name, key in (
            ('Teléfono', 'telefono'),
            ('phoneNumber', 'phone number'),
            ('Address Line 1', 'address line 1'),
            ('select-12', 'select'),
            ('1.3', '1 3'),
            ('25', '25'),
            ('q4', 'q4'),
            ('zona norte 12', 'zona norte'),
            ('deal__contact__name__', 'name'),
            ('your', 'your'),
            ('field_7', '7'),
            ('???', ''),
        ):
            with self.subTest(name=name):
                self.assertEqual(get_key(name), key)

    def test_endless_name_is_compared_by_its_beginning(self):
        self.assertEqual(get_key('x' * 201), 'x' * 200)
        self.assertEqual(get_key('your ' * 20_000 + 'name'), 'your')

    def test_names_for_machines_are_known(self):
        for name in ('_wpcf7', 'g-recaptcha-response', 'User Agent', '__nonce', 'form_id'):
            self.assertTrue(is_of_machine(name), name)
        for name in ('_replyto', '_subject', 'gclid', 'email', 'id', 'type', 'Presupuesto'):
            self.assertFalse(is_of_machine(name), name)
        for name in ('id', 'type'):
            self.assertTrue(is_of_machine(name, is_about_form=True), name)


class TestText(TestCase):
    def test_values_are_said_as_people_write_them(self):
        for value, text in (
            (None, ''),
            (True, '✓'),
            (False, '✗'),
            (0, '0'),
            (1.5, '1.5'),
            (' a ', 'a'),
            (['a', None, '', 2, True, ['b'], {'c': 'd'}], 'a, 2, ✓'),
            ({'a': 'b'}, ''),
        ):
            with self.subTest(value=value):
                self.assertEqual(get_text(value), text)


class TestFields(TestCase):
    def test_field_has_a_name_and_says_what_was_answered(self):
        for item in (
            {'name': 'a', 'value': 1},
            {'label': 'a', 'answer': None},
            {'field': {'id': 1}, 'type': 'text', 'text': 'x'},
        ):
            self.assertTrue(is_field(item), item)
        for item in (
            {'name': 'a', 'email': 'x'},
            {'value': 1},
            {'name': ['a'], 'value': 1},
            {'name': 'a', 'type': 'name'},
            {'name': 'a', 'type': 'type'},
            {'name': 'a', 'type': 'text'},
            ['name', 'value'],
            'name',
        ):
            self.assertFalse(is_field(item), item)


class TestEntries(TestCase):
    def get(self, raw_post):
        return [(entry.name, entry.label, entry.text) for entry in get_entries(raw_post)]

    def test_texts_are_found_however_deep(self):
        self.assertEqual(
            self.get({'a': {'b': {'c': 'x'}}, 'd': [{'e': 'y'}, ['z', ['w']]], 'f': ''}),
            [('c', 'c', 'x'), ('e', 'e', 'y'), ('d', 'd', 'z'), ('d', 'd', 'w')],
        )

    def test_field_that_is_an_object_tells_its_name_and_its_label(self):
        for raw_post, entry in (
            ({'fields': [{'id': 7, 'label': 'Zona', 'value': 'Norte'}]}, ('7', 'Zona', 'Norte')),
            ({'fields': {'1': {'name': 'Zona', 'value': 'N'}}}, ('Zona', 'Zona', 'N')),
            ({'fields': {'z1': {'id': 'x', 'title': 'Zona', 'value': 'N'}}}, ('z1', 'Zona', 'N')),
            ({'zone': {'value': 'N'}}, ('zone', 'zone', 'N')),
            ({'fields': {'1': {'value': 'N'}}}, ('1', '1', 'N')),
        ):
            with self.subTest(raw_post=raw_post):
                self.assertEqual(self.get(raw_post), [entry])

    def test_options_are_told_in_their_words(self):
        options = [{'id': 'ab', 'text': 'North'}, {'id': 2, 'text': 'South'}, {'id': []}, 'odd']
        for value, text in (
            (['ab', 2], 'North, South'),
            ('ab', 'North'),
            ('b', 'b'),
            ([['ab']], 'ab'),
        ):
            field = {'key': 'k', 'value': value, 'options': options}
            with self.subTest(value=value):
                self.assertEqual([text for _n, _l, text in self.get({'data': [field]})], [text])
        field = {'key': 'k', 'value': 'a', 'options': 'none'}
        self.assertEqual(self.get({'data': [field]}), [('k', 'k', 'a')])

    def test_choices_files_and_parts_of_one_text_are_one_text(self):
        for value, text in (
            ({'choice': {'label': 'North', 'id': 'x'}}, 'North'),
            ({'choice': {'labels': ['N', 'S']}}, 'N, S'),
            ({'file': {'name': 'a.pdf', 'url': 'https://x/a.pdf'}}, 'a.pdf https://x/a.pdf'),
            ({'phone': {'area': '34', 'phone': '600'}}, '34 600'),
            ({'phone': {'full': '+34 600', 'area': '34'}}, '+34 600'),
        ):
            with self.subTest(value=value):
                self.assertEqual([text for _n, _l, text in self.get(value)], [text])

    def test_questions_and_what_is_for_machines_are_left_out(self):
        self.assertEqual(
            self.get({'schema': [{'a': 1}], 'options': 'yes', '_nonce': 'x', 'form_id': 3}),
            [('options', 'options', 'yes')],
        )

    def test_json_in_a_text_is_opened_where_programs_put_it(self):
        for text in ('{"a": "x"}', ' [{"a": "x"}]'):
            self.assertEqual(self.get({'payload': text}), [('a', 'a', 'x')])
        for name, text in (('note', '{"a": "x"}'), ('payload', '{broken'), ('data', 'a')):
            self.assertEqual(self.get({name: text}), [(name, name, text)])

    def test_what_stands_beside_an_envelope_is_about_the_form(self):
        raw_post = {'name': 'Form', 'id': 7, 'data': {'id': 'x'}, 'form': {'id': 3, 'name': 'F'}}
        entries = {entry.text: entry.place for entry in get_entries(raw_post)}
        self.assertEqual(
            {text: place.is_about_form for text, place in entries.items()},
            {'Form': True, 'x': False, 'F': True},
        )
        self.assertFalse(any(place.is_top for place in entries.values()))
        [entry] = get_entries({'name': 'x'})
        self.assertTrue(entry.place.is_top)

    def test_what_is_said_twice_is_told_once_and_as_the_answer(self):
        [entry] = get_entries({'email': 'a', 'data': {'Email': 'a'}})
        self.assertFalse(entry.place.is_about_form)
        self.assertEqual(len(get_entries({'data': {'Email': 'a'}, 'email': 'b'})), 2)

    def test_titles_of_questions_are_found_by_their_number(self):
        answers = [
            {'type': 'text', 'text': 'x', 'field': {'id': 1, 'ref': 'r'}},
            {'type': 'text', 'text': 'y', 'field': {'ref': 's'}},
            {'type': 'text', 'text': 'z', 'field': {'id': 3}},
        ]
        definition = {'fields': [{'id': 1, 'title': 'One'}, {'ref': 's', 'title': 'Two'}, 'odd']}
        response = {'definition': definition, 'answers': answers}
        self.assertEqual(
            self.get({'form_response': response}),
            [('r', 'One', 'x'), ('s', 'Two', 'y'), ('3', '3', 'z')],
        )
        group = {'type': 'group', 'group': {'answers': answers[:1]}, 'field': {'id': 9}}
        response['answers'] = [group]
        self.assertEqual(self.get({'form_response': response}), [('r', 'One', 'x')])
        for odd in ({}, {'definition': []}, {'definition': {'fields': 3}}):
            labels = [one[1] for one in self.get({'form_response': {**odd, 'answers': answers}})]
            self.assertEqual(labels, ['r', 's', '3'])

    def test_no_form_is_endless(self):
        self.assertEqual(len(self.get({str(n): 'x' for n in range(MAX_TEXTS)})), MAX_TEXTS)
        with self.assertRaises(PostError) as caught:
            self.get({str(n): 'x' for n in range(MAX_TEXTS + 1)})
        self.assertEqual(caught.exception.kind, 'many')
        self.assertEqual(len(self.get(self.bury(MAX_DEPTH - 1))), 1)
        self.assertEqual(len(self.get(self.bury_in_fields(MAX_DEPTH - 1))), 1)
        self.assertEqual(len(self.get({'a': self.bury_in_lists(MAX_DEPTH - 2)})), 1)
        for deep in (
            self.bury_in_fields(MAX_DEPTH),
            self.bury_in_fields(900),
            self.bury(MAX_DEPTH),
            {'a': self.bury_in_lists(MAX_DEPTH - 1)},
            {'phone': {'a': self.bury_in_lists(900)}},
            {'fields': [{'name': 'a', 'value': self.bury_in_lists(900)}]},
        ):
            with self.assertRaises(PostError) as caught:
                self.get(deep)
            self.assertEqual(caught.exception.kind, 'deep')

    def bury(self, depth):
        node = {'a': 'x'}
        for _step in range(depth):
            node = {'a': node}
        return node

    def bury_in_fields(self, depth):
        node = 'x'
        for _step in range(depth):
            node = {'value': node}
        return {'a': node}

    def bury_in_lists(self, depth):
        node = ['x', []]
        for _step in range(depth):
            node = [node]
        return node
