from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractPrepaid(ItemCase):
    """Ten prepaid hours a year, eighty for each hour over them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract.write(
            {'prepaid_quantity': 10, 'prepaid_uom_id': cls.hour.id, 'overage_price': 80.0}
        )

    def _alerts(self, contract=None):
        alert = self.env.ref('crm_contracts.mail_activity_type_prepaid')
        activities = (contract or self.contract).activity_ids
        return activities.filtered(lambda activity: activity.activity_type_id == alert)

    def _covered(self):
        return self.contract.billing_ids.filtered(lambda row: row.state == 'covered')

    def _used(self):
        return (
            self.contract.prepaid_consumed,
            self.contract.prepaid_remaining,
            self.contract.prepaid_percentage,
        )

    def test_prepaid_hours_are_settled_without_an_invoice(self):
        item = self.book(self.ben, 4)
        self.assertEqual(self._used(), (4, 6, 40))
        self.assertFalse(self.contract._bill())
        self.assertRecordValues(
            self._covered(),
            [{'kind': 'time', 'quantity': 4.0, 'amount': 0.0, 'analytic_line_ids': item.ids}],
        )
        self.assertFalse(self.contract._preview_billing())
        with self.assertRaisesRegex(UserError, 'with the prepaid units'), self.cr.savepoint():
            item.unit_amount = 2
        self._covered().action_release()
        item.unit_amount = 2
        self.contract._bill()
        self.assertEqual(self._covered().quantity, 2.0)

    def test_hour_that_crosses_the_border_is_billed_for_its_part(self):
        items = self.book(self.ben, 8, '2026-03-01') + self.book(self.ada, 5, '2026-03-02')
        move = self.contract._bill()
        self.assertRecordValues(move.invoice_line_ids, [{'quantity': 3.0, 'price_unit': 80.0}])
        self.assertEqual(move.amount_untaxed, 240.0)
        self.assertEqual(self._covered().quantity, 8.0)
        self.assertEqual(len(items.crm_contract_billing_id), 2)
        self.book(self.ben, 1, '2026-02-01')
        self.assertEqual(self.contract._bill().amount_untaxed, 80.0, 'booked late, nothing left')

    def test_credited_overage_gives_back_what_it_used(self):
        self.book(self.ben, 8, '2026-03-01')
        crossing = self.book(self.ben, 5, '2026-03-02')
        move = self.contract._bill()
        move.action_post()
        self.credit(move)
        self.assertEqual(self.contract._bill().amount_untaxed, 240.0)
        self.assertEqual(crossing.crm_contract_billing_id.covered_quantity, 2.0)
        self.assertFalse(self.contract._bill())

    def test_partly_credited_overage_comes_back_as_a_quantity(self):
        self.book(self.ben, 13)
        move = self.contract._bill()
        move.action_post()
        self.credit(move, quantity=1)
        self.assertEqual(self.contract._bill().amount_untaxed, 80.0)
        self.book(self.ben, 1)
        self.assertEqual(self.contract._bill().amount_untaxed, 80.0)
        rows = self.contract.billing_ids
        self.assertEqual(sum(rows.mapped('covered_quantity')), 10.0)

    def test_corrections_lower_first_what_is_over_the_prepaid_units(self):
        self.book(self.ben, 12, '2026-03-01')
        self.book(self.ada, -2, '2026-03-02')
        self.assertFalse(self.contract._bill(), 'ten hours in all')
        self.assertEqual(self._used(), (10, 0, 100))
        self.assertEqual(sum(self._covered().mapped('covered_quantity')), 10.0)
        self.book(self.ben, 3, '2026-03-03')
        self.book(self.ben, -1, '2026-03-04')
        self.assertEqual(self.contract._bill().amount_untaxed, 160.0)

    def test_correction_of_what_was_billed_gives_units_back(self):
        self.book(self.ben, 12)
        self.assertEqual(self.contract._bill().amount_untaxed, 160.0)
        self.book(self.ben, -3)
        self.assertFalse(self.contract._bill())
        self.book(self.ben, 4)
        self.assertEqual(self.contract._bill().amount_untaxed, 80.0, '13 in all, 2 were billed')

    def test_units_are_converted(self):
        self.contract.write({'prepaid_quantity': 2, 'prepaid_uom_id': self.day.id})
        self.contract.overage_price = 640.0
        self.book(self.ada, 20)
        self.assertEqual(self._used(), (2.5, 0, 125))
        self.assertEqual(self.contract._bill().amount_untaxed, 320.0)

    def test_non_billable_hours_consume_nothing(self):
        self.book(self.ben, 9, crm_contract_non_billable=True)
        self.assertEqual(self._used(), (0, 10, 0))
        self.assertFalse(self.contract._bill())
        self.assertFalse(self._covered())

    def test_hours_that_are_deleted_before_they_are_settled_consume_nothing(self):
        item = self.book(self.ben, 9)
        self.book(self.ben, 3)
        self.assertEqual(self._used(), (12, 0, 120))
        item.unlink()
        self.contract.invalidate_recordset()
        self.assertEqual(self._used(), (3, 7, 30))
        self.assertFalse(self.contract._bill(), 'nothing goes beyond any more')

    def test_overage_without_price_is_billed_at_the_rates(self):
        self.contract.overage_price = 0
        self.book(self.ben, 12)
        self.assertEqual(self.contract._bill().amount_untaxed, 120.0)
        self.contract.write({'bill_time': False, 'overage_price': 80})
        self.book(self.ben, 1)
        self.assertEqual(self.contract._bill().amount_untaxed, 80.0)

    def test_overage_has_its_full_price_whatever_the_ratio_of_other_hours(self):
        self.contract.time_ratio = 80
        self.book(self.ben, 11)
        move = self.contract._bill()
        self.assertRecordValues(
            move.invoice_line_ids, [{'quantity': 1.0, 'price_unit': 80.0, 'discount': 0.0}]
        )

    def test_each_threshold_alerts_once_a_term(self):
        self.book(self.ben, 7.4)
        self.assertFalse(self._alerts())
        item = self.book(self.ben, 0.1)
        self.assertRecordValues(self._alerts(), [{'user_id': self.salesman.id}])
        item.unlink()
        item = self.book(self.ben, 2)
        self.assertEqual(len(self._alerts()), 1, '90 takes the place of 75')
        self.assertIn('90', self._alerts().summary)
        item.unit_amount = 5
        self.assertEqual(len(self._alerts()), 1)
        self.assertIn('100', self._alerts().summary)
        self._alerts().unlink()
        self.contract._alert_prepaid()
        self.assertFalse(self._alerts(), 'told once')

    def test_thresholds_that_are_reached_at_once_are_told_once(self):
        self.book(self.ben, 12)
        self.assertEqual(len(self._alerts()), 1)
        self.assertIn('100', self._alerts().summary)

    def test_alert_of_a_term_ends_with_it(self):
        self.book(self.ben, 9)
        self.contract._renew()
        self.contract._alert_prepaid()
        self.assertTrue(self._alerts(), 'the term lasts')
        with freeze_time('2027-02-01'), self.enter_registry_test_mode():
            self.env.ref('crm_contracts.ir_cron_contract_renewals').method_direct_trigger()
        self.assertFalse(self._alerts())

    def test_alert_ends_with_the_contract(self):
        self.book(self.ben, 9)
        self.contract.with_user(self.salesman).action_close()
        self.assertFalse(self._alerts())

    def test_alert_comes_with_the_daily_check_too(self):
        self.book(self.ben, 6)
        self.contract.prepaid_quantity = 8
        self.assertFalse(self._alerts())
        with self.enter_registry_test_mode():
            self.env.ref('crm_contracts.ir_cron_contract_renewals').method_direct_trigger()
        self.assertEqual(len(self._alerts()), 1)
        self.assertIn('75', self._alerts().summary)

    def test_new_term_starts_again(self):
        self.book(self.ben, 9)
        self.contract._renew()
        self.assertEqual(self._used(), (9, 1, 90), 'the current term is the first one')
        with freeze_time('2027-02-01'):
            self.contract.invalidate_recordset()
            self.assertEqual(self._used(), (0, 10, 0))
            self.book(self.ben, 8, '2027-01-15')
            self.assertEqual(len(self._alerts()), 1, '75 again, and not 90 of the first term')
            self.assertIn('75', self._alerts().summary)
            self.contract.invalidate_recordset()
            self.assertEqual(self._used(), (8, 2, 80))
            self.assertFalse(self.contract._bill('2027-02-01').invoice_line_ids)

    def test_unused_units_roll_over_when_agreed(self):
        self.book(self.ben, 7)
        self.contract.prepaid_rollover = True
        self.contract._renew()
        with freeze_time('2027-02-01'):
            self.contract.invalidate_recordset()
            self.assertEqual(self.contract.prepaid_available, 13)
            self.book(self.ben, 14, '2027-01-15')
            self.assertEqual(self.contract._bill('2027-02-01').amount_untaxed, 80.0)
            self.contract.prepaid_rollover = False
            self.assertEqual(self.contract.prepaid_available, 10)

    def test_new_term_alerts_anew_by_what_it_has_with_the_units_rolled_over(self):
        self.contract.prepaid_rollover = True
        self.book(self.ben, 5)
        self.contract._renew()
        with freeze_time('2027-02-01'):
            self.book(self.ben, 11, '2027-01-15')
            self.assertFalse(self._alerts(), '11 of 15 are less than 75 %')
            self.book(self.ben, 0.5, '2027-01-16')
            self.assertEqual(len(self._alerts()), 1)
            self.contract._alert_prepaid()
            self.assertEqual(len(self._alerts()), 1, 'once a term')
            self.book(self.ben, 4, '2027-01-17')
            self.assertIn('100', self._alerts().summary)
            self._alerts().unlink()
            self.book(self.ben, 1, '2026-12-30')
            self.assertFalse(self._alerts(), 'late hours of the first term: 6 of 10')

    def test_bad_conditions_are_refused(self):
        for values, reason in (
            ({'prepaid_quantity': -1}, 'negative'),
            ({'overage_price': -1}, 'negative'),
            ({'alert_thresholds': '75;90'}, 'separated by commas'),
            ({'alert_thresholds': '0'}, 'percentages'),
            ({'prepaid_uom_id': self.env.ref('uom.product_uom_kgm').id}, 'converted to hours'),
        ):
            with self.assertRaisesRegex(ValidationError, reason), self.cr.savepoint():
                self.contract.write(values)

    def test_salesman_reads_what_is_consumed_without_reading_hours(self):
        self.book(self.ben, 4)
        contract = self.contract.with_user(self.salesman)
        self.assertEqual(contract.prepaid_consumed, 4)
        self.assertFalse(contract._bill())

    def test_queries_do_not_grow_with_the_contracts(self):
        def measure(size):
            contracts = self.env['crm.contract'].create(
                [
                    self.prepare_contract(
                        self.milestone(date_due='2030-01-01'),
                        prepaid_quantity=10,
                        overage_price=80.0,
                    )
                    for _number in range(size)
                ]
            )
            projects = self.env['project.project'].create(
                [
                    {'name': 'Project', self.column: contract.analytic_account_id.id}
                    for contract in contracts
                ]
            )
            for project in projects:
                self.book(self.ben, 12, project_id=project.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contracts.mapped('prepaid_percentage')
            used = self.env.cr.sql_log_count
            self.env.invalidate_all()
            self.assertEqual(len(contracts._preview_billing()), size)
            return used - before, self.env.cr.sql_log_count - used

        measure(1)
        self.assertEqual(measure(2), measure(12))
