from unittest import TestCase

from crm_extended.core.card_lines import (
    Line,
    escape,
    find_encoding,
    read_lines,
    read_picture,
    split_escaped,
    unescape,
)


def read(*lines, encoding='cp1252'):
    """Return ``(name, value)`` of the lines, and what was left out."""
    raw = [line if isinstance(line, bytes) else line.encode() for line in lines]
    found, left_out = read_lines(raw, encoding)
    return [(line.name, line.value) for line in found], left_out


class TestLine(TestCase):
    def test_name_group_and_parameters_are_told_apart(self):
        [line], _left_out = read_lines(
            [b'Item1.Tel/x;TYPE="voice,home";type=work;PREF=1;X="a;b:c";Y=d=e:1:2'], 'cp1252'
        )
        self.assertEqual((line.name, line.group, line.value), ('TEL', 'item1', '1:2'))
        self.assertEqual(line.types, {'VOICE', 'HOME', 'WORK', 'X'})
        self.assertEqual((line.params['X'], line.params['Y']), (('a;b:c',), ('d=e',)))
        self.assertEqual(line.preference, 1)
        [line], _left_out = read_lines([b'TEL:1'], 'cp1252')
        self.assertEqual((line.group, line.params), ('', {}))

    def test_underscore_is_a_dash(self):
        self.assertEqual(read('X_COMPANY_CAR:1')[0], [('X-COMPANY-CAR', '1')])

    def test_preference_is_a_number_or_a_type(self):
        for params, preference in (
            ({'PREF': ('7',)}, 7),
            ({'PREF': ('x',)}, 101),
            ({'PREF': ('x',), 'TYPE': ('pref',)}, 1),
            ({'TYPE': ('work', ' Pref ')}, 1),
            ({}, 101),
        ):
            self.assertEqual(Line('TEL', '', params=params).preference, preference)

    def test_parts_are_split_before_they_are_unescaped(self):
        line = Line('ADR', r'a\;b;c, d,e\,f;;\:g\nh\\n')
        self.assertEqual(line.parts, ['a;b', 'c, d, e,f', '', ':g\nh\\n'])
        self.assertEqual(Line('NOTE', r'a\;b\Nc').text, 'a;b\nc')

    def test_what_is_escaped_comes_back(self):
        for text in ('a;b,c\\d\ne', '', '\\n'):
            self.assertEqual(unescape(escape(text)), text)
        self.assertEqual(escape('a\nb'), r'a\nb')
        self.assertEqual(unescape('C:\\dir\\X\\'), 'C:\\dir\\X\\', 'no escape is no escape')
        self.assertEqual(split_escaped(r'a\;b;', ';'), [r'a\;b', ''])

    def test_line_without_a_name_or_a_colon_is_left_out(self):
        told = ['rubbish', ':x', '1TEL:1', 'x' * 80]
        read_ones, left_out = read('rubbish', ':x', '1TEL:1', 'TEL:2', 'x' * 90)
        self.assertEqual((read_ones, left_out), ([('TEL', '2')], told))

    def test_quotes_that_nobody_closed_hide_no_value(self):
        self.assertEqual(read('TEL;TYPE="A:1')[0], [('TEL', '1')])
        self.assertEqual(read('NOTE;X="a":"b:c"')[0], [('NOTE', '"b:c"')])
        self.assertEqual(read('NOTE;X="a:b')[0], [('NOTE', 'b')])


class TestBreaks(TestCase):
    def test_indented_line_goes_on_without_its_indent(self):
        for indent in (' ', '\t'):
            self.assertEqual(read('FN:A', f'{indent}n', f'{indent} a')[0], [('FN', 'An a')])
        self.assertEqual(read('TEL:6', '', ' 00')[0], [('TEL', '600')])

    def test_raw_line_belongs_to_a_text_and_to_nothing_else(self):
        for name in ('NOTE', 'FN', 'N', 'ORG', 'ADR', 'TITLE', 'X-FOO'):
            self.assertEqual(read(f'{name}:a', '', 'b c')[0], [(name, r'a\nb c')])
        self.assertEqual(read('TEL:1', 'b c'), ([('TEL', '1')], ['b c']))

    def test_sentence_with_a_colon_in_a_note_is_no_property(self):
        for sentence in ('tercera: dos', 'Tel: 600', 'source: x', 'Nota; x', 'ABC;DEF'):
            found = read('NOTE:a', sentence)[0]
            self.assertEqual(found, [('NOTE', rf'a\n{sentence}')])
        for line, name in (
            ('tel:600', 'TEL'),
            ('TEL:600', 'TEL'),
            ('OJO:600', 'OJO'),
            ('X-a:600', 'X-A'),
            ('item1.TEL;X:600', 'TEL'),
        ):
            self.assertEqual(read('NOTE:a', line)[0], [('NOTE', 'a'), (name, '600')])

    def test_known_name_begins_a_property_after_any_other_in_small_letters_too(self):
        for name in ('tel', 'Tel', 'version'):
            self.assertEqual(read('FN:a', f'{name}:1')[0][1], (name.upper(), '1'))
        self.assertEqual(read('FN:a', 'foo:1')[0], [('FN', r'a\nfoo:1')])

    def test_coded_line_goes_on_after_an_equals_sign(self):
        coded = 'NOTE;ENCODING=QUOTED-PRINTABLE:a='
        for rest, value in (
            (['b'], 'ab'),
            ([' b'], 'ab'),
            (['\tb'], 'ab'),
            ([' b,'], 'ab,'),
            ([' =41'], 'a A'),
            (['b= ', 'c'], 'abc'),
            ([''], 'a'),
            (['', 'b'], 'a\nb'),
            (['tel:1'], 'atel:1'),
            (['TEL;CELL'], 'aTEL;CELL'),
        ):
            with self.subTest(rest=rest):
                self.assertEqual(read(coded, *rest)[0], [('NOTE', value)])
        self.assertEqual(read(coded, 'TEL:1')[0], [('NOTE', 'a'), ('TEL', '1')])
        for value in ('a=', 'QUOTED-PRINTABLE='):
            self.assertEqual(read(f'NOTE:{value}', 'b')[0], [('NOTE', rf'{value}\nb')])

    def test_indent_is_kept_between_words_and_after_a_full_line(self):
        head = 'NOTE;QUOTED-PRINTABLE:'
        self.assertEqual(read(head + 'a,=', ' b')[0], [('NOTE', 'a, b')])
        for length, space in ((68, ''), (69, ' ')):
            text = 'x' * (length - len(head))
            [(_name, value)] = read(f'{head}{text}=', ' b')[0]
            self.assertEqual(value, f'{text}{space}b')

    def test_picture_goes_on_until_the_next_property(self):
        for head in ('PHOTO;ENCODING=b', 'LOGO', 'NOTE;ENCODING=BASE64', 'X-A;ENCODING="B"'):
            [(_name, value), after] = read(f'{head}:', 'QUFB', '', ' QUFB', 'TEL:1')[0]
            self.assertIn(value, ('QUFBQUFB', 'AAAAAA'))
            self.assertEqual(after, ('TEL', '1'))


class TestCodings(TestCase):
    def test_coded_value_is_decoded(self):
        for head in (';ENCODING=QUOTED-PRINTABLE', ';quoted-printable', ';ENCODING=Q'):
            self.assertEqual(read(f'FN{head}:=C3=91u=0D=0Ax')[0], [('FN', 'Ñu\nx')])
        for head in (';ENCODING=BASE64', ';base64', ';ENCODING=b'):
            self.assertEqual(read(f'FN{head}:w5F1')[0], [('FN', 'Ñu')])
        for value in ('no code!', 'ab cd!', 'Ñ'):
            self.assertEqual(read(f'FN;ENCODING=b:{value}')[0], [('FN', value)])
        self.assertEqual(read('FN:=C3=91')[0], [('FN', '=C3=91')])

    def test_alphabet_of_the_line_counts_then_unicode_then_that_of_the_file(self):
        for head, text, alphabet, of_the_file in (
            (';CHARSET=shift_jis', '表', 'shift_jis', 'cp1252'),
            ('', '表', 'utf-8', 'shift_jis'),
            ('', '表表', 'shift_jis', 'shift_jis'),
            ('', 'Ñu', 'cp1252', 'utf-8'),
            (';CHARSET=none-such', 'Ñu', 'cp1252', 'utf-8'),
            (';CHARSET=iso-8859-1', 'Ñu', 'utf-8', 'cp1252'),
            (';CHARSET=windows-1251', 'Ан', 'windows-1251', 'cp1252'),
            ('', '\x81', 'latin-1', 'utf-8'),
        ):
            with self.subTest(head=head, text=text):
                raw = f'FN{head}:'.encode() + text.encode(alphabet)
                self.assertEqual(read(raw, encoding=of_the_file)[0], [('FN', text)])

    def test_alphabet_in_a_value_is_none(self):
        value = 'CHARSET=utf-7:+AGE-'
        self.assertEqual(read(f'FN:{value}')[0], [('FN', value)])

    def test_alphabet_of_a_coded_value_is_that_of_the_line_or_guessed(self):
        for head, value in (
            (';CHARSET=windows-1251;QUOTED-PRINTABLE', '=C0=ED'),
            (';QUOTED-PRINTABLE;CHARSET=UTF-8', '=D0=90=D0=BD'),
        ):
            self.assertEqual(read(f'FN{head}:{value}')[0], [('FN', 'Ан')])
        self.assertEqual(read('FN;CHARSET=UTF-8;QUOTED-PRINTABLE:=D1u')[0], [('FN', 'Ñu')])
        self.assertEqual(read('FN;QUOTED-PRINTABLE:=C0=ED', encoding='cp1251')[0], [('FN', 'Ан')])

    def test_first_alphabet_of_a_file_is_that_of_its_other_lines(self):
        self.assertEqual(find_encoding(b'FN;charset="GBK":x\nN;CHARSET=UTF-8:x'), 'GBK')
        self.assertEqual(find_encoding(b'FN:x'), 'cp1252')

    def test_name_that_android_gives_a_number_is_a_type(self):
        for text, label in (
            ('X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=C3=91u)', 'Ñu'),
            ('X-CUSTOM(CHARSET=UTF-8,=C3)', '=C3'),
            ('X-CUSTOM(ENCODING=QUOTED-PRINTABLE,=D1u)', 'Ñu'),
            ('X-Almacén', 'X-Almacén'),
        ):
            [line], _left_out = read_lines([f'TEL;{text}:600'.encode()], 'cp1252')
            self.assertEqual((line.params['TYPE'], line.value), ((label,), '600'))

    def test_picture_is_what_follows_its_coding(self):
        for value, picture in (
            ('QUFB', b'AAA'),
            (' QU FB ', b'AAA'),
            ('QUE', b'AA'),
            (r'data:image/png;base64\,QUFB', b'AAA'),
            ('%', b''),
            ('', b''),
        ):
            self.assertEqual(read_picture(Line('PHOTO', value)), picture)
