from unittest import TestCase

from crm_segmentation.core.reasons import Reason, get_reason


class TestReasons(TestCase):
    def test_each_mistake_is_told_with_its_part(self):
        for text, expected in {
            "Invalid field res.partner.gone in condition ('gone', '=', 1)": ('field', 'gone'),
            "Invalid operator in condition ('ref', 'resembles', 'x')": ('operator', 'resembles'),
            'Cannot convert res.partner.self to SQL because it is not stored': (
                'search',
                'res.partner.self',
            ),
            "Failed to cast 'soon' into a date": ('date', 'soon'),
            "Failed to cast 'soon' into a datetime": ('date', 'soon'),
            "Invalid term 'x' in expression date: 'soon x'": ('date', 'soon x'),
            "Invalid isoformat string: 'soon'": ('date', 'soon'),
            'longer than 20000 characters': ('length', '20000'),
        }.items():
            with self.subTest(text):
                self.assertEqual(get_reason(text), Reason(*expected))

    def test_what_is_no_list_of_conditions_is_of_the_wrong_form(self):
        for text in (
            "Domain() invalid item in domain: 'ref'",
            'Domain() invalid argument type for domain: 7',
            'Domain() malformed domain []',
            'invalid syntax (<unknown>, line 1)',
            "'(' was never closed (<unknown>, line 1)",
            'unexpected EOF while parsing',
            'unterminated string literal',
            'malformed node or string on line 1',
            'too many nested parentheses',
            'maximum Recursion depth exceeded',
            'MemoryError',
            'not a valid value',
        ):
            with self.subTest(text):
                self.assertEqual(get_reason(text), Reason('form'))

    def test_anything_else_is_told_as_it_is(self):
        self.assertEqual(get_reason('Out of paper'), Reason('other'))
        self.assertEqual(Reason('other').part, '')
