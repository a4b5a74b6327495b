from unittest import TestCase

from crm_extended.core.text import (
    clean_email,
    clean_line,
    clean_text,
    cut_list,
    get_name_key,
    leave_out_unstorable,
)


class Marked(str):
    """A text of a kind of its own, as markup is."""


def split(text):
    return [part.strip().lower() for part in text.split(',') if '@' in part]


class TestText(TestCase):
    def test_what_no_database_stores_is_left_out(self):
        self.assertEqual(leave_out_unstorable('a\0b\ud83dc €'), 'abc €')

    def test_markup_stays_markup(self):
        self.assertIs(type(leave_out_unstorable(Marked('<b>a\0</b>'))), Marked)

    def test_text_keeps_its_lines_without_space_around_them(self):
        self.assertEqual(clean_text(' \n one\n\ttwo\0 \n'), 'one\n\ttwo')
        self.assertEqual(clean_text(600), '600')

    def test_text_is_cut_to_a_length_after_cleaning(self):
        self.assertEqual(clean_text('  abcdef', 3), 'abc')
        self.assertEqual(clean_text('abc', 3), 'abc')
        self.assertEqual(clean_text('abc'), 'abc')

    def test_line_is_one_line_with_single_spaces(self):
        for text in ('a\nb', 'a\r\nb', 'a\x0bb', 'a\u2028b', 'a\u2029b', '  a   b ', 'a\x1b b'):
            with self.subTest(text=text):
                self.assertEqual(clean_line(text), 'a b')

    def test_marks_that_are_no_control_stay(self):
        self.assertEqual(clean_line('a\u200db \xb7 ñ'), 'a\u200db \xb7 ñ')

    def test_line_is_cut_without_a_space_at_the_end(self):
        self.assertEqual(clean_line('ab cd', 3), 'ab')
        self.assertEqual(clean_line('ab cd', 4), 'ab c')
        self.assertEqual(clean_line('ab cd'), 'ab cd')


class TestEmail(TestCase):
    def test_single_address_stays_as_it_is_written(self):
        self.assertEqual(clean_email(split, ' Ana\n<Ana@x.example> '), 'Ana <Ana@x.example>')
        self.assertEqual(clean_email(split, 'no address'), 'no address')

    def test_second_address_gets_no_mails(self):
        self.assertEqual(clean_email(split, 'a@x.example, b@x.example'), 'a@x.example')
        self.assertEqual(clean_email(split, 'a@x.example,\nb@x, c@x'), 'a@x.example')

    def test_it_is_cut_to_a_length(self):
        self.assertEqual(clean_email(split, 'ana@x.example', 5), 'ana@x')
        self.assertEqual(clean_email(split, 'ana@x.example, b@x', 3), 'ana')


class TestNames(TestCase):
    def test_names_are_compared_without_accents_and_capitals(self):
        for name in ('Aragón', ' ARAGON ', 'aragón', 'Arago\u0301n'):
            with self.subTest(name=name):
                self.assertEqual(get_name_key(name), 'aragon')
        self.assertEqual(get_name_key('Straße'), 'strasse')

    def test_no_name_is_an_empty_one(self):
        self.assertEqual((get_name_key(None), get_name_key('')), ('', ''))


class TestCutList(TestCase):
    def test_as_many_as_may_be_told_and_the_number_of_the_rest(self):
        self.assertEqual(cut_list('abcd', 3), ('abc', 1))
        self.assertEqual(cut_list('abc', 3), ('abc', 0))
        self.assertEqual(cut_list('ab', 3), ('ab', 0))
        self.assertEqual(cut_list([], 3), ([], 0))
