from unittest import TestCase

from crm_extended.core.places import (
    get_common_countries,
    get_names_of_state,
    get_place_key,
    get_state_keys,
)


class TestPlaces(TestCase):
    def test_letters_alone_count(self):
        for name in ('EE. UU.', 'ee.uu', 'EEUU'):
            self.assertEqual(get_place_key(name), 'eeuu')
        self.assertEqual(get_place_key('Côte d-Ivoire'), 'cotedivoire')

    def test_countries_are_called_by_more_than_their_names(self):
        countries = get_common_countries()
        for name, code in (
            ('U.K.', 'GB'),
            ('England', 'GB'),
            ('Holland', 'NL'),
            ('U.S.A.', 'US'),
            ('EE. UU.', 'US'),
            ('ESP', 'ES'),
            ('Reino de España', 'ES'),
        ):
            self.assertEqual(countries[get_place_key(name)], code)
        self.assertNotIn('', countries)

    def test_state_is_found_without_its_kind_and_in_other_languages(self):
        for country, name, keys in (
            ('ES', 'Comunidad de Madrid', ['comunidaddemadrid', 'madrid']),
            ('ES', 'Principado de Asturias', ['principadodeasturias', 'asturias']),
            ('ES', 'Mallorca', ['mallorca', 'illesbalears']),
            ('DE', 'Baja Sajonia', ['bajasajonia', 'niedersachsen']),
            ('US', 'State of Texas', ['stateoftexas', 'texas']),
            ('DE', 'Bavaria', ['bavaria', 'bayern']),
            ('FR', 'Bavaria', ['bavaria']),
            ('', 'Landes', ['landes']),
        ):
            with self.subTest(name=name):
                self.assertEqual(get_state_keys(country, name), keys)

    def test_state_has_a_code_and_a_name_in_each_of_its_languages(self):
        for code, name, names in (
            ('BI', 'Bizkaia (Vizcaya)', ['bi', 'bizkaiavizcaya', 'bizkaia', 'vizcaya']),
            ('VI', 'Araba/Álava', ['vi', 'arabaalava', 'araba', 'alava']),
            ('DE-BY', 'Bayern', ['deby', 'by', 'bayern']),
        ):
            self.assertEqual(get_names_of_state(code, name), names)
