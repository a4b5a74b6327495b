from unittest import TestCase

from crm_extended.core.batches import halve


class TestHalve(TestCase):
    def test_half_of_the_items_in_their_order(self):
        self.assertEqual(halve([4, 3, 2, 1], int), ([4, 3], [2, 1]))

    def test_odd_one_is_in_the_second_part(self):
        self.assertEqual(halve([1, 2, 3], int), ([1], [2, 3]))

    def test_what_belongs_together_stays_together(self):
        self.assertEqual(
            halve(['a1', 'b1', 'a2', 'c1'], lambda text: text[0]), (['a1', 'a2'], ['b1', 'c1'])
        )

    def test_groups_are_counted_and_not_their_items(self):
        items = ['a1', 'a2', 'a3', 'b1']
        self.assertEqual(halve(items, lambda text: text[0]), (['a1', 'a2', 'a3'], ['b1']))

    def test_one_group_is_parted_when_nothing_else_is_left(self):
        self.assertEqual(halve(['a1', 'a2', 'a3'], lambda text: text[0]), (['a1'], ['a2', 'a3']))

    def test_two_are_parted_and_one_and_none_cannot_be(self):
        self.assertEqual(halve([1, 2], int), ([1], [2]))
        self.assertEqual(halve([1], int), ([], [1]))
        self.assertEqual(halve([], int), ([], []))

    def test_however_many_there_are_parting_ends_with_each_alone(self):
        for number in range(1, 40):
            for width in (1, 2, 7):
                waiting, alone = [list(range(number))], []
                while waiting:
                    part = waiting.pop()
                    if len(part) == 1:
                        alone += part
                    else:
                        halves = halve(part, lambda item, width=width: item // width)
                        self.assertTrue(all(halves))
                        waiting += halves
                self.assertEqual(sorted(alone), list(range(number)))
