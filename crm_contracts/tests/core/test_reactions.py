from unittest import TestCase

from crm_contracts.core.reactions import Reaction, get_due


class TestReactions(TestCase):
    def test_a_reaction_is_due_when_one_of_its_fields_is_written(self):
        reaction = Reaction({'state', 'date_end'}, after='_sync')
        self.assertTrue(reaction.is_due({'state'}))
        self.assertTrue(reaction.is_due({'name': 'x', 'date_end': False}))
        self.assertFalse(reaction.is_due({'name'}))
        self.assertFalse(reaction.is_due(()))

    def test_a_reaction_without_fields_is_due_whatever_is_written(self):
        self.assertTrue(Reaction(None, before='_touch').is_due({'name'}))
        self.assertFalse(Reaction(set()).is_due({'name'}))

    def test_what_is_due_keeps_the_order_of_the_table(self):
        table = [Reaction({'b'}, after='one'), Reaction({'a'}), Reaction({'a', 'b'}, before='two')]
        self.assertEqual(get_due(table, {'b'}), [table[0], table[2]])
        self.assertEqual(get_due(table, {'a', 'b'}), table)
        self.assertEqual(get_due(table, {'c'}), [])

    def test_a_reaction_says_nothing_that_it_was_not_told(self):
        self.assertEqual(Reaction({'a'}), Reaction({'a'}, '', ''))
