import json
from unittest import TestCase

from crm_extended.core.card_codes import read_codes


class TestCodes(TestCase):
    def _read(self, text):
        """Return ``(source, lines as name, value, types, what was left out)`` of each card."""
        return [
            (source, [(line.name, line.value, *sorted(line.types)) for line in lines], left_out)
            for source, lines, left_out in read_codes(text.encode())
        ]

    def test_what_is_no_code_holds_none(self):
        for text in ('', 'BEGIN:VCARD', 'MECARDS', '{}', '[]', '[1]', '["vcard"]', '[', '[' * 9999):
            self.assertEqual(self._read(text), [])

    def test_mecard_is_read_with_its_parts(self):
        [(source, lines, left_out)] = self._read(
            r' mecard:n:Ruiz,Ana\;B;TEL-AV:1;ADR:,,A 1,B,,5,ES;NOTE:a\:b,c; rubbish ;X:;; '
        )
        self.assertEqual(
            lines,
            [
                ('N', r'Ruiz;Ana\;B'),
                ('TEL', '1'),
                ('ADR', ';;A 1;B;;5;ES'),
                ('NOTE', r'a:b\,c'),
                ('X', ''),
            ],
        )
        self.assertEqual(left_out, ['rubbish'])
        self.assertTrue(source.startswith(b'MECARD:n:Ruiz,Ana'))
        self.assertTrue(source.endswith(b';;\n'))

    def test_address_of_a_mecard_without_its_seven_parts_is_one_text(self):
        [(_source, lines, _left_out)] = self._read('MECARD:ADR:A 1, B;;')
        self.assertEqual(lines, [('ADR', r'A 1\, B')])

    def test_bizcard_is_read_by_its_letters(self):
        [(source, lines, left_out)] = self._read(
            'BIZCARD:X:Owen;N:Sean;T:Buyer;C:Acme\\; Co;A:9 Av., B;B:1;M:2;F:3;E:a@x;Z:4;;'
        )
        self.assertEqual(
            lines,
            [
                ('N', 'Owen;Sean'),
                ('TITLE', 'Buyer'),
                ('ORG', r'Acme\; Co'),
                ('ADR', r'9 Av.\, B'),
                ('TEL', '1', 'WORK'),
                ('TEL', '2', 'CELL'),
                ('TEL', '3', 'FAX'),
                ('EMAIL', 'a@x'),
                ('Z', '4'),
            ],
        )
        self.assertFalse(left_out)
        self.assertTrue(source.startswith(b'BIZCARD:X:Owen'))
        [(_source, lines, _left_out)] = self._read('BIZCARD:T:Buyer;;')
        self.assertEqual(lines[0][:2], ('N', ';'))

    def test_many_codes_stand_one_below_the_other(self):
        cards = self._read('MECARD:N:A;;\n bizcard:N:B;;\nMECARD:N:C\n;TEL:1;;')
        self.assertEqual([lines[0][1] for _source, lines, _left_out in cards], ['A', ';B', 'C'])
        self.assertEqual(cards[2][1][1], ('TEL', '1'))

    def test_jcard_is_read_with_its_parts_lists_and_parameters(self):
        card = [
            'vcard',
            [
                ['fn', {}, 'text', 'Ana; Ruiz, B'],
                ['n', {}, 'text', ['Ruiz', 'Ana', ['x', 'y,z']]],
                ['tel', {'type': ['work', 'voice'], 'pref': 1, 'group': 'A'}, 'uri', 'tel:1'],
                ['categories', {}, 'text', 'a', 'b'],
                ['x-number', {}, 'integer', 7],
                ['short', {}, 'text'],
                [1, {}, 'text', 'x'],
                ['y', [], 'text', 'x'],
                'rubbish',
            ],
        ]
        [(source, lines, left_out)] = read_codes(json.dumps(card).encode())
        self.assertEqual(
            [(line.name, line.value) for line in lines],
            [
                ('FN', r'Ana\; Ruiz\, B'),
                ('N', r'Ruiz;Ana;x,y\,z'),
                ('TEL', 'tel:1'),
                ('CATEGORIES', 'a,b'),
                ('X-NUMBER', '7'),
            ],
        )
        self.assertEqual(lines[2].group, 'a')
        self.assertEqual(lines[2].params, {'TYPE': ('work', 'voice'), 'PREF': ('1',)})
        self.assertEqual([json.loads(text) for text in left_out], card[1][5:])
        self.assertEqual(json.loads(source), card)

    def test_jcards_stand_in_a_list(self):
        cards = [['vcard', [['fn', {}, 'text', name]]] for name in ('Ñu', 'B')]
        text = json.dumps([*cards, ['vcard', 'x'], ['other', []], 'x'])
        found = self._read(f' {text}')
        names = [lines for _source, lines, _left_out in found]
        self.assertEqual(names, [[('FN', 'Ñu')], [('FN', 'B')]])
        self.assertIn('Ñu', found[0][0].decode())
