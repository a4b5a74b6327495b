import re
from datetime import datetime, timedelta
from unittest import TestCase

from crm_extended.core.capture import (
    CLEANERS,
    POST_FIELDS,
    clean_address,
    clean_post,
    find_language,
    get_digest,
    get_message,
    get_network,
    get_sender,
    get_share,
    get_title,
    get_window_start,
    is_complete_address,
    is_telling,
    is_too_fast,
    split_files,
)

EMPTY = dict.fromkeys(POST_FIELDS, '')


class TestPost(TestCase):
    def clean(self, **raw_post):
        return clean_post(raw_post, CLEANERS)

    def test_known_fields_are_kept_as_one_line_and_the_rest_is_not(self):
        self.assertEqual(
            self.clean(name=' Two\nlines ', phone=600, colour='red'),
            {**EMPTY, 'name': 'Two lines', 'phone': '600'},
        )

    def test_message_keeps_its_lines(self):
        for name in ('message', 'notes', 'clicks'):
            self.assertEqual(self.clean(**{name: 'Two\nlines\n'})[name], 'Two\nlines')

    def test_what_else_was_said_stands_below_the_message(self):
        for message, notes, text in (('a', 'b', 'a\n\nb'), ('a', '', 'a'), ('', 'b', 'b')):
            self.assertEqual(get_message({'message': message, 'notes': notes}), text)

    def test_each_field_is_cut_to_its_length(self):
        post = self.clean(**dict.fromkeys(POST_FIELDS, 'x' * 30_000))
        self.assertEqual({name: len(text) for name, text in post.items()}, POST_FIELDS)
        self.assertEqual(
            POST_FIELDS,
            {
                'name': 200,
                'subject': 200,
                'contact_name': 120,
                'email': 254,
                'phone': 60,
                'company': 200,
                'message': 20_000,
                'utm_campaign': 100,
                'utm_medium': 100,
                'utm_source': 100,
                'street': 200,
                'city': 100,
                'zip': 24,
                'website': 200,
                'function': 120,
                'page': 500,
                'referrer': 500,
                'lang': 10,
                'consent': 10,
                'consent_version': 10,
                'seconds': 10,
                'clicks': 1000,
                'notes': 20_000,
                'files': 2000,
            },
        )

    def test_nothing_and_false_are_empty(self):
        for value in (None, False, ''):
            self.assertEqual(self.clean(name=value), EMPTY)

    def test_cleaner_of_a_field_is_used_for_it_alone(self):
        def shout(value, length):
            return f'{value}!{length}'

        post = clean_post({'email': 'a', 'name': 'b'}, {'email': shout})
        self.assertEqual((post['email'], post['name']), ('a!254', 'b'))

    def test_any_field_but_where_it_came_from_makes_a_lead(self):
        self.assertFalse(is_telling(EMPTY))
        telling = {name for name in POST_FIELDS if is_telling({**EMPTY, name: 'x'})}
        self.assertEqual(
            telling,
            {'name', 'subject', 'contact_name', 'email', 'phone', 'company', 'message', 'notes'},
        )

    def test_title_is_what_the_sender_called_it(self):
        self.assertEqual(get_title({**EMPTY, 'name': 'Name', 'subject': 'Subject'}), 'Name')
        self.assertEqual(get_title({**EMPTY, 'subject': 'Subject'}), 'Subject')
        self.assertEqual(get_title({**EMPTY, 'message': 'Hello'}), '')

    def test_sender_is_the_best_that_the_post_says(self):
        post = {**EMPTY, 'name': 'Hello', 'message': 'Hello'}
        self.assertEqual(get_sender(post), '')
        for name in ('phone', 'email', 'company', 'contact_name'):
            post[name] = f'the {name}'
            self.assertEqual(get_sender(post), f'the {name}')

    def test_fingerprint_is_of_all_fields_in_any_order(self):
        post = {**EMPTY, 'name': 'Ana'}
        backwards = dict(reversed(post.items()))
        self.assertEqual(get_digest(post), get_digest(backwards))
        self.assertNotEqual(get_digest(post), get_digest({**post, 'utm_source': 'x'}))
        self.assertNotIn('Ana', get_digest(post))
        self.assertEqual(len(get_digest(post)), 64)
        self.assertEqual(get_digest(post), get_digest({**post, 'seconds': '7'}), 'a second click')


class TestAddresses(TestCase):
    def test_first_valid_address_of_several_is_kept(self):
        split = re.compile(r'[^,]+@[^,]+').findall
        for text, address in (
            ('ana@x.example', 'ana@x.example'),
            ('n/a; ana@x.example, b@x.example', 'ana@x.example'),
            ('ana@x\nb@y.example', 'b@y.example'),
            ('mailto:ana@x.example', 'ana@x.example'),
            ('Ana <ana@x.example>', 'Ana <ana@x.example>'),
            ('Ana <ana@x.example>,b@x.example', 'Ana <ana@x.example>'),
            ('no address', 'no address'),
            ('', ''),
        ):
            with self.subTest(text=text):
                self.assertEqual(clean_address(split, text, 100), address)
        self.assertEqual(clean_address(split, 'ana@x.example', 5), 'ana@x')
        self.assertEqual(clean_address(split, 'no address', 4), 'no a')
        self.assertEqual(clean_address(split, 'x' * 60_000 + '@x.example'), 'x' * 1000)

    def test_sender_is_an_address_or_a_network_of_the_new_internet(self):
        for address, network in (
            ('203.0.113.9', '203.0.113.9'),
            ('2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'),
            ('2001:db8:1:2::', '2001:db8:1:2::/64'),
            ('unknown', 'unknown'),
        ):
            with self.subTest(address=address):
                self.assertEqual(get_network(address), network)

    def test_language_is_the_nearest_that_is_installed(self):
        installed = ['en_US', 'es_ES', 'es_MX']
        for told, language in (
            ('es_MX', 'es_MX'),
            ('es-mx,en;q=0.9', 'es_MX'),
            ('es;q=0.5', 'es_ES'),
            ('es-AR', 'es_ES'),
            ('en', 'en_US'),
            ('fr', ''),
            ('e', ''),
            ('', ''),
        ):
            with self.subTest(told=told):
                self.assertEqual(find_language(told, installed), language)


class TestLimits(TestCase):
    def test_so_many_files_of_a_size_are_kept_and_the_others_named(self):
        files = [('a', b'xx'), ('b', b'xxx'), ('c', b''), ('d', b'x')]
        self.assertEqual(
            split_files(files, 2, 2), ([('a', b'xx'), ('c', b'')], [('b', 3), ('d', 1)])
        )
        self.assertEqual(split_files(files, 0, 9)[0], [])

    def test_file_is_called_by_its_last_name_on_one_line(self):
        for name, kept in (
            ('../../etc/passwd', 'passwd'),
            ('C:\\plans\\a.pdf', 'a.pdf'),
            ('a\nb.pdf', 'a b.pdf'),
            ('folder/', 'file'),
            ('x' * 200, 'x' * 120),
        ):
            with self.subTest(name=name):
                self.assertEqual(split_files([(name, b'')], 1, 1)[0][0][0], kept)

    def test_share_of_one_sender_is_never_less_than_a_few(self):
        for limit, percent, share in (
            (60, 25, 15),
            (62, 25, 15),
            (1000, 10, 100),
            (10, 25, 3),
            (1, 100, 3),
        ):
            self.assertEqual(get_share(limit, percent), share)

    def test_people_are_not_faster_than_they_type(self):
        for seconds, least, is_fast in (
            ('0', 2, True),
            ('1', 2, True),
            ('2', 2, False),
            ('0', 0, False),
            ('', 2, False),
            ('-1', 2, False),
            ('²', 2, False),
        ):
            with self.subTest(seconds=seconds, least=least):
                self.assertIs(is_too_fast(seconds, least), is_fast)


class TestWindow(TestCase):
    def test_hours_and_days_begin_where_people_expect_it(self):
        hour, day = timedelta(hours=1), timedelta(days=1)
        for moment, length, start in (
            (datetime(2026, 3, 10, 9, 59, 59, 999), hour, datetime(2026, 3, 10, 9)),
            (datetime(2026, 3, 10, 10), hour, datetime(2026, 3, 10, 10)),
            (datetime(2026, 3, 10, 23, 59, 59), day, datetime(2026, 3, 10)),
            (datetime(2026, 3, 11), day, datetime(2026, 3, 11)),
            (datetime(2026, 3, 10, 9, 31), timedelta(minutes=20), datetime(2026, 3, 10, 9, 20)),
            (datetime(2026, 3, 10, 0, 0, 5, 7), timedelta(hours=7), datetime(2026, 3, 10)),
        ):
            with self.subTest(moment=moment):
                self.assertEqual(get_window_start(moment, length), start)


class TestAddress(TestCase):
    def test_only_a_complete_address_of_the_web_will_do(self):
        for text, expected in (
            ('https://www.example.com/thanks', True),
            ('http://www.example.com', True),
            ('www.example.com/thanks', False),
            ('/thanks', False),
            ('https:///thanks', False),
            ('javascript:alert(1)', False),
            ('ftp://www.example.com/thanks', False),
            ('//www.example.com/thanks', False),
        ):
            with self.subTest(text=text):
                self.assertIs(is_complete_address(text), expected)
