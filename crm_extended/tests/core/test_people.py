from unittest import TestCase

from crm_extended.core.people import collect, find_twins, get_keys, get_person

ANA, LUIS, BOTH = (
    frozenset({'ana@x.example', '+34600'}),
    frozenset({'luis@x.example'}),
    frozenset({'+34600', 'luis@x.example'}),
)


class TestPeople(TestCase):
    def test_person_is_all_addresses_and_numbers_that_are_not_empty(self):
        self.assertEqual(get_person(['ana@x.example', False], [None, '', '+34600']), ANA)
        self.assertEqual(get_person([], []), frozenset())

    def test_what_to_look_for_is_each_key_once_and_in_order(self):
        keys = get_keys([ANA, LUIS, BOTH])
        self.assertEqual(keys.emails, ['ana@x.example', 'luis@x.example'])
        self.assertEqual(keys.phones, ['+34600'])
        self.assertEqual(get_keys([]), ([], []))

    def test_what_is_found_by_any_key_is_found_once(self):
        found = {'ana@x.example': {7, 3}, '+34600': {3, 1}, 'luis@x.example': {9}}
        self.assertEqual(collect(found, ANA), [1, 3, 7])
        self.assertEqual(collect(found, frozenset({'nobody@x.example'})), [])
        self.assertEqual(collect(found, frozenset()), [])


class TestTwins(TestCase):
    def test_second_of_two_is_the_twin_of_the_first(self):
        self.assertEqual(find_twins([ANA, LUIS, ANA], 'abc'), [None, None, 'a'])

    def test_one_shared_key_is_enough(self):
        self.assertEqual(find_twins([LUIS, BOTH], 'ab'), [None, 'a'])
        self.assertEqual(find_twins([BOTH, ANA], 'ab'), [None, 'a'])

    def test_key_belongs_to_who_brought_it_first(self):
        self.assertEqual(find_twins([LUIS, LUIS, LUIS], 'abc'), [None, 'a', 'a'])
        self.assertEqual(find_twins([ANA, LUIS, BOTH], 'abc'), [None, None, 'a'])

    def test_keys_of_a_twin_lead_to_the_twin(self):
        only_luis = frozenset({'luis@x.example'})
        self.assertEqual(find_twins([ANA, BOTH, only_luis], 'abc'), [None, 'a', 'b'])

    def test_nobody_has_no_twin(self):
        self.assertEqual(find_twins([frozenset(), frozenset()], 'ab'), [None, None])

    def test_everybody_needs_a_name(self):
        with self.assertRaises(ValueError):
            find_twins([ANA], 'ab')
