from unittest import TestCase

from crm_extended.core.duplicates import (
    CROWD,
    GROUP,
    Card,
    Group,
    Match,
    Reason,
    Trait,
    are_alike,
    are_apart,
    find_matches,
    find_pairs,
    get_tails,
    get_traits,
    get_words,
    make_groups,
)


def person(id_, name='', **facts):
    return Card(id_, name, **facts)


def company(id_, name='', **facts):
    return Card(id_, name, is_company=True, **facts)


def get_names(card):
    return {value for kind, value in get_traits(card) if kind == 'name'}


def group(*cards, apart=()):
    """Return the ids of each group, and the kinds of its reasons."""
    matches = find_matches(cards)
    groups = make_groups(matches, {card.id: card for card in cards}, apart)
    return [(sorted(one.ids), [reason.kind for reason in one.reasons]) for one in groups]


class TestTraits(TestCase):
    def test_words_of_a_person_are_without_titles_accents_and_order(self):
        self.assertEqual(
            get_words(person(1, 'Sra. GARCÍA de la Torre, Ana')),
            get_words(person(2, 'Ana García Torre')),
        )
        self.assertEqual(get_words(person(1, 'de la')), ['de', 'la'])
        self.assertEqual(get_words(person(1, ' - ')), [])

    def test_words_of_a_company_are_without_its_legal_form(self):
        self.assertEqual(get_words(company(1, 'Talleres Ebro, S.L.')), ['ebro', 'talleres'])
        self.assertEqual(get_words(person(1, 'Talleres SL')), ['sl', 'talleres'])

    def test_numbers_are_compared_by_their_end(self):
        for text in ('+34 600 111 222', '0034600111222', '600-111-222', '(600) 111222 ext. 7'):
            self.assertEqual(get_tails([text]), {'600111222'}, text)
        self.assertEqual(
            get_tails(['600 111 222 / 976 333 444', '1234567']),
            {'600111222', '976333444', '1234567'},
        )
        self.assertEqual(get_tails(['+1234567']), {'1234567'})
        self.assertEqual(get_tails(['123456', '+123456', '1234567890123456', '', 'none']), set())
        self.assertEqual(get_tails(['123456789012345']), {'789012345'})

    def test_a_company_is_known_by_its_name_a_person_by_name_and_place(self):
        self.assertEqual(get_names(company(1, 'Ebro SL', city=' Mérida')), {'ebro', 'ebro @merida'})
        self.assertEqual(get_names(person(1, 'Ana Gil')), set())
        self.assertEqual(get_names(person(1, 'Ana Gil', city='Vigo')), {'ana gil @vigo'})
        self.assertEqual(
            get_names(person(1, 'Ana Gil', city='Vigo', above=(7, 8, 9))),
            {'ana gil @9', 'ana gil @vigo'},
        )
        self.assertEqual(get_names(person(1, 'García', city='Vigo', above=(9,))), set())
        self.assertEqual(get_names(company(1, 'S.L.', city='Vigo')), set())

    def test_all_that_is_noted_is_a_trait(self):
        traits = get_traits(
            person(1, email='a@x.example', phones=('600111222',), tax_number='12345678Z')
        )
        self.assertEqual(
            traits,
            {
                Trait('email', 'a@x.example'),
                Trait('phone', '600111222'),
                Trait('vat', '12345678Z'),
            },
        )
        self.assertEqual(get_traits(person(1)), set())
        self.assertEqual(
            get_traits(person(1, tax_number='123456', country='LU')),
            {Trait('vat', '123456'), Trait('vat', 'LU123456')},
        )


class TestAlike(TestCase):
    def test_shorter_name_is_in_the_longer_one(self):
        self.assertTrue(are_alike(['ana', 'gil'], ['ana', 'gil', 'sanz']))
        self.assertTrue(are_alike(['ana', 'gil', 'sanz'], ['ana']))
        self.assertFalse(are_alike(['ana', 'gil'], ['ana', 'sanz', 'ruiz']))
        self.assertFalse(are_alike([], ['ana']))

    def test_initial_stands_for_a_word_beside_a_whole_one(self):
        self.assertTrue(are_alike(['a', 'gil'], ['ana', 'gil']))
        self.assertTrue(are_alike(['ana', 'gil'], ['a', 'gil', 'sanz']))
        self.assertFalse(are_alike(['b', 'gil'], ['ana', 'gil']))
        self.assertFalse(are_alike(['a', 'g'], ['ana', 'gil']))

    def test_apart_is_who_belongs_to_the_other_or_elsewhere(self):
        one = person(1)
        self.assertFalse(are_apart(one, person(2, above=(3,))))
        self.assertTrue(are_apart(one, person(2, above=(3, 1))))
        self.assertTrue(are_apart(person(2, above=(1,)), one))
        self.assertTrue(are_apart(person(1, owner=7), person(2, owner=8)))
        self.assertFalse(are_apart(person(1, owner=7), person(2, owner=7)))
        self.assertFalse(are_apart(person(1, owner=7), person(2)))

    def test_apart_is_who_has_another_tax_number(self):
        spanish = company(1, tax_number='ESB12345678')
        self.assertTrue(are_apart(spanish, company(2, tax_number='ESB87654321')))
        self.assertFalse(are_apart(spanish, company(2, tax_number='B-12345678', country='ES')))
        self.assertFalse(are_apart(spanish, company(2)))
        noted = company(1, tax_number='123456', country='LU')
        self.assertFalse(are_apart(noted, company(2, tax_number='LU123456')))


class TestMatches(TestCase):
    def test_what_two_share_is_a_match(self):
        cards = [
            person(1, 'Ana', email='ana@x.example'),
            person(2, 'A.', email='ana@x.example'),
            person(3, 'Eva', email='eva@x.example'),
        ]
        match = Match(Trait('email', 'ana@x.example'), False, [1, 2])
        self.assertEqual(find_matches(cards), [match])

    def test_what_a_crowd_shares_matches_those_of_one_name(self):
        names = ('Ana Gil', 'Luis Paz', 'Eva Sanz', 'Ana Gil', 'Pau Roca', 'Teo Ruiz')
        cards = [person(id_, name, phones=('976111111',)) for id_, name in enumerate(names)]
        self.assertEqual(len(cards), CROWD + 1)
        match = Match(Trait('phone', '976111111'), True, [0, 3])
        self.assertEqual(find_matches(cards), [match])
        self.assertEqual(len(find_matches(cards[1:])[0].ids), CROWD)


class TestPairs(TestCase):
    def assertPaired(self, kind, value, *cards, is_crowded=False, expected=True):
        match = Match(Trait(kind, value), is_crowded, [card.id for card in cards])
        pairs = list(find_pairs(match, {card.id: card for card in cards}))
        self.assertEqual(pairs, [(cards[0].id, cards[1].id)] if expected else [])

    def test_address_of_a_person_is_enough_that_of_a_desk_wants_the_name(self):
        ana, luis = person(1, 'Ana Gil'), person(2, 'Luis Ruiz')
        self.assertPaired('email', 'ana@x.example', ana, luis)
        self.assertPaired('email', 'info@x.example', ana, luis, expected=False)
        self.assertPaired('email', 'info@x.example', ana, person(2, 'A. Gil'))

    def test_address_of_many_wants_the_name(self):
        ana, luis = person(1, 'Ana Gil'), person(2, 'Luis Ruiz')
        self.assertPaired('email', 'a@x.example', ana, luis, is_crowded=True, expected=False)
        self.assertPaired('email', 'a@x.example', ana, person(2, 'Ana Gil'), is_crowded=True)

    def test_number_wants_the_name(self):
        self.assertPaired('phone', '6', person(1, 'Ana Gil'), person(2, 'Luis'), expected=False)
        self.assertPaired('phone', '6', person(1, 'Ana Gil'), person(2, 'Ana'))

    def test_person_and_company_want_the_name(self):
        self.assertPaired('email', 'ebro@x', company(1, 'Ebro SL'), person(2, 'Ebro'))
        self.assertPaired('email', 'ebro@x', company(1, 'Ebro'), person(2, 'Luis'), expected=False)

    def test_address_of_the_company_is_no_persons(self):
        ebro = company(3, 'Ebro')
        ana, luis = person(1, 'Ana', above=(3,)), person(2, 'Luis', above=(3,))
        match = Match(Trait('email', 'ebro@x.example'), False, [1, 2, 3])
        self.assertEqual(list(find_pairs(match, {1: ana, 2: luis, 3: ebro})), [])
        self.assertEqual(list(find_pairs(match, {1: ana, 2: luis})), [(1, 2)])

    def test_tax_number_and_name_are_enough(self):
        self.assertPaired('vat', 'B1', company(1, 'Ebro'), company(2, 'Duero'))
        self.assertPaired('name', 'ana gil @vigo', person(1, 'Ana Gil'), person(2, 'Ana Gil'))

    def test_who_cannot_be_the_same_is_no_pair(self):
        self.assertPaired('vat', 'B1', company(1), company(2, above=(1,)), expected=False)

    def test_many_are_paired_one_after_the_other(self):
        cards = {id_: person(id_, 'Ana Gil') for id_ in range(CROWD + 1)}
        match = Match(Trait('name', 'ana gil'), False, cards)
        self.assertEqual(len(list(find_pairs(match, cards))), CROWD)
        cards.pop(0)
        self.assertEqual(len(list(find_pairs(match, cards))), CROWD * (CROWD - 1) / 2)


class TestGroups(TestCase):
    def test_chain_is_one_group_with_its_reasons(self):
        found = group(
            person(3, 'Ana Gil', phones=('600111222',)),
            person(1, 'Ana Gil', email='ana@x.example', phones=('600111222',)),
            person(2, 'A.', email='ana@x.example'),
            person(4, 'Luis'),
        )
        self.assertEqual(found, [([1, 2, 3], ['email', 'phone'])])

    def test_reasons_name_who_shares_them(self):
        cards = [
            person(1, 'Ana', email='ana@x.example', phones=('600111222',)),
            person(2, 'Ana', email='ana@x.example'),
            person(3, 'Ana', phones=('600111222',)),
        ]
        [found] = make_groups(find_matches(cards), {card.id: card for card in cards})
        self.assertEqual(found.reasons, [Reason('email', [1, 2]), Reason('phone', [1, 3])])
        self.assertEqual(found.strength, 75)
        self.assertEqual(Group(frozenset({1, 2}), [Reason('name', [1, 2])]).strength, 40)

    def test_who_was_told_apart_is_never_together_also_with_a_third(self):
        cards = [person(id_, 'Ana', email='ana@x.example') for id_ in (1, 2, 3)]
        self.assertEqual(group(*cards[:2], apart={frozenset({1, 2})}), [])
        self.assertEqual(group(*cards, apart={frozenset({1, 2})}), [([1, 3], ['email'])])
        self.assertEqual(
            group(*cards, apart={frozenset({1, 2}), frozenset({1, 3})}), [([2, 3], ['email'])]
        )

    def test_third_does_not_bring_together_who_cannot_be_the_same(self):
        found = group(
            company(1, 'Ebro', tax_number='ESB11111111'),
            company(2, 'Ebro', tax_number='ESB22222222'),
            company(3, 'Ebro'),
        )
        self.assertEqual(found, [([1, 3], ['name'])])

    def test_stronger_reason_comes_first(self):
        found = group(
            company(1, 'Ebro', tax_number='ESB11111111'),
            company(2, 'Ebro', tax_number='ESB22222222'),
            company(3, 'Ebro', email='ebro@x.example'),
            company(4, 'Duero', tax_number='ESB22222222', email='ebro@x.example'),
        )
        self.assertEqual(found, [([2, 3, 4], ['vat', 'email', 'name'])])

    def test_crowd_is_grouped_by_name_and_name_alone_is_none(self):
        crowd = [person(id_, f'Person {id_}', phones=('976111111',)) for id_ in range(10, 15)]
        twins = [person(id_, 'Ana Gil', phones=('976111111',)) for id_ in (1, 2)]
        self.assertEqual(group(*crowd, *twins), [([1, 2], ['phone'])])
        garcias = [person(id_, 'Ana García', city='Vigo') for id_ in range(CROWD + 1)]
        self.assertEqual(group(*garcias[1:]), [([1, 2, 3, 4, 5], ['name'])])
        self.assertEqual(group(*garcias), [])

    def test_group_has_a_limit(self):
        cards = [person(id_, 'Ana Gil', email='ana@x.example') for id_ in range(GROUP + 1)]
        self.assertEqual([ids for ids, _kinds in group(*cards)], [list(range(GROUP))])
