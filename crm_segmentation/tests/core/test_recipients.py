from unittest import TestCase

from crm_segmentation.core.recipients import get_only_value


class TestOnlyValue(TestCase):
    def test_one_id_that_every_record_has_is_found(self):
        for terms, ids in [
            ([('segment', 'in', [3])], [3]),
            ([('segment', '=', 3)], [3]),
            (['&', ('name', '!=', False), ('segment', 'in', [3])], [3]),
            ([('name', '!=', False)], []),
            ([('segment', 'in', [3, 4])], []),
            ([('segment', 'in', [3]), ('segment', 'in', [4])], []),
            ([('segment', '=', False)], []),
            ([('segment', 'ilike', 'x')], []),
            ([('segment', 'not in', [3])], []),
            (['!', ('segment', 'in', [3])], []),
            (['|', ('segment', 'in', [3]), ('name', '=', 'x')], []),
            ([], []),
            ({'segment': 3}, []),
        ]:
            with self.subTest(terms=terms):
                self.assertEqual(get_only_value(terms, 'segment'), ids)
