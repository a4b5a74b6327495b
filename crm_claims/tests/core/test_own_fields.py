from unittest import TestCase

from crm_claims.core.own_fields import (
    LARGEST_NUMBER,
    WrongAnswer,
    is_asked,
    is_shown,
    read_answer,
)

COLORS = [['a1', 'Red'], ['b2', 'Blue']]


def field(kind='char', customer='asked', **more):
    return {'name': 'x', 'string': 'X', 'type': kind, 'service_customer': customer, **more}


class TestOwnFields(TestCase):
    def test_customer_sees_what_he_fills_in_and_nothing_without_a_word(self):
        for customer, shown, asked in (
            (None, False, False),
            ('', False, False),
            ('shown', True, False),
            ('asked', True, True),
            ('required', True, True),
        ):
            with self.subTest(customer=customer):
                self.assertIs(is_shown(field(customer=customer)), shown)
                self.assertIs(is_asked(field(customer=customer)), asked)
        self.assertFalse(is_shown({'name': 'x', 'type': 'char'}))

    def test_forms_ask_for_what_they_can_ask(self):
        for kind in ('char', 'text', 'boolean', 'integer', 'float', 'date', 'selection'):
            self.assertTrue(is_asked(field(kind)), kind)
        for kind in ('many2one', 'many2many', 'tags', 'html', 'datetime', 'separator'):
            self.assertFalse(is_asked(field(kind)), kind)

    def test_typed_text_becomes_a_value(self):
        for kind, text, value in (
            ('char', '  A-7 ', 'A-7'),
            ('text', 'two\nlines', 'two\nlines'),
            ('integer', '12', 12),
            ('integer', '-3', -3),
            ('integer', '12,0', 12),
            ('float', '1.5', 1.5),
            ('float', '1,5', 1.5),
            ('float', str(LARGEST_NUMBER), float(LARGEST_NUMBER)),
            ('date', '2026-02-28', '2026-02-28'),
            ('selection', 'b2', 'b2'),
            ('boolean', 'on', True),
            ('boolean', '', False),
        ):
            with self.subTest(kind=kind, text=text):
                answer = read_answer(field(kind, selection=COLORS), text)
                self.assertEqual(answer, value)
                self.assertIs(type(answer), type(value))

    def test_what_is_no_value_is_refused_with_its_reason(self):
        for kind, text, reason in (
            ('integer', '1.5', 'number'),
            ('integer', 'inf', 'number'),
            ('integer', 'many', 'number'),
            ('float', 'nan', 'number'),
            ('float', str(2 * LARGEST_NUMBER), 'number'),
            ('float', str(-2 * LARGEST_NUMBER), 'number'),
            ('date', '30/02/2026', 'date'),
            ('date', '2026-02-30', 'date'),
            ('selection', 'Red', 'choice'),
        ):
            with self.subTest(kind=kind, text=text), self.assertRaises(WrongAnswer) as caught:
                read_answer(field(kind, selection=COLORS), text)
            self.assertEqual((caught.exception.reason, str(caught.exception)), (reason, reason))
        with self.assertRaises(WrongAnswer):
            read_answer(field('selection', selection=None), 'a1')

    def test_nothing_is_an_answer_unless_something_has_to_be(self):
        for kind in ('char', 'text', 'integer', 'float', 'date', 'selection'):
            self.assertIsNone(read_answer(field(kind), ' '), kind)
        for kind in ('char', 'integer', 'selection', 'boolean'):
            with self.assertRaises(WrongAnswer) as caught:
                read_answer(field(kind, 'required'), ' ')
            self.assertEqual(caught.exception.reason, 'missing')
        self.assertIs(read_answer(field('boolean', 'required'), 'on'), True)
        self.assertEqual(read_answer(field(customer='required'), 'x'), 'x')
