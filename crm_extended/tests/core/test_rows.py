from unittest import TestCase

from crm_extended.core.rows import (
    empty_dead_links,
    get_changes,
    get_gone,
    get_ids,
    get_link_changes,
    get_moved,
    get_moved_back,
    get_reverted,
    get_row_changes,
    get_table,
    join_attached,
    join_moved,
)

NOTE = 'mail_message.res_id'
TAG = 'crm_tag_rel.lead_id'


class TestChanges(TestCase):
    def test_columns_that_differ_before_and_after(self):
        before = {'id': 1, 'name': 'Old', 'phone': None, 'city': 'Jaca'}
        after = {'id': 1, 'name': 'New', 'phone': '600', 'city': 'Jaca'}
        changes = {'name': ['Old', 'New'], 'phone': [None, '600']}
        self.assertEqual(get_changes(before, after), changes)
        self.assertEqual(get_changes(after, before)['name'], ['New', 'Old'])

    def test_column_that_only_one_of_them_has_is_no_change(self):
        self.assertEqual(get_changes({'old': 1}, {'new': 1}), {})

    def test_columns_to_be_ignored_are_no_change(self):
        before, after = {'name': 'a', 'write_date': 1}, {'name': 'b', 'write_date': 2}
        self.assertEqual(get_changes(before, after, ['write_date']), {'name': ['a', 'b']})
        self.assertEqual(get_changes(before, after, ['write_date', 'name']), {})

    def test_rows_that_changed_by_their_ids(self):
        before = {1: {'name': 'a', 'w': 1}, 2: {'name': 'b', 'w': 1}, 3: {'name': 'c', 'w': 1}}
        after = {1: {'name': 'x', 'w': 2}, 2: {'name': 'b', 'w': 2}}
        self.assertEqual(get_row_changes(before, after, ['w']), {1: {'name': ['a', 'x']}})
        self.assertEqual(get_row_changes(before, after)[2], {'w': [1, 2]})

    def test_links_added_and_removed_where_they_differ(self):
        before = {TAG: [{'tag': 1}, {'tag': 2}], NOTE: [{'id': 1}], 'same.x': [{'tag': 5}]}
        after = {TAG: [{'tag': 2}, {'tag': 3}], NOTE: [], 'same.x': [{'tag': 5}]}
        self.assertEqual(
            get_link_changes(before, after, [TAG, 'same.x', 'none.x']),
            {TAG: {'added': [{'tag': 3}], 'removed': [{'tag': 1}]}},
        )

    def test_links_that_were_none_or_are_none(self):
        rows = [{'tag': 1}]
        self.assertEqual(
            get_link_changes({}, {TAG: rows}, [TAG]), {TAG: {'added': rows, 'removed': []}}
        )
        self.assertEqual(
            get_link_changes({TAG: rows}, {}, [TAG]), {TAG: {'added': [], 'removed': rows}}
        )


class TestReverted(TestCase):
    def test_value_goes_back_where_it_is_what_the_change_made_it(self):
        changes = {'name': ['Old', 'New'], 'phone': [None, '600'], 'gone': [1, 2]}
        self.assertEqual(get_reverted(changes, {'name': 'New', 'phone': '700'}), {'name': 'Old'})
        self.assertEqual(get_reverted(changes, {}), {})
        self.assertEqual(get_reverted({'n': [1, None]}, {}), {})
        self.assertEqual(get_reverted({'n': [1, None]}, {'n': None}), {'n': 1})

    def test_changing_and_reverting_is_as_before(self):
        before = {'a': 1, 'b': None, 'c': 'x', 'd': False}
        after = {'a': 2, 'b': 3, 'c': 'x', 'd': None}
        self.assertEqual({**after, **get_reverted(get_changes(before, after), after)}, before)

    def test_what_was_moved_goes_back_unless_it_was_put_elsewhere_or_deleted(self):
        moved = {
            1: {'res_id': [7, 9], 'note': ['a', 'b']},
            2: {'res_id': [7, 9]},
            3: {'res_id': [7, 9]},
        }
        current = {
            1: {'res_id': 9, 'note': 'edited'},
            2: {'res_id': 8},
        }
        self.assertEqual(get_moved_back(moved, current, 'res_id'), {1: {'res_id': 7}})


class TestMoved(TestCase):
    def test_rows_of_both_with_their_changes_by_texts_of_their_ids(self):
        before = {NOTE: [{'id': 1, 'res_id': 7, 'w': 1}, {'id': 2, 'res_id': 7, 'w': 1}]}
        after = {NOTE: [{'id': 1, 'res_id': 9, 'w': 2}, {'id': 3, 'res_id': 9, 'w': 2}]}
        self.assertEqual(get_moved(before, after, ['w']), {NOTE: {'1': {'res_id': [7, 9]}}})
        self.assertEqual(get_moved(before, after)[NOTE]['1'], {'res_id': [7, 9], 'w': [1, 2]})

    def test_row_that_stayed_as_it_was_is_told_without_changes(self):
        rows = {NOTE: [{'id': 1, 'res_id': 7}]}
        self.assertEqual(get_moved(rows, rows), {NOTE: {'1': {}}})

    def test_rows_without_an_id_and_references_without_rows_are_left_out(self):
        before = {TAG: [{'tag': 1}], NOTE: [{'id': 1}], 'call.lead_id': []}
        self.assertEqual(get_moved(before, {TAG: [{'tag': 1}]}), {})
        self.assertEqual(get_moved({TAG: [{'id': 1}, {'tag': 1}]}, before), {})

    def test_rows_that_are_gone(self):
        before = {NOTE: [{'id': 1}, {'id': 2}], TAG: [{'tag': 1}], 'call.lead_id': [{'id': 5}]}
        remaining = {NOTE: [{'id': 2}], 'call.lead_id': [{'id': 5}]}
        self.assertEqual(get_gone(before, remaining), {NOTE: [{'id': 1}], TAG: [{'tag': 1}]})
        self.assertEqual(get_gone(before, {**remaining, TAG: []})[TAG], [{'tag': 1}])

    def test_ids_of_several_records_under_one_reference_each(self):
        first = {NOTE: [{'id': 1}, {'id': 2}], TAG: [{'tag': 1}]}
        second = {NOTE: [{'id': 2}, {'id': 3}]}
        self.assertEqual(get_ids([first, second]), {NOTE: {1, 2, 3}, TAG: set()})


class TestJoin(TestCase):
    def test_rows_of_several_records_one_after_the_other(self):
        first, second = {NOTE: [{'id': 1}]}, {NOTE: [{'id': 2}], TAG: [{'tag': 1}]}
        self.assertEqual(
            join_attached([first, None, second]),
            {NOTE: [{'id': 1}, {'id': 2}], TAG: [{'tag': 1}]},
        )
        self.assertEqual(join_attached([]), {})

    def test_changes_of_several_records_by_numbers(self):
        first, second = {NOTE: {'1': {'res_id': [7, 9]}}}, {NOTE: {'12': {'res_id': [8, 9]}}}
        self.assertEqual(
            join_moved([first, None, second]),
            {NOTE: {1: {'res_id': [7, 9]}, 12: {'res_id': [8, 9]}}},
        )

    def test_table_of_a_reference(self):
        self.assertEqual(get_table(NOTE), 'mail_message')
        self.assertEqual(get_table('a.b.c'), 'a')


class TestDeadLinks(TestCase):
    def test_link_to_what_is_dead_is_emptied_and_others_stay(self):
        rows = [{'id': 1, 'tag': 5}, {'id': 2, 'tag': 6}, {'id': 3, 'tag': None}, {'id': 4}]
        self.assertEqual(
            empty_dead_links(rows, 'tag', {5}, is_required=False),
            [{'id': 1, 'tag': None}, {'id': 2, 'tag': 6}, {'id': 3, 'tag': None}, {'id': 4}],
        )
        self.assertEqual(rows[0], {'id': 1, 'tag': 5}, 'what was taken is not changed')

    def test_row_that_needs_its_link_is_left_out(self):
        rows = [{'id': 1, 'tag': 5}, {'id': 2, 'tag': 6}]
        kept = empty_dead_links(rows, 'tag', {5}, is_required=True)
        self.assertEqual(kept, [{'id': 2, 'tag': 6}])
        self.assertIsNot(kept[0], rows[1])
