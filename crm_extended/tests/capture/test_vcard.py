import random

from odoo.tests import BaseCase

from odoo.addons.crm_extended.tools.vcard import read_cards

V3 = """BEGIN:VCARD
VERSION:3.0
N:Ruiz;Ana;María;;
FN:Ana María Ruiz
ORG:Ruiz e Hijos\\, S.L.;Compras
TITLE:Directora
TEL;TYPE=FAX:+34 976 00 00 00
TEL;TYPE=HOME:+34 976 33 33 33
TEL;TYPE=CELL,PREF:+34 600 12 34 56
EMAIL:info@ruiz.example.com
item1.EMAIL;TYPE=pref:ana@ruiz.example.com
ADR;TYPE=WORK:Apdo. 7;Piso 2;Calle Mayor 1;Zaragoza;Aragón;50001;España
URL:https://ruiz.example.com
NOTE:Primera línea\\nsegun
 da línea
PHOTO;ENCODING=b;TYPE=JPEG:AAAA
 AAAA
END:VCARD
"""
V4 = """BEGIN:VCARD
VERSION:4.0
FN:Jonas Weber
ROLE:Einkauf
TEL;VALUE=uri;PREF=2;TYPE="voice,home":tel:+49-30-111;ext=5
TEL;VALUE=uri;PREF=1:tel:+49-30-222
EMAIL;PREF=9:second@weber.example.com
EMAIL;PREF=1:mailto:first@weber.example.com
LANG;PREF=2:en
LANG;PREF=1:de
END:VCARD
"""
V21 = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=ISO-8859-1;ENCODING=quoted-printable:Mu=F1oz;=CD=F1igo
TEL;WORK;VOICE:944
TEL;CELL;PREF:600
NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:L=C3=ADnea uno,=
 dos
END:VCARD
"""


class TestVcard(BaseCase):
    def _read(self, text, encoding='utf-8'):
        return list(read_cards(text.encode(encoding)))

    def test_version_3_is_read_with_what_is_preferred_first(self):
        [card] = self._read(V3)
        self.assertEqual(card.contact_name, 'Ana María Ruiz')
        self.assertEqual((card.partner_name, card.department), ('Ruiz e Hijos, S.L.', 'Compras'))
        self.assertEqual(card.function, 'Directora')
        self.assertEqual(card.phones, ['+34 600 12 34 56', '+34 976 33 33 33'])
        self.assertEqual(card.emails, ['ana@ruiz.example.com', 'info@ruiz.example.com'])
        self.assertEqual((card.street, card.street2), ('Calle Mayor 1', 'Piso 2, Apdo. 7'))
        self.assertEqual((card.zip, card.city, card.state), ('50001', 'Zaragoza', 'Aragón'))
        self.assertEqual((card.country, card.website), ('España', 'https://ruiz.example.com'))
        self.assertEqual(card.note, 'Primera línea\nsegunda línea')

    def test_version_4_is_read_with_its_addresses_and_ranks(self):
        [card] = self._read(V4)
        self.assertEqual(card.phones, ['+49-30-222', '+49-30-111'])
        self.assertEqual(card.emails, ['first@weber.example.com', 'second@weber.example.com'])
        self.assertEqual((card.function, card.lang), ('Einkauf', 'de'))

    def test_version_2_is_read_with_its_own_encoding(self):
        [card] = self._read(V21)
        self.assertEqual(card.contact_name, 'Íñigo Muñoz')
        self.assertEqual(card.phones, ['600', '944'])
        self.assertEqual(card.note, 'Línea uno, dos')

    def test_commas_that_nobody_escaped_lose_nothing(self):
        [card] = self._read(
            'BEGIN:VCARD\nVERSION:3.0\nFN:Ruiz, Ana\nORG:Ruiz, S.L.;Sales, Madrid\n'
            'NOTE:One, two\\, three; four\nEND:VCARD\n'
        )
        self.assertEqual((card.contact_name, card.partner_name), ('Ruiz, Ana', 'Ruiz, S.L.'))
        self.assertEqual((card.department, card.note), ('Sales, Madrid', 'One, two, three; four'))

    def test_company_without_a_person_is_a_company(self):
        for line in ('ORG:Ruiz', 'KIND:org', 'X-ABShowAs:COMPANY'):
            [card] = self._read(f'BEGIN:VCARD\nVERSION:3.0\nFN:Ruiz\n{line}\nEND:VCARD\n')
            with self.subTest(line=line):
                self.assertEqual((card.partner_name, card.contact_name), ('Ruiz', ''))

    def test_file_is_read_in_whatever_encoding(self):
        for encoding in ('utf-8', 'utf-8-sig', 'utf-16', 'cp1252'):
            for end in ('\n', '\r\n', '\r'):
                [card] = self._read(V3.replace('\n', end), encoding)
                with self.subTest(encoding=encoding, end=end):
                    self.assertEqual(card.contact_name, 'Ana María Ruiz')
                    self.assertIn('Ana María', card.source.decode(encoding))
        cyrillic = 'BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=windows-1251:Анна\nEND:VCARD\n'
        [card] = self._read(cyrillic, 'windows-1251')
        self.assertEqual(card.contact_name, 'Анна')

    def test_damaged_card_does_not_spoil_its_neighbours(self):
        broken = 'BEGIN:VCARD\nVERSION:3.0\nrubbish\nEND:VCARD\n'
        unclosed = 'BEGIN:VCARD\nFN:Unclosed\n'
        cards = self._read(V3 + broken + unclosed + V4 + unclosed)
        self.assertEqual(
            [card.is_damaged for card in cards],
            [False, True, True, False, True],
        )

    def test_what_is_no_card_holds_none(self):
        for text in ('', 'hello', 'BEGIN:VCALENDAR\nEND:VCALENDAR\n', '\0' * 1000):
            self.assertFalse(self._read(text))

    def test_huge_card_is_damaged_and_huge_picture_is_not(self):
        note = V4.replace('ROLE:Einkauf', 'NOTE:' + 'x' * 300_000)
        photo = V4.replace('ROLE:Einkauf', 'PHOTO:' + '\n '.join(['x' * 70] * 5000))
        self.assertEqual([card.is_damaged for card in self._read(note + photo)], [True, False])

    def test_nothing_that_the_database_refuses_is_let_through(self):
        [card] = self._read(
            'BEGIN:VCARD\nVERSION:3.0\nFN:A\0na\nNOTE:' + 'x' * 30000 + '\nEND:VCARD'
        )
        self.assertEqual(card.contact_name, 'Ana')
        self.assertEqual(len(card.note), 20_000)

    def test_single_lines_stay_single_and_each_address_stands_alone(self):
        [card] = self._read(
            'BEGIN:VCARD\nVERSION:3.0\nFN:Ana\\nRuiz\nTITLE:Head\x0b\x1bof sales\n'
            'EMAIL:ana@ruiz.example.com\\nboss@other.example.com\n'
            'ADR:;;Calle\\nMayor 1;Zaragoza;;50001;\nNOTE:Two\\nlines\nEND:VCARD\n'
        )
        self.assertEqual((card.contact_name, card.function), ('Ana Ruiz', 'Head of sales'))
        self.assertEqual(card.emails, ['ana@ruiz.example.com', 'boss@other.example.com'])
        self.assertEqual((card.street, card.note), ('Calle Mayor 1', 'Two\nlines'))

    def test_garbage_never_raises(self):
        chance = random.Random(19)
        for _round in range(500):
            content = bytearray(chance.choice((V3, V4, V21)).encode())
            for _change in range(chance.randint(1, 15)):
                content[chance.randrange(len(content))] = chance.choice(b'\0\xff=;:,\\\n\r "BEGIN')
            for card in read_cards(bytes(content)):
                self.assertTrue(card.source)
