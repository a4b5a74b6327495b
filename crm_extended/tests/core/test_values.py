from datetime import date, datetime
from unittest import TestCase

from crm_extended.core.values import LARGEST, read_value

COLOURS = [('r', 'Red'), ('g', 'Grün')]


class TestValues(TestCase):
    def test_texts_say_what_a_field_wants(self):
        for kind, text, value in (
            ('char', ' a ', 'a'),
            ('text', 'a\nb', 'a\nb'),
            ('boolean', 'Sí', True),
            ('boolean', '✓', True),
            ('boolean', '✗', False),
            ('boolean', 'NO', False),
            ('boolean', '', False),
            ('boolean', 'perhaps', None),
            ('integer', '1.200', 1200),
            ('integer', '-3', -3),
            ('integer', str(LARGEST), LARGEST),
            ('integer', str(LARGEST + 1), None),
            ('integer', 'three', None),
            ('float', '1.234,5 €', 1234.5),
            ('float', '1,234.5', 1234.5),
            ('float', '1.234.567', 1234567.0),
            ('float', '12', 12.0),
            ('float', '.5', 0.5),
            ('float', '1.234.567,5', 1234567.5),
            ('monetary', '-0,5', -0.5),
            ('float', 'much', None),
            ('float', '9' * 400, None),
            ('date', '2026-03-02', date(2026, 3, 2)),
            ('date', '2026-03-02T10:00:00', date(2026, 3, 2)),
            ('date', '2/3/2026', date(2026, 3, 2)),
            ('date', '02.03.2026', date(2026, 3, 2)),
            ('date', '31/02/2026', None),
            ('date', 'soon', None),
            ('datetime', '2026-03-02T10:00:00+01:00', datetime(2026, 3, 2, 9)),
            ('datetime', '2026-03-02T10:00:00Z', datetime(2026, 3, 2, 10)),
            ('datetime', '2026-03-02', datetime(2026, 3, 2)),
            ('datetime', '2026-03-02 10:00:00.250', datetime(2026, 3, 2, 10)),
            ('datetime', 'soon', None),
            ('selection', 'r', 'r'),
            ('selection', 'grun', 'g'),
            ('selection', 'blue', None),
        ):
            with self.subTest(kind=kind, text=text):
                self.assertEqual(read_value(kind, text, COLOURS), value)
        self.assertIs(read_value('boolean', 'x'), True)
