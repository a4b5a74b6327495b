from unittest import TestCase

from crm_claims.core.claimable import DocumentKind, get_left, get_share, join_names


class TestClaimable(TestCase):
    def test_customers_and_suppliers_have_lines_of_their_own(self):
        sold, bought = (('state', '=', 'sale'),), (('state', '=', 'purchase'),)
        told = ('line', 'order', 'partner', 'date', ('qty',), 'unit')
        kind = DocumentKind(*told, customer=sold, supplier=bought)
        self.assertEqual(kind.get_conditions('customer'), sold)
        self.assertEqual(kind.get_conditions('supplier'), bought)
        nobody = DocumentKind(*told)
        self.assertIsNone(nobody.get_conditions('customer'))
        self.assertIsNone(nobody.get_conditions('supplier'))
        self.assertEqual(nobody.texts, ('product_id', 'name'))

    def test_share_is_by_quantity_and_nothing_of_nothing(self):
        self.assertEqual(get_share(90.0, 3.0, 2.0), 60.0)
        self.assertEqual(get_share(90.0, 3.0, 3.0), 90.0)
        self.assertEqual(get_share(90.0, 0.0, 2.0), 0.0)

    def test_left_is_what_the_scarcest_leaves(self):
        self.assertEqual(get_left([(5.0, 2.0)]), 3.0)
        self.assertEqual(get_left([(5.0, 2.0), (4.0, 3.0)]), 1.0)
        self.assertEqual(get_left([(5.0, 5.0)]), 0.0)
        self.assertEqual(get_left([(5.0, 6.0)]), -1.0)

    def test_names_are_joined_once_each(self):
        self.assertEqual(join_names(['B-2', '', 'B-1', 'B-2']), 'B-2, B-1')
        self.assertEqual(join_names([]), '')
