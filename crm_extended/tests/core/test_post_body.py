import gzip
import json
import zlib
from unittest import TestCase

from crm_extended.core.post_body import (
    MAX_PARTS,
    MAX_TEXT,
    decode,
    flatten,
    nest,
    read_body,
    read_content_type,
    unpack,
)
from crm_extended.core.post_entries import PostError

FORM = 'application/x-www-form-urlencoded'
JSON = 'application/json'


class PostCase(TestCase):
    def assert_refused(self, kind, function, *args):
        with self.assertRaises(PostError) as caught:
            function(*args)
        self.assertEqual(caught.exception.kind, kind)


class TestUnpack(PostCase):
    def test_body_is_unpacked_as_it_was_packed(self):
        for encoding, packed in (
            ('', b'name=x'),
            (' Identity ', b'name=x'),
            ('gzip', gzip.compress(b'name=x')),
            ('X-GZIP', gzip.compress(b'name=x')),
            ('deflate', zlib.compress(b'name=x')),
        ):
            with self.subTest(encoding=encoding):
                self.assertEqual(unpack(packed, encoding, 6), b'name=x')

    def test_never_more_than_the_limit_is_unpacked(self):
        bomb = gzip.compress(b'x' * 7)
        self.assertEqual(unpack(bomb, 'gzip', 7), b'x' * 7)
        self.assert_refused('large', unpack, bomb, 'gzip', 6)
        self.assert_refused('large', unpack, gzip.compress(bytes(10**7)), 'gzip', 1000)

    def test_what_cannot_be_unpacked_is_refused(self):
        whole = gzip.compress(b'name=x')
        for body, encoding in (
            (b'name=x', 'gzip'),
            (whole[:-4], 'gzip'),
            (b'', 'gzip'),
            (whole, 'br'),
            (whole, 'gzip, gzip, deflate'),
        ):
            with self.subTest(body=body, encoding=encoding):
                self.assert_refused('packed', unpack, body, encoding, 100)


class TestReadBody(PostCase):
    def test_form_is_read_in_any_charset(self):
        for body, kind in (
            (b'n=Bego%C3%B1a', FORM),
            (b'n=Bego%F1a', FORM),
            (b'n=Bego%F1a', f'{FORM}; charset=ISO-8859-1'),
            (b'n=Bego%F1a', f'{FORM}; charset=no-such-one'),
            (b'n=Bego%F1a', f'{FORM}; charset="a\0b"'),
            (b'n=Bego\xc3\xb1a', ''),
        ):
            with self.subTest(body=body, kind=kind):
                self.assertEqual(read_body(body, kind), [{'n': 'Begoña'}])
        self.assertEqual(
            read_body(b'n=%E8%E9&_charset_=cp1251', FORM), [{'n': 'ий', '_charset_': 'cp1251'}]
        )

    def test_one_wrong_text_spoils_no_other(self):
        self.assertEqual(read_body(b'a=%F1&b=%C3%B1', FORM), [{'a': 'ñ', 'b': 'ñ'}])

    def test_empty_values_stay_and_what_comes_twice_is_a_list(self):
        self.assertEqual(read_body(b'a=&b[]=1&b[]=2', FORM), [{'a': '', 'b': ['1', '2']}])
        self.assertEqual(read_body(b'', FORM), [{}])

    def test_json_is_read_under_every_name(self):
        for kind in (JSON, 'text/plain', FORM, '', 'application/ld+json', 'text/xml'):
            with self.subTest(kind=kind):
                self.assertEqual(read_body(b' {"a": 1}', kind), [{'a': 1}])
        self.assertEqual(read_body(b'[{"a": 1}]', 'text/plain'), [{'a': 1}])
        self.assertEqual(read_body('{"a": "ñ"}'.encode('cp1252'), JSON), [{'a': 'ñ'}])
        self.assertEqual(read_body('{"a": 1}'.encode('utf-8-sig'), JSON), [{'a': 1}])
        self.assertEqual(read_body('{"a": "ñ"}'.encode('utf-16'), JSON), [{'a': 'ñ'}])

    def test_what_is_called_json_and_is_none_is_refused(self):
        for body in (b'', b'{"name": ', b'\xff\xfe\x00', b'[' * 50_000):
            with self.subTest(body=body[:10]):
                self.assert_refused('json', read_body, body, JSON)
        for body in (b'[]', b'"text"', b'1', b'null', b'[1]', b'[{}, 1]'):
            with self.subTest(body=body):
                self.assert_refused('object', read_body, body, JSON)

    def test_list_is_of_fields_or_of_posts(self):
        fields = [{'name': 'email', 'value': 'a'}, {'name': 'phone', 'value': 'b'}]
        self.assertEqual(read_body(json.dumps(fields).encode(), JSON), [{'fields': fields}])
        posts = [{'email': 'a'}, {'email': 'b'}]
        self.assertEqual(read_body(json.dumps(posts).encode(), JSON), posts)

    def test_plain_text_is_lines_of_a_form_or_a_message(self):
        lines = b'a=1\r\nb[c]=x=y\r\n'
        self.assertEqual(read_body(lines, 'text/plain'), [{'a': '1', 'b': {'c': 'x=y'}}])
        self.assertEqual(read_body(b'Call me.\na=1', 'text/plain'), [{'message': 'Call me.\na=1'}])
        self.assertEqual(read_body(b'{broken', 'text/plain'), [{'message': '{broken'}])
        self.assertEqual(read_body(b' \n', 'text/plain'), [{}])

    def test_no_more_is_read_than_texts_need(self):
        self.assertEqual(len(read_body(b'a=' + b'x' * (MAX_TEXT - 2), FORM)[0]['a']), MAX_TEXT - 2)
        self.assert_refused('large', read_body, b'a=' + b'x' * (MAX_TEXT - 1), FORM)
        pairs = [b'a='] * MAX_PARTS
        self.assertEqual(len(read_body(b'&'.join(pairs), FORM)[0]['a']), MAX_PARTS)
        self.assert_refused('parts', read_body, b'&'.join([*pairs, b'a=']), FORM)

    def test_kind_and_charset_are_told_by_the_head(self):
        self.assertEqual(read_content_type('Text/Plain; Charset=UTF-16'), ('text/plain', 'utf-16'))
        self.assertEqual(read_content_type(JSON), (JSON, 'utf-8'))
        self.assertEqual(read_content_type(';;;=,')[1], 'utf-8')

    def test_bytes_of_no_charset_are_shown_as_far_as_possible(self):
        self.assertEqual(decode(b'a\x81', 'utf-8'), 'a\ufffd')
        self.assertEqual(decode('ñ'.encode(), 'ascii'), 'ñ')


class TestNest(TestCase):
    def test_brackets_are_opened(self):
        for name, nested in (
            ('a', {'a': 1}),
            ('a[b]', {'a': {'b': 1}}),
            ('a[b][c]', {'a': {'b': {'c': 1}}}),
            ('a[]', {'a': 1}),
            ('[a]', {'[a]': 1}),
            ('a[b', {'a[b': 1}),
            ('a[b]c', {'a[b]c': 1}),
            ('a[b]c[d]', {'a[b]c[d]': 1}),
            ('a[b[c]]', {'a[b[c]]': 1}),
            ('a' + '[b]' * 6, {'a': {'b': {'b': {'b': {'b': {'b': {'b': 1}}}}}}}),
            ('a' + '[b]' * 7, {'a' + '[b]' * 7: 1}),
        ):
            with self.subTest(name=name):
                self.assertEqual(nest([(name, 1)]), nested)

    def test_nothing_is_lost_where_a_name_is_a_text_and_an_object(self):
        self.assertEqual(nest([('a', 1), ('a[b]', 2)]), {'a': {'': 1, 'b': 2}})
        self.assertEqual(nest([('a[b]', 2), ('a', 1), ('a', 3)]), {'a': {'b': 2, '': [1, 3]}})
        self.assertEqual(nest([('a', 1), ('a', 2), ('a', 3)]), {'a': [1, 2, 3]})

    def test_what_is_nested_can_be_laid_flat_again(self):
        pairs = [('a', '1'), ('b[c]', '2'), ('b[d][e]', '3'), ('f', '4'), ('f', '5')]
        self.assertEqual(list(flatten(nest(pairs))), pairs)
        self.assertEqual(list(flatten({'a': None, 'b': True})), [('a', ''), ('b', '✓')])

    def test_what_is_deeper_than_names_go_is_not_laid_flat(self):
        whole, deeper = 'a' + '[b]' * 6, {'a': [[[[[[['x']]]]]]]}
        self.assertEqual(list(flatten(nest([(whole, '1')]))), [(whole, '1')])
        self.assertEqual(list(flatten({'a': nest([(whole, '1')])})), [])
        self.assertEqual(list(flatten(deeper)), [])
        self.assertEqual(list(flatten({'a': [[[[[['x']]]]]]})), [('a', 'x')])
