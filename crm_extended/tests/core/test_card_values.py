from unittest import TestCase

from crm_extended.core.card import Fact
from crm_extended.core.card_lines import Line
from crm_extended.core.card_texts import read_texts
from crm_extended.core.card_values import (
    get_name_keys,
    read_addresses_of_mail,
    read_numbers,
    read_place,
)


class TestNumbers(TestCase):
    def test_extension_is_no_part_of_the_number(self):
        for text, number in (
            ('915550303 ext. 12', '915550303'),
            ('915550303 Ext 12', '915550303'),
            ('91 555 03 03 extensión 12', '91 555 03 03'),
            ('915550303 x12', '915550303'),
            ('915550303p12#', '915550303'),
            ('915550303,,12', '915550303'),
            ('915550303 (ext. 12)', '915550303'),
            ('915550303 Durchwahl: 12', '915550303'),
            ('tel:915550303;ext=12', '915550303'),
            ('915550303', '915550303'),
            ('123456 ext 7', '123456'),
            ('12345 ext 7', '12345 ext 7'),
            ('*133#', '*133#'),
            ('1-800-TEXT', '1-800-TEXT'),
        ):
            with self.subTest(text=text):
                self.assertEqual(read_numbers(text), [(number, text.removeprefix('tel:'))])

    def test_several_numbers_are_each_one(self):
        for text in ('123456 / 654321', '123456;654321', '123456\n654321', '123456 | 654321'):
            self.assertEqual(read_numbers(text), [('123456',) * 2, ('654321',) * 2])
        self.assertEqual(read_numbers('600 / 12345678'), [('600 / 12345678',) * 2])
        self.assertEqual(read_numbers(' '), [])

    def test_long_number_is_cut(self):
        self.assertEqual(read_numbers('1' * 300), [('1' * 250,) * 2])

    def test_address_of_a_number_is_read_as_one(self):
        for text, number, told in (
            ('tel:+34%20600', '+34 600', '+34 600'),
            ('TEL:+34;phone-context=x', '+34', '+34;phone-context=x'),
            ('callto:123456/123456', '123456/123456', '123456/123456'),
        ):
            self.assertEqual(read_numbers(text), [(number, told)])


class TestMail(TestCase):
    def test_addresses_are_found_and_other_words_are_kept(self):
        for text, found, rest in (
            ('a@x.es', ['a@x.es'], ''),
            ('Ana <a@x.es>', ['a@x.es'], ''),
            ('a@x.es, b@x.es;c@x.es.', ['a@x.es', 'b@x.es', 'c@x.es'], ''),
            ('mailto:a%40x.es?subject=b@c', ['a@x.es'], ''),
            ('a@x.es (mornings)', ['a@x.es'], 'a@x.es (mornings)'),
            ('a@x.EX.', ['a@x.EX'], ''),
            ('no mail', [], 'no mail'),
            ('x' * 300, [], 'x' * 250),
            ('<no mail>', [], '<no mail>'),
            ('@', [], '@'),
            ('a@b@c', [], 'a@b@c'),
            ('', [], ''),
        ):
            with self.subTest(text=text):
                self.assertEqual(read_addresses_of_mail(text), (found, rest))


class TestPlaces(TestCase):
    def _read(self, *parts, country=''):
        return tuple(read_place(parts, country).values())

    def test_second_line_of_a_street_is_the_second_field(self):
        for parts, street, street2 in (
            (('', '', 'Calle 1\n2º B'), 'Calle 1', '2º B'),
            (('Box 9', 'Floor 2', 'Calle 1\n\n2º B\nx'), 'Calle 1', '2º B, x, Floor 2, Box 9'),
            (('Box 9', 'Floor 2'), 'Floor 2', 'Box 9'),
            (('Calle 1, Jaca',), 'Calle 1, Jaca', ''),
            ((*[''] * 2, 'A 1', 'B', *[''] * 3, 'a 1 b', 'Patio'), 'A 1', 'Patio'),
            ((), '', ''),
        ):
            with self.subTest(parts=parts):
                self.assertEqual(self._read(*parts)[:2], (street, street2))

    def test_other_parts_have_fields_of_their_own(self):
        parts = ('', '', 'Calle 1', 'Ja\nca', 'Huesca', '22700', 'ES')
        self.assertEqual(self._read(*parts)[2:], ('22700', 'Ja ca', 'Huesca', 'ES'))
        self.assertEqual(self._read(*parts, country='fr')[-1], 'ES')
        self.assertEqual(self._read('', '', 'Calle 1', country='fr')[-1], 'fr')
        self.assertEqual(self._read('', '', '', country='fr')[-1], '')

    def test_long_lines_are_cut(self):
        street, street2, *_rest, city = self._read('', 'y' * 300, 'x' * 300, 'z' * 300)[:4]
        self.assertEqual(list(map(len, (street, street2, city))), [250] * 3)

    def test_words_are_compared_without_accents(self):
        self.assertEqual(get_name_keys('Ñu, ÑU-x 1'), {'nu', 'x', '1'})


class TestTexts(TestCase):
    def _facts(self, *lines):
        return read_texts(lines)['facts']

    def test_label_that_somebody_chose_is_kept(self):
        for given, told in (
            ('Portería', 'Portería'),
            ('_$!<Home>!$_', ''),
            ('_$!<School friend>!$_', 'School friend'),
            ('work', ''),
            ('', ''),
        ):
            lines = Line('TEL', '600', 'item1'), Line('X-ABLABEL', given, 'item1')
            expected = (Fact('phone', '600', told),) if told else ()
            self.assertEqual(self._facts(*lines), expected)
        lines = Line('TEL', '600'), Line('X-ABLABEL', 'Of nobody')
        self.assertEqual(self._facts(*lines), ())
        line = Line('TEL', '600', params={'TYPE': ('WORK', 'X-Garaje')})
        self.assertEqual(self._facts(line), (Fact('phone', '600', 'Garaje'),))

    def test_number_is_told_beside_when_its_field_does_not_say_all(self):
        def tel(value, *types):
            return Line('TEL', value, params={'TYPE': types})

        self.assertEqual(self._facts(tel('600'), tel('6-00')), ())
        self.assertEqual(self._facts(tel('600'), tel('601')), (Fact('phone', '601'),))
        self.assertEqual(self._facts(tel('600', 'FAX')), (Fact('fax', '600'),))
        self.assertEqual(self._facts(tel('600', 'PAGER')), (Fact('phone', '600', 'Pager'),))
        self.assertEqual(self._facts(tel('600', 'FAX', 'VOICE')), ())
        self.assertEqual(self._facts(tel('none')), (Fact('phone', 'none'),))
        lines = Line('TEL', '600', 'a'), Line('X-ABLABEL', '_$!<HomeFAX>!$_', 'a')
        self.assertEqual(self._facts(*lines), (Fact('fax', '600'),))

    def test_name_is_told_beside_when_it_says_more(self):
        for name, written, told in (
            ('Ruiz;Ana;;Dra.;PhD', 'Ana Ruiz', ('Dra. Ana Ruiz PhD',)),
            ('Ruiz;Ana', 'Ruiz, Ana', ()),
            ('山田;花子', '山田花子', ()),
            ('Ruiz;Ana;María;', '', ()),
            ('Ruiz;Ana;;Dra.', '', ('Dra. Ana Ruiz',)),
        ):
            with self.subTest(name=name, written=written):
                facts = self._facts(Line('N', name), Line('FN', written))
                self.assertEqual(facts, tuple(Fact('name', text) for text in told))

    def test_address_on_an_envelope_is_told_when_it_says_more(self):
        address = Line('ADR', ';;Calle 1;Jaca')
        self.assertEqual(self._facts(address, Line('LABEL', r'Calle 1\nJACA')), ())
        facts = self._facts(address, Line('LABEL', r'Calle 1\nPatio'))
        self.assertEqual(facts, (Fact('address', 'Calle 1, Patio'),))
        inner = Line('ADR', ';;Calle 1;Jaca', params={'LABEL': ('Patio',)})
        self.assertEqual(self._facts(inner), (Fact('address', 'Patio'),))

    def test_second_of_a_kind_is_told_beside(self):
        facts = self._facts(
            Line('EMAIL', 'a@x'),
            Line('EMAIL', 'b@x'),
            Line('URL', 'x.es'),
            Line('URL', 'y.es'),
            Line('ORG', 'X;Sales'),
            Line('ORG', 'Y;Buying'),
            Line('TITLE', 'Head'),
            Line('ROLE', 'Head'),
            Line('ROLE', 'Buyer'),
            Line('ADR', ';;A 1'),
            Line('ADR', ';;B 2;C'),
        )
        told = [(fact.kind, fact.text) for fact in facts]
        self.assertEqual(
            told,
            [
                ('company', 'Y, Buying'),
                ('role', 'Buyer'),
                ('email', 'b@x'),
                ('website', 'y.es'),
                ('address', 'B 2, C'),
            ],
        )

    def test_what_nobody_knows_is_told_by_its_name(self):
        facts = self._facts(
            Line('X-COMPANY-CAR', 'red;'),
            Line('X-MS-OL-DESIGN', '<card/>'),
            Line('CATEGORIES', '* myContacts,VIP'),
            Line('IMPP', 'skype:a', params={'X-SERVICE-TYPE': ('Skype',)}),
            Line('X-ANDROID-CUSTOM', 'vnd.android.cursor.item/nickname;Luci;1;'),
            Line('X-ANDROID-CUSTOM', 'vnd.android.cursor.item/contact_event;1985-02-03;3'),
            Line('X-EMPTY', ' ; '),
        )
        self.assertEqual(
            facts,
            (
                Fact('other', 'red', 'Company car'),
                Fact('categories', 'VIP'),
                Fact('profile', 'skype:a', 'Skype'),
                Fact('nickname', 'Luci'),
                Fact('other', '1985-02-03', 'Contact event'),
            ),
        )

    def test_card_that_says_nothing_has_empty_fields(self):
        told = read_texts([Line('URL', ' '), Line('ADR', ';;;'), Line('ORG', ';')])
        self.assertEqual(set(map(bool, told.values())), {False})
        for name in ('website', 'function', 'contact_name', 'street', 'country', 'note', 'lang'):
            self.assertEqual(told[name], '')

    def test_label_is_kept_with_whatever_it_labels(self):
        for line, kind, text in (
            (Line('TEL', 'none', 'a'), 'phone', 'none'),
            (Line('TEL', '600', 'a', {'TYPE': ('FAX',)}), 'fax', '600'),
            (Line('EMAIL', 'none', 'a'), 'email', 'none'),
            (Line('EMAIL', 'a@x', 'a'), 'email', 'a@x'),
            (Line('URL', 'x.es', 'a'), 'website', 'x.es'),
            (Line('ADR', ';;A 1;B', 'a'), 'address', 'A 1, B'),
        ):
            with self.subTest(line=line):
                facts = self._facts(line, Line('X-ABLABEL', 'Garaje', 'a'))
                self.assertEqual(facts, (Fact(kind, text, 'Garaje'),))
        line = Line('TEL', '600', params={'TYPE': ('a', 'b' * 300)})
        [fact] = self._facts(line)
        self.assertEqual((fact.label[:4], len(fact.label)), ('a, b', 250))

    def test_picture_elsewhere_is_told_and_one_line_without_a_picture(self):
        told = read_texts([Line('PHOTO', 'HTTPS://x/a.jpg')])
        self.assertEqual(told['facts'], (Fact('website', 'HTTPS://x/a.jpg', 'Photo'),))
        self.assertEqual(told['left_out'], [])
        told = read_texts([Line('PHOTO', '%'), Line('PHOTO', '%'), Line('PHOTO', ' ')])
        self.assertEqual((told['facts'], told['left_out']), ((), ['PHOTO']))

    def test_note_is_told_when_it_is_cut(self):
        for length, left_out in ((20_000, []), (20_001, ['NOTE'])):
            self.assertEqual(read_texts([Line('NOTE', 'x' * length)])['left_out'], left_out)

    def test_first_name_counts_with_all_its_parts(self):
        lines = Line('N', 'Ruiz;Ana;Eva;Dra.'), Line('N', 'Gil;Luis;;;PhD')
        told = read_texts(lines)
        self.assertEqual(told['contact_name'], 'Ana Eva Ruiz')
        self.assertEqual(told['facts'], (Fact('name', 'Dra. Ana Eva Ruiz'),))
        long = read_texts([Line('N', 'x' * 300), Line('ORG', 'y' * 300), Line('URL', 'z' * 300)])
        names = long['contact_name'], long['partner_name'], long['website']
        self.assertEqual(list(map(len, names)), [250] * 3)
