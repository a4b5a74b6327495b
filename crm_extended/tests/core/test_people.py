from unittest import TestCase

from crm_extended.core.people import (
    collect,
    find_twins,
    get_keys,
    get_name_words,
    get_person,
    have_same_name,
)

ANA, LUIS, BOTH = (
    get_person(['ana@x.example'], ['+34600'], 'Ana Ruiz'),
    get_person(['luis@x.example'], [], 'Luis Gil'),
    get_person(['luis@x.example'], ['+34600'], 'Ana Ruiz'),
)


class TestPeople(TestCase):
    def test_person_is_all_addresses_and_numbers_that_are_not_empty(self):
        person = get_person(['ana@x.example', False], [None, '', '+34600'], 'Ana')
        self.assertEqual(person, ({'ana@x.example', '+34600'}, {'ana'}))
        for name in ('', False):
            self.assertEqual(get_person([], [], name), (frozenset(), frozenset()))

    def test_what_to_look_for_is_each_key_once_and_in_order(self):
        keys = get_keys([ANA, LUIS, BOTH])
        self.assertEqual(keys.emails, ['ana@x.example', 'luis@x.example'])
        self.assertEqual(keys.phones, ['+34600'])
        self.assertEqual(get_keys([]), ([], []))

    def test_address_finds_everybody_and_a_number_who_has_the_name(self):
        names = {name: get_name_words(name) for name in ('Ana Ruiz', 'Luis Gil', '')}
        found = {
            'ana@x.example': {7: names['Luis Gil'], 3: names['Ana Ruiz']},
            '+34600': {3: names['Ana Ruiz'], 1: names['Luis Gil'], 2: names[''], 4: {'ana', 'paz'}},
            'luis@x.example': {9: names['Luis Gil']},
        }
        self.assertEqual(collect(found, ANA), [2, 3, 7])
        self.assertEqual(collect(found, get_person([], ['+34600'])), [1, 2, 3, 4])
        self.assertEqual(collect(found, get_person(['nobody@x.example'], [])), [])
        self.assertEqual(collect(found, get_person([], [])), [])


class TestNames(TestCase):
    def test_accents_capitals_order_and_titles_do_not_count(self):
        words = get_name_words('Dra. María-José RUIZ')
        self.assertEqual(words, {'maria', 'jose', 'ruiz'})
        self.assertEqual(get_name_words('ruiz, maria jose'), words)
        self.assertEqual(get_name_words('Don'), {'don'}, 'who has no other name')
        self.assertFalse(get_name_words(''))

    def test_names_are_the_same_with_two_words_in_common_and_none_against(self):
        for one, other, is_same in (
            ('Ana Ruiz', 'Sra. Ana RUIZ', True),
            ('Ana Ruiz', 'Ruiz López, Ana María', True),
            ('Ana María Ruiz López', 'Ana Ruiz', True),
            ('Ana', 'Ana', True),
            ('Ana', 'Ana Ruiz', False),
            ('Ana Ruiz', 'Luis Ruiz', False),
            ('Ana Ruiz', 'Ana Gil', False),
            ('Ana Ruiz', '', True),
            ('', 'Ana Ruiz', True),
            ('', '', True),
        ):
            with self.subTest(one=one, other=other):
                words = get_name_words(one), get_name_words(other)
                self.assertIs(have_same_name(*words), is_same)


class TestTwins(TestCase):
    def test_second_of_two_is_the_twin_of_the_first(self):
        self.assertEqual(find_twins([ANA, LUIS, ANA], 'abc'), [None, None, 'a'])

    def test_one_shared_address_is_enough(self):
        self.assertEqual(find_twins([LUIS, BOTH], 'ab'), [None, 'a'])

    def test_shared_number_is_enough_with_the_name_alone(self):
        colleague = get_person(['gil@x.example'], ['+34600'], 'Luis Gil')
        again = get_person([], ['+34600'], 'GIL, Luis')
        nobody = get_person([], ['+34600'])
        people = [ANA, colleague, BOTH, again, nobody]
        self.assertEqual(find_twins(people, 'abcde'), [None, None, 'a', 'b', 'a'])

    def test_key_belongs_to_who_brought_it_first(self):
        self.assertEqual(find_twins([LUIS, LUIS, LUIS], 'abc'), [None, 'a', 'a'])
        self.assertEqual(find_twins([ANA, LUIS, BOTH], 'abc'), [None, None, 'a'])

    def test_keys_of_a_twin_lead_to_the_twin(self):
        only_luis = get_person(['luis@x.example'], [], 'Luis Gil')
        self.assertEqual(find_twins([ANA, BOTH, only_luis], 'abc'), [None, 'a', 'b'])

    def test_nobody_has_no_twin(self):
        self.assertEqual(find_twins([get_person([], [])] * 2, 'ab'), [None, None])

    def test_everybody_needs_a_name(self):
        with self.assertRaises(ValueError):
            find_twins([ANA], 'ab')
