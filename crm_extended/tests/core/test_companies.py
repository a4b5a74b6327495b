from unittest import TestCase

from crm_extended.core.companies import (
    ACCENTED,
    KINDS,
    PLAIN,
    Company,
    Match,
    find_company,
    get_company_key,
    get_legal_kind,
    get_tax_keys,
)

# (a name, what is left of it, the kind of its legal form)
NAMES = (
    ('Talleres Ebro', 'talleres ebro', ''),
    ('TALLERES EBRO, S.L.', 'talleres ebro', 'sl'),
    ('Talleres Ebró S. L. U.', 'talleres ebro', 'sl'),
    ('Talleres  Ebro SLU', 'talleres ebro', 'sl'),
    ('Talleres Ebro Sociedad Limitada', 'talleres ebro', 'sl'),
    ('Talleres-Ebro S.A.', 'talleres ebro', 'sa'),
    ('Talleres Ebro (S.A.U.)', 'talleres ebro', 'sa'),
    ('Nordlicht GmbH', 'nordlicht', 'sl'),
    ('NORDLICHT G.m.b.H.', 'nordlicht', 'sl'),
    ('Nordlicht GmbH & Co. KG', 'nordlicht', 'kg'),
    ('Straße & Söhne OHG', 'strasse sohne', 'kg'),
    ('Ruiz e Hijos, S.C.', 'ruiz hijos', 'sc'),
    ('Ruiz y Hijos', 'ruiz hijos', ''),
    ("O'Brien Ltd.", 'obrien', 'sl'),
    ('Smith and Sons Limited', 'smith sons', 'sl'),
    ('Azimut S.p.A.', 'azimut', 'sa'),
    ('Acme Co., Ltd.', 'acme', 'sl'),
    ('Casa Sala', 'casa sala', ''),
    ('SA', '', 'sa'),
    ('Кран', 'кран', ''),
    ('...', '', ''),
    ('', '', ''),
)


class TestNames(TestCase):
    def test_name_is_told_from_its_legal_form(self):
        for name, key, kind in NAMES:
            with self.subTest(name=name):
                self.assertEqual(get_company_key(name), key)
                self.assertEqual(get_legal_kind(name), kind)

    def test_every_letter_has_a_plain_one(self):
        self.assertEqual(len(ACCENTED), len(PLAIN))
        self.assertEqual(get_company_key('ŁÓDŹ Ägypten'), 'lodz agypten')

    def test_every_legal_form_is_left_out(self):
        for form, kind in KINDS.items():
            with self.subTest(form=form):
                self.assertEqual(get_company_key(f'Ebro {form.upper()}'), 'ebro')
                self.assertEqual(get_legal_kind(f'Ebro {form}'), kind)


class TestTaxNumbers(TestCase):
    def test_number_is_known_with_and_without_its_country(self):
        for number, country, keys in (
            ('B50123456', 'ES', ['B50123456', 'ESB50123456']),
            ('es-b50 123.456', 'ES', ['B50123456', 'ESB50123456']),
            ('ESB50123456', '', ['B50123456', 'ESB50123456']),
            ('B50123456', '', ['B50123456']),
            ('ESB50123456', 'fr', ['ESB50123456', 'FRESB50123456']),
            ('DE123456', 'DE', ['DE123456', 'DEDE123456']),
            ('/', '', []),
            ('pending', 'ES', []),
            ('', 'ES', []),
        ):
            with self.subTest(number=number, country=country):
                self.assertEqual(get_tax_keys(number, country), keys)


class TestFind(TestCase):
    def test_the_only_company_of_the_name_is_meant(self):
        known = [Company('Talleres Ebro, S.L.', id=1), Company('Nordlicht GmbH', id=2)]
        for name in ('talleres ebró', 'Talleres Ebro SLU', 'TALLERES EBRO'):
            with self.subTest(name=name):
                self.assertEqual(find_company(Company(name), known), Match(1, []))
        self.assertEqual(find_company(Company('Sur'), known), Match(None, []))
        self.assertEqual(find_company(Company('SL'), [Company('SL', id=1)]), Match(None, []))

    def test_tax_number_decides_whatever_the_name(self):
        known = [Company('Ebro', 'ESB50123456', 'ES', 1), Company('Ebro', '', '', 2)]
        self.assertEqual(find_company(Company('Otra', 'B50123456'), known), Match(1, []))
        self.assertEqual(find_company(Company('Otra', 'B50123456', 'ES'), known), Match(1, []))
        twice = [*known, Company('Sur', 'B50123456', 'ES', 3)]
        self.assertEqual(find_company(Company('Otra', 'B50123456'), twice), Match(None, [1, 3]))
        self.assertEqual(find_company(Company('Sur', 'B50123456'), twice), Match(3, []))

    def test_several_of_the_name_are_doubtful(self):
        known = [Company('Ebro', id=1), Company('Ebro S.L.', id=2)]
        self.assertEqual(find_company(Company('Ebro SL'), known), Match(None, [1, 2]))

    def test_what_speaks_against_a_name_makes_it_doubtful(self):
        for wanted, known in (
            (Company('Ebro S.L.'), Company('Ebro S.A.', id=1)),
            (Company('Ebro', country='ES'), Company('Ebro', country='FR', id=1)),
            (Company('Ebro', 'B50123456'), Company('Ebro', 'B99999999', id=1)),
        ):
            with self.subTest(wanted=wanted, known=known):
                self.assertEqual(find_company(wanted, [known]), Match(None, [1]))
                agreeing = Company('Ebro', id=2)
                self.assertEqual(find_company(wanted, [known, agreeing]), Match(2, []))
