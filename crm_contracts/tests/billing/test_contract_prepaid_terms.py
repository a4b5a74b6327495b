from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-12-15')
class TestContractPrepaidTerms(ItemCase):
    """A contract that is renewed before its first term ends, at other conditions.

    What was agreed for a term holds for its hours, however late they are settled.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract.write(
            {
                'bill_time': False,
                'bill_costs': False,
                'prepaid_quantity': 10,
                'prepaid_uom_id': cls.hour.id,
                'overage_price': 80.0,
            }
        )

    def _renew(self, **conditions):
        self.contract._renew()
        self.contract.write(conditions)
        self.contract.invalidate_recordset()

    def _rows(self, state):
        return self.contract.billing_ids.filtered(lambda row: row.state == state)

    def test_hours_before_a_term_without_prepaid_units_are_settled_as_agreed(self):
        self.book(self.ben, 12, '2026-11-30')
        self._renew(prepaid_quantity=0, overage_price=0)
        self.book(self.ben, 5, '2027-01-10')
        self.assertEqual(self.contract._bill('2027-01-31').amount_untaxed, 160.0)
        self.assertEqual(self._rows('covered').mapped('quantity'), [])
        self.assertEqual(self._rows('invoiced').covered_quantity, 10.0)
        self.assertFalse(self.contract._bill('2027-01-31'), 'the second term bills no hours')

    def test_prepaid_hours_are_not_billed_at_the_rates_of_a_later_term(self):
        self.book(self.ben, 9, '2026-11-30')
        self._renew(prepaid_quantity=0, overage_price=0, bill_time=True)
        self.assertFalse(self.contract._bill())
        self.assertEqual(self._rows('covered').quantity, 9.0)
        self.book(self.ben, 2, '2027-01-10')
        self.assertEqual(self.contract._bill('2027-01-31').amount_untaxed, 120.0)

    def test_included_hours_stay_included_when_a_later_term_sells_a_bag(self):
        self.contract.write({'prepaid_quantity': 0, 'overage_price': 0})
        self.book(self.ben, 100, '2026-06-30')
        self._renew(prepaid_quantity=10, overage_price=80.0)
        self.assertFalse(self.contract._preview_billing())
        self.book(self.ben, 11, '2027-01-10')
        self.assertEqual(self.contract._bill('2027-01-31').amount_untaxed, 80.0)

    def test_unit_of_a_later_term_leaves_the_earlier_one_as_it_was(self):
        self.book(self.ben, 12, '2026-11-30')
        self._renew(prepaid_quantity=2, prepaid_uom_id=self.day.id, overage_price=640.0)
        self.assertEqual(
            (self.contract.prepaid_available, self.contract.prepaid_consumed),
            (1.25, 1.5),
            'ten hours of the current term, shown in the unit of the contract',
        )
        self.assertEqual(self.contract._bill().amount_untaxed, 160.0)
        self.book(self.ben, 20, '2027-01-10')
        self.assertEqual(self.contract._bill('2027-01-31').amount_untaxed, 320.0)

    def test_units_roll_over_into_another_unit(self):
        self.contract.prepaid_rollover = True
        self.book(self.ben, 2, '2026-11-30')
        self._renew(prepaid_quantity=2, prepaid_uom_id=self.day.id, overage_price=640.0)
        with freeze_time('2027-02-01'):
            self.contract.invalidate_recordset()
            self.assertEqual(self.contract.prepaid_available, 3)
            self.book(self.ben, 32, '2027-01-10')
            self.assertEqual(self.contract._bill().amount_untaxed, 640.0)

    def test_unit_that_is_changed_within_a_term_keeps_what_was_used(self):
        self.book(self.ben, 8, '2026-11-30')
        self.contract._bill()
        self.contract.write(
            {'prepaid_quantity': 2, 'prepaid_uom_id': self.day.id, 'overage_price': 640.0}
        )
        self.assertEqual(self._rows('covered').covered_quantity, 1.0)
        self.book(self.ben, 12, '2026-12-01')
        self.assertEqual(self.contract._bill().amount_untaxed, 320.0)

    def test_alerts_watch_the_term_that_runs(self):
        self._renew(prepaid_quantity=0)
        self.book(self.ben, 8, '2026-12-10')
        alert = self.env.ref('crm_contracts.mail_activity_type_prepaid')
        self.assertIn(alert, self.contract.activity_ids.activity_type_id)
