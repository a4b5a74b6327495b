import random
from dataclasses import replace
from unittest import TestCase

from crm_extended.core.card import Card, Fact, get_file_type, get_picture_type
from crm_extended.core.vcard import read_cards
from crm_extended.tests.core.cards import V3, V4, V21


class TestVcard(TestCase):
    def _read(self, text, encoding='utf-8'):
        return list(read_cards(text.encode(encoding)))

    def test_version_3_is_read_with_what_is_preferred_first(self):
        [card] = self._read(V3)
        self.assertEqual(card.contact_name, 'Ana María Ruiz')
        self.assertEqual((card.partner_name, card.department), ('Ruiz e Hijos, S.L.', 'Compras'))
        self.assertEqual(card.function, 'Directora')
        self.assertEqual(card.phones, ('+34 600 12 34 56', '+34 976 33 33 33'))
        self.assertEqual(card.emails, ('ana@ruiz.example.com', 'info@ruiz.example.com'))
        self.assertEqual((card.street, card.street2), ('Calle Mayor 1', 'Piso 2, Apdo. 7'))
        self.assertEqual((card.zip, card.city, card.state), ('50001', 'Zaragoza', 'Aragón'))
        self.assertEqual((card.country, card.website), ('España', 'https://ruiz.example.com'))
        self.assertEqual(card.note, 'Primera línea\nsegunda línea')

    def test_version_4_is_read_with_its_addresses_and_ranks(self):
        [card] = self._read(V4)
        self.assertEqual(card.phones, ('+49-30-222', '+49-30-111'))
        self.assertEqual(card.emails, ('first@weber.example.com', 'second@weber.example.com'))
        self.assertEqual((card.function, card.lang), ('Einkauf', 'de'))

    def test_version_2_is_read_with_its_own_encoding(self):
        [card] = self._read(V21)
        self.assertEqual(card.contact_name, 'Íñigo Muñoz')
        self.assertEqual(card.phones, ('600', '944'))
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
            for end in ('\n', '\r\n', '\r', '\r\r\n'):
                [card] = self._read(V3.replace('\n', end), encoding)
                with self.subTest(encoding=encoding, end=end):
                    self.assertEqual(card.contact_name, 'Ana María Ruiz')
                    self.assertIn('Ana María', card.source.decode(encoding))
        cyrillic = 'BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=windows-1251:Анна\nEND:VCARD\n'
        [card] = self._read(cyrillic, 'windows-1251')
        self.assertEqual(card.contact_name, 'Анна')
        [card] = self._read('BEGIN:VCARD\nFN:Ana 5 €\nEND:VCARD\n', 'cp1252')
        self.assertEqual(card.contact_name, 'Ana 5 €')

    def test_wide_characters_are_read_without_their_mark(self):
        [card] = self._read('BEGIN:VCARD\nFN:Ana\nEND:VCARD\n', 'utf-16-le')
        self.assertEqual(card.contact_name, 'Ana')

    def test_wide_file_is_read_up_to_where_it_is_cut(self):
        for encoding in ('utf-16', 'utf-16-le', 'utf-16-be'):
            content = 'BEGIN:VCARD\nFN:Ñu\nEND:VCARD\n'.encode(encoding)
            [card] = read_cards(content + b'A')
            with self.subTest(encoding=encoding):
                self.assertEqual((card.contact_name, card.is_cut), ('Ñu', False))
                text = card.source.decode(encoding)
                self.assertEqual(text, 'BEGIN:VCARD\r\nFN:Ñu\r\nEND:VCARD\r\n')

    def test_null_characters_are_left_out(self):
        [card] = read_cards(b'BEGIN:VCARD\nFN:A\0na\nEND:VC\0ARD\n')
        self.assertEqual((card.contact_name, card.is_cut), ('Ana', False))
        self.assertNotIn(b'\0', card.source)
        [card] = read_cards(b'BEGIN:VCARD\nFN:Ana\n')
        self.assertEqual(card.source, b'BEGIN:VCARD\r\nFN:Ana\r\n\r\n')

    def test_card_of_who_speaks_for_a_person_follows(self):
        text = (
            'BEGIN:VCARD\nFN:A\n{agent}\n\nBEGIN:VCARD\nFN:B\nAGENT:\nBEGIN:VCARD\nFN:C\n'
            'END:VCARD\nEND:VCARD\nTITLE:Boss\nEND:VCARD\nBEGIN:VCARD\nFN:D\nEND:VCARD\n'
        )
        for agent in ('AGENT:', 'agent ;X=1: ', 'item1.AGENT:'):
            cards = self._read(text.format(agent=agent))
            with self.subTest(agent=agent):
                self.assertEqual([card.contact_name for card in cards], list('ABCD'))
                self.assertEqual(cards[0].function, 'Boss')
                self.assertEqual(cards[0].facts, (Fact('other', 'B', 'Agent'),))
                self.assertEqual(cards[1].facts, (Fact('other', 'C', 'Agent'),))
                self.assertFalse(any(card.is_cut for card in cards))
        cards = self._read(text.format(agent='AGENT:CID:x'))
        self.assertEqual([card.is_cut for card in cards], [True, False, False, False])
        self.assertEqual(cards[0].facts, (Fact('other', 'CID:x', 'Agent'),))

    def test_person_has_one_agent_and_the_next_card_is_another(self):
        inner = 'BEGIN:VCARD\nFN:B\nEND:VCARD\n'
        cards = self._read(f'BEGIN:VCARD\nFN:A\nAGENT:\n{inner}{inner}TITLE:x\nEND:VCARD\n')
        self.assertEqual([card.contact_name for card in cards], list('ABB'))
        self.assertEqual([card.is_cut for card in cards], [True, False, False])

    def test_line_is_read_as_it_says_and_any_other_as_the_first_that_says_so(self):
        lines = ['FN;CHARSET=windows-1251:Анна', 'NOTE;CHARSET=ascii:x', 'TITLE:Шеф']
        [card] = self._read('\n'.join(['BEGIN:VCARD', *lines, 'END:VCARD']), 'windows-1251')
        self.assertEqual((card.contact_name, card.function), ('Анна', 'Шеф'))
        lines = [lines[1], lines[0], lines[2]]
        [card] = self._read('\n'.join(['BEGIN:VCARD', *lines, 'END:VCARD']), 'windows-1251')
        self.assertEqual(card.contact_name, 'Анна')
        self.assertEqual(card.function, 'Øåô', 'Western, as nothing else fits')

    def test_bytes_of_no_encoding_are_kept(self):
        content = b'BEGIN:VCARD\r\nFN:Ana\x81\r\nNOTE;CHARSET=none-such:\xe9\r\nEND:VCARD\r\n'
        [card] = read_cards(content)
        self.assertEqual(card.source, content)
        self.assertEqual(card.note, 'é')

    def test_damaged_card_does_not_spoil_its_neighbours(self):
        broken = 'BEGIN:VCARD\nVERSION:3.0\nrubbish\nEND:VCARD\n'
        unclosed = 'BEGIN:VCARD\nFN:Unclosed\n'
        cards = self._read(V3 + broken + unclosed + V4 + unclosed)
        self.assertEqual([card.is_damaged for card in cards], [False, True, False, False, False])
        self.assertEqual([card.is_cut for card in cards], [False, False, True, False, True])
        self.assertEqual(cards[1].left_out, ('rubbish',))
        self.assertEqual(cards[2].contact_name, 'Unclosed')

    def test_what_is_no_card_holds_none(self):
        for text in ('', 'hello', 'BEGIN:VCALENDAR\nEND:VCALENDAR\n', '\0' * 1000):
            self.assertFalse(self._read(text))

    def test_what_is_too_long_is_cut_and_told(self):
        note = V4.replace('ROLE:Einkauf', 'NOTE:' + 'x' * 300_000)
        photo = V4.replace('ROLE:Einkauf', 'PHOTO:' + '\n '.join(['x' * 70] * 5000))
        lines = V4.replace('ROLE:Einkauf', '\n'.join(['TEL:1'] * 1000))
        left_out = [card.left_out for card in self._read(note + photo + lines)]
        self.assertEqual(left_out[:2], [('NOTE',), ('PHOTO',)])
        # the version and the name are lines too
        self.assertEqual(left_out[2][:3], ('TEL', 'TEL', 'TEL'))
        self.assertEqual(left_out[2].count('EMAIL'), 2)

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
        self.assertEqual(card.emails, ('ana@ruiz.example.com', 'boss@other.example.com'))
        self.assertEqual((card.street, card.street2), ('Calle', 'Mayor 1'))
        self.assertEqual(card.note, 'Two\nlines')

    def test_garbage_never_raises(self):
        chance = random.Random(19)
        read = 0
        for _round in range(500):
            content = bytearray(chance.choice((V3, V4, V21)).encode())
            for _change in range(chance.randint(1, 15)):
                content[chance.randrange(len(content))] = chance.choice(b'\0\xff=;:,\\\n\r "BEGIN')
            for card in read_cards(bytes(content)):
                read += 1
                self.assertTrue(card.source)
        self.assertGreater(read, 200, 'most of the damage is survived')


class TestCard(TestCase):
    def test_sender_is_the_best_that_the_card_says(self):
        card = Card(b'', phones=('600', '700'))
        self.assertEqual(card.sender, '600')
        for change in (
            {'emails': ('a@x.example', 'b@x.example')},
            {'partner_name': 'Ruiz'},
            {'contact_name': 'Ana'},
        ):
            [value] = change.values()
            card = replace(card, **change)
            self.assertEqual(card.sender, value if isinstance(value, str) else value[0])

    def test_card_without_a_sender_is_empty(self):
        self.assertTrue(Card(b'x', city='Jaca', note='Hello').is_empty)
        for values in (
            {'contact_name': 'Ana'},
            {'partner_name': 'Ruiz'},
            {'emails': ('a@x.example',)},
            {'phones': ('600',)},
        ):
            with self.subTest(values=values):
                self.assertFalse(Card(b'', **values).is_empty)

    def test_title_names_person_and_company_once(self):
        for names, title in (
            ({'contact_name': 'Ana', 'partner_name': 'Ruiz'}, 'Ana, Ruiz'),
            ({'contact_name': 'Ruiz', 'partner_name': 'Ruiz'}, 'Ruiz'),
            ({'partner_name': 'Ruiz'}, 'Ruiz'),
            ({'contact_name': 'Ana'}, 'Ana'),
            ({'phones': ('600',)}, '600'),
            ({}, ''),
        ):
            with self.subTest(names=names):
                self.assertEqual(Card(b'', **names).title, title)

    def test_language_is_told_without_the_country(self):
        for lang, code in (('DE-at', 'de'), ('es', 'es'), ('', '')):
            self.assertEqual(Card(b'', lang=lang).language, code)

    def test_card_is_damaged_when_nobody_is_on_it_for_what_was_left_out(self):
        for names, left_out, is_damaged in (
            ({}, (), False),
            ({}, ('x',), True),
            ({'contact_name': 'Ana'}, ('x',), False),
        ):
            self.assertIs(Card(b'', left_out=left_out, **names).is_damaged, is_damaged)

    def test_card_is_kept_as_a_file_of_its_kind(self):
        for source, ending, mimetype in (
            (b'BEGIN:VCARD', 'vcf', 'text/vcard'),
            (b'[', 'json', 'application/json'),
            (b'mecard:', 'txt', 'text/plain'),
            (b' BIZCARD:', 'txt', 'text/plain'),
        ):
            self.assertEqual(get_file_type(source), (ending, mimetype))

    def test_picture_is_known_by_how_it_begins(self):
        for picture, ending in (
            (b'\xff\xd8\xff\xe0', 'jpg'),
            (b'\x89PNG\r\n\x1a\n', 'png'),
            (b'GIF89a', 'gif'),
            (b'RIFF', 'webp'),
            (b'BM', 'bmp'),
            (b'', ''),
            (b'text', ''),
        ):
            self.assertEqual(get_picture_type(picture), ending)


class TestLines(TestCase):
    def _read(self, *lines):
        text = '\n'.join(['BEGIN:VCARD', 'VERSION:3.0', *lines, 'END:VCARD', ''])
        [card] = read_cards(text.encode())
        self.assertFalse(card.is_damaged)
        return card

    def test_numbers_that_nobody_answers_are_left_out(self):
        card = self._read(
            'TEL;TYPE=fax:1', 'TEL;TYPE=PAGER:2', 'TEL;MODEM:3', 'TEL;TYPE=telex:4', 'TEL:5'
        )
        self.assertEqual(card.phones, ('5',))

    def test_number_is_told_once_and_an_empty_one_never(self):
        card = self._read('TEL:600', 'TEL;TYPE=HOME:600', 'TEL:', 'TEL:tel:600', 'TEL:tel:')
        self.assertEqual(card.phones, ('600',))

    def test_first_of_several_names_counts_and_parts_make_a_name(self):
        self.assertEqual(self._read('FN:Ana', 'FN:Luis').contact_name, 'Ana')
        card = self._read('N:Ruiz;Ana;María;Dra.;')
        self.assertEqual(card.contact_name, 'Ana María Ruiz')
        self.assertEqual(self._read('N:Ruiz', 'FN:').contact_name, 'Ruiz')

    def test_title_comes_before_role(self):
        self.assertEqual(self._read('ROLE:Buyer', 'TITLE:Head').function, 'Head')
        self.assertEqual(self._read('ROLE:Buyer').function, 'Buyer')

    def test_lesser_rank_is_preferred_to_a_greater_and_to_none(self):
        card = self._read(
            'TEL:1', 'TEL;PREF=2:2', 'TEL;PREF=100:3', 'TEL;PREF=x:4', 'TEL;TYPE=pref:5'
        )
        self.assertEqual(card.phones, ('5', '2', '3', '1', '4'))
        card = self._read('TEL;PREF=3;PREF=1:1', 'TEL;PREF=2:2', 'TEL;PREF=3:3')
        self.assertEqual(card.phones, ('2', '1', '3'))

    def test_departments_and_parts_of_a_street_are_joined(self):
        card = self._read('ORG:Ruiz;Sales;;North', 'ADR:;Floor 2;Main St 1')
        self.assertEqual((card.partner_name, card.department), ('Ruiz', 'Sales, North'))
        self.assertEqual((card.street, card.street2, card.country), ('Main St 1', 'Floor 2', ''))

    def test_card_without_an_address_is_nowhere(self):
        for lines in (['FN:Ana'], ['ADR:']):
            card = self._read(*lines)
            where = (card.street, card.street2, card.zip, card.city, card.state, card.country)
            self.assertEqual(where, ('',) * 6)

    def test_notes_follow_each_other(self):
        self.assertEqual(self._read('NOTE:One', 'NOTE:Two').note, 'One\nTwo')

    def test_person_with_the_name_of_the_company_is_the_company(self):
        card = self._read('FN:Ana', 'ORG:Ruiz', 'KIND:individual')
        self.assertEqual((card.contact_name, card.partner_name), ('Ana', 'Ruiz'))
        card = self._read('FN:Ana', 'ORG:Ruiz', 'KIND:Org')
        self.assertEqual((card.contact_name, card.partner_name), ('', 'Ruiz'))
        self.assertEqual(self._read('FN:Ana').contact_name, 'Ana')

    def test_scheme_goes_with_what_follows_the_number(self):
        card = self._read('TEL:TEL:+34-600;ext=5', 'EMAIL:MAILTO:a@x.example', 'EMAIL:tel:b')
        self.assertEqual(card.phones, ('+34-600',))
        self.assertEqual(card.emails, ('a@x.example',))
        self.assertEqual(card.facts, (Fact('phone', '+34-600;ext=5'), Fact('email', 'b')))

    def test_single_lines_are_cut_and_notes_are_cut_later(self):
        long = 'x' * 300
        card = self._read(
            f'FN:{long}', f'ADR:;;{long}', 'NOTE:' + 'y' * 15_000, 'NOTE:' + 'z' * 15_000
        )
        self.assertEqual((len(card.contact_name), len(card.street)), (250, 250))
        self.assertEqual(card.note, 'y' * 15_000 + '\n' + 'z' * 4_999)

    def test_pictures_and_keys_are_not_read(self):
        for name in ('PHOTO', 'LOGO', 'SOUND', 'KEY', 'item1.PHOTO', 'photo'):
            card = self._read(f'{name};ENCODING=b:' + 'A' * 300_000, ' ' + 'B' * 300_000, 'FN:Ana')
            with self.subTest(name=name):
                self.assertEqual(card.contact_name, 'Ana')
        self.assertEqual(self._read('KEYWORD:x', 'FN:Ana').contact_name, 'Ana')
        card = self._read('PHOTO:A', '\t' + 'B' * 300_000, 'FN:Ana')
        self.assertEqual(card.contact_name, 'Ana')

    def test_line_goes_on_after_an_equals_sign_only_where_lines_are_coded_so(self):
        card = self._read('TITLE:1+1=', 'FN:Ana')
        self.assertEqual((card.function, card.contact_name), ('1+1=', 'Ana'))

    def test_lines_of_a_card_are_limited(self):
        for number, is_cut in ((999, False), (1000, True)):
            # and the version
            self.assertIs(bool(self._read(*['TEL:1'] * number).left_out), is_cut)

    def test_bounds_of_a_card_are_found_however_they_are_written(self):
        text = 'rubbish\n begin : vcard \nFN:Ana\n end : vcard \nrubbish\n'
        [card] = read_cards(text.encode())
        self.assertIn(b'Ana', card.source)
        self.assertNotIn(b'rubbish', card.source)

    def test_source_is_the_card_as_it_came(self):
        text = 'BEGIN:VCARD\r\nFN:Ana\r\nPHOTO:AAAA\r\nEND:VCARD\r\n'
        [card] = read_cards(text.encode())
        self.assertEqual(card.source, text.encode())
