from unittest import TestCase

from crm_extended.core.family import Family, Tally

# group 1 > company 2 > department 3 > person 4; company 5 > person 6; person 7 alone
PARENTS = {1: False, 2: 1, 3: 2, 4: 3, 5: None, 6: 5, 7: None}
FAMILY = Family(parents=PARENTS, companies={1, 2, 5, 7})


class TestOwners(TestCase):
    def test_document_stands_with_the_person_the_company_and_all_above(self):
        self.assertEqual(FAMILY.find_owners(4, 2), {4, 3, 2, 1})
        self.assertEqual(FAMILY.find_owners(7, 7), {7})

    def test_who_changed_company_takes_the_document_along_but_not_to_the_new_one(self):
        self.assertEqual(FAMILY.find_owners(6, 2), {6, 2, 1})
        self.assertEqual(FAMILY.find_owners(4, 5), {4, 3, 5})

    def test_company_itself_has_what_is_its_own(self):
        self.assertEqual(FAMILY.find_owners(2, 2), {2, 1})
        self.assertEqual(FAMILY.find_owners(1, 1), {1})

    def test_company_that_changed_hands_takes_it_along_but_not_to_who_is_above(self):
        self.assertEqual(FAMILY.find_owners(2, 5), {2, 5})

    def test_document_without_a_company_is_the_persons(self):
        self.assertEqual(FAMILY.find_owners(4, None), {4, 3})
        self.assertEqual(FAMILY.find_owners(None, None), set())

    def test_strangers_have_no_card_here(self):
        self.assertEqual(FAMILY.find_owners(8, 9), set())
        self.assertEqual(FAMILY.find_owners(8, 2), {2, 1})
        self.assertEqual(Family({3: 2, 4: 3}, set()).find_owners(4, None), {4, 3})


class TestCount(TestCase):
    def test_numbers_add_up_on_every_card(self):
        counts = FAMILY.count(
            ('calls', 'held'), [Tally(4, 2, (3, 1)), Tally(3, 2, (2, 0)), Tally(6, 5, (1, 1))]
        )
        self.assertEqual([counts['calls', id_] for id_ in range(1, 8)], [5, 5, 5, 3, 1, 1, 0])
        self.assertEqual([counts['held', id_] for id_ in range(1, 8)], [1, 1, 1, 1, 1, 1, 0])

    def test_document_counts_once_on_a_card_however_it_got_there(self):
        self.assertEqual(FAMILY.count(('calls',), [Tally(2, 2, (1,))])['calls', 1], 1)

    def test_every_counter_needs_its_number(self):
        with self.assertRaises(ValueError):
            FAMILY.count(('calls', 'held'), [Tally(4, 2, (3,))])
