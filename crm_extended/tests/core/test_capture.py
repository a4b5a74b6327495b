from datetime import datetime, timedelta
from unittest import TestCase

from crm_extended.core.capture import (
    CLEANERS,
    POST_FIELDS,
    TELLING_FIELDS,
    clean_post,
    find_no_text,
    get_digest,
    get_sender,
    get_title,
    get_window_start,
    is_complete_address,
    is_telling,
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
        self.assertEqual(self.clean(message='Two\nlines\n')['message'], 'Two\nlines')

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

    def test_field_that_is_no_text_is_named(self):
        self.assertEqual(find_no_text({'name': 'x', 'email': {'a': 1}}), 'email')
        self.assertEqual(find_no_text({'phone': [600]}), 'phone')
        self.assertIsNone(find_no_text({'name': 'x', 'phone': 600, 'email': None, 'other': []}))

    def test_any_field_but_where_it_came_from_makes_a_lead(self):
        self.assertFalse(is_telling(EMPTY))
        for name in POST_FIELDS:
            with self.subTest(name=name):
                post = {**EMPTY, name: 'x'}
                self.assertEqual(is_telling(post), not name.startswith('utm_'))
        self.assertEqual(len(TELLING_FIELDS), len(POST_FIELDS) - 3)

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
