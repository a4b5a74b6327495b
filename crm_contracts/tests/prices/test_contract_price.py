from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-12-10')
class TestContractPrice(BillingCase):
    """Prices that change with the term; the periods and hours before keep theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hour = cls.env.ref('uom.product_uom_hour')

    def _rate(self, **values):
        return Command.create(
            {
                'product_id': self.support.id,
                'product_uom_id': self.hour.id,
                'price_unit': 60.0,
                **values,
            }
        )

    def _amounts(self, contract, until):
        contract._bill(until)
        return {start: amount for start, _end, amount in self.periods(contract)}

    def test_periods_in_arrears_of_the_old_term_keep_the_old_price(self):
        contract = self.create_contract(
            self.monthly(timing='arrears'), term_months=12, fixed_amount=1000.0
        )
        contract._bill('2026-11-30')
        term = contract.with_user(self.salesman)._renew(price_increase=3.333)
        self.assertEqual(term._name, 'crm.contract.term')
        self.assertEqual(term.fixed_amount, 1033.33)
        self.assertEqual(contract.line_ids.price_unit, 103.33)
        amounts = self._amounts(contract, '2027-02-01')
        self.assertEqual(amounts['2026-12-01'], 100.0)
        self.assertEqual(amounts['2027-01-01'], 103.33)

    def test_price_of_a_day_and_monthly_revenue_follow_the_term(self):
        contract = self.create_contract(term_months=12)
        line = contract.line_ids
        contract._renew(price_increase=10)
        contract._renew(price_increase=10)
        self.assertEqual(
            [
                line._get_price_on(line.date_start.replace(year=year, month=month))
                for year, month in [(2026, 1), (2027, 1), (2028, 1), (2030, 1)]
            ],
            [100.0, 110.0, 121.0, 121.0],
        )
        self.assertEqual(contract.mrr, 100.0, 'of today')
        with freeze_time('2027-01-01'):
            contract.invalidate_recordset(['mrr'])
            self.assertEqual(contract.mrr, 110.0)

    def test_document_shows_the_prices_of_its_day(self):
        contract = self.create_contract(term_months=12)
        contract._renew(price_increase=10)
        report = 'crm_contracts.report_crm_contract'
        for day, shown, hidden in (
            ('2026-12-31', b'100.00', b'110.00'),
            ('2027-01-01', b'110.00', b'100.00'),
        ):
            with freeze_time(day):
                html, _type = self.env['ir.actions.report']._render_qweb_html(report, contract.ids)
                self.assertIn(shown, html)
                self.assertNotIn(hidden, html)

    def test_what_was_missed_is_billed_at_the_price_of_its_term(self):
        contract = self.create_contract(
            self.monthly(interval_count=3, date_start='2026-11-15'), term_months=12
        )
        contract._renew(price_increase=50)
        self.assertEqual(
            self._amounts(contract, '2027-05-15'),
            {'2026-11-15': 100.0, '2027-02-15': 150.0, '2027-05-15': 150.0},
        )

    def test_milestones_and_ended_lines_keep_their_price(self):
        contract = self.create_contract(
            self.milestone(), self.monthly(date_end='2026-12-31'), term_months=12
        )
        contract._renew(price_increase=10)
        self.assertEqual(contract.line_ids.sorted('id').mapped('price_unit'), [5000.0, 100.0])
        self.assertFalse(contract.line_ids.former_price_ids)

    def test_price_by_hand_is_the_one_since_the_last_change(self):
        contract = self.create_contract(self.monthly(timing='arrears'), term_months=12)
        contract._bill('2026-12-01')
        contract._renew(price_increase=10)
        contract.line_ids.price_unit = 120.0
        amounts = self._amounts(contract, '2027-02-01')
        self.assertEqual((amounts['2026-12-01'], amounts['2027-01-01']), (100.0, 120.0))

    def test_hours_before_the_new_term_keep_their_rate(self):
        ada = self.env['hr.employee'].sudo().create({'name': 'Ada'})
        contract = self.create_contract(
            rate_ids=[self._rate(), self._rate(employee_id=ada.id, price_unit=90.0)],
            term_months=12,
        )
        contract._renew(price_increase=10)
        self.assertEqual(len(contract.rate_ids), 4)
        rates = contract.rate_ids
        none = ada.browse()
        self.assertEqual(
            [
                rates._get_most_specific(
                    employee, contract.date_start.replace(year=year)
                ).price_unit
                for employee in (none, ada)
                for year in (2026, 2027)
            ],
            [60.0, 66.0, 90.0, 99.0],
        )
        contract._renew(price_increase=10)
        self.assertEqual(len(contract.rate_ids), 6, 'each renewal raises the last rates alone')
        latest = contract.rate_ids._get_latest().mapped('price_unit')
        self.assertEqual(sorted(latest), [72.6, 108.9])

    def test_rate_of_the_future_is_not_valid_yet(self):
        contract = self.create_contract(
            rate_ids=[self._rate(), self._rate(price_unit=70.0, date_from='2026-12-11')]
        )
        nobody = self.env['hr.employee']
        self.assertEqual(contract.rate_ids._get_most_specific(nobody).price_unit, 60.0)
        with freeze_time('2026-12-11'):
            self.assertEqual(contract.rate_ids._get_most_specific(nobody).price_unit, 70.0)

    def test_change_before_the_last_one_is_refused(self):
        contract = self.create_contract(term_months=12)
        line = contract.line_ids
        line._change_prices({line: 110.0}, {contract: line.date_start.replace(month=6)})
        earlier = {contract: line.date_start.replace(month=5)}
        with self.assertRaisesRegex(UserError, 'was changed from'):
            line._change_prices({line: 120.0}, earlier)
        line._change_prices({line: 120.0}, {contract: line.date_start.replace(month=6)})
        self.assertEqual(line.former_price_ids.mapped('price_unit'), [100.0])
        self.assertEqual(line.price_unit, 120.0)

    def test_one_price_a_day_says_the_database(self):
        contract = self.create_contract()
        prices = self.env['crm.contract.line.price'].sudo()
        former = {'line_id': contract.line_ids.id, 'date_to': '2026-06-30', 'price_unit': 90.0}
        prices.create(former)
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            prices.create(former)

    def test_former_prices_are_read_with_the_contract_and_written_by_nobody(self):
        contract = self.create_contract(term_months=12)
        contract._renew(price_increase=10)
        former = contract.line_ids.former_price_ids
        self.assertTrue(former.with_user(self.salesman).read(['price_unit']))
        self.assertTrue(former.with_user(self.accountant).read(['price_unit']))
        with self.assertRaises(AccessError):
            former.with_user(self.colleague).read(['price_unit'])
        for user in (self.salesman, self.administrator, self.accountant):
            with self.assertRaises(AccessError):
                former.with_user(user).price_unit = 1.0
            with self.assertRaises(AccessError):
                former.with_user(user).unlink()

    def _count_queries(self, function):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_contracts(self):
        def measure(size):
            contracts = self.env['crm.contract'].create(
                [
                    self.prepare_contract(
                        self.monthly(), self.monthly(), rate_ids=[self._rate()], term_months=12
                    )
                    for _number in range(size)
                ]
            )
            return [
                self._count_queries(lambda: contracts._renew(price_increase=2)),
                self._count_queries(lambda: contracts._preview_billing('2027-03-01')),
                self._count_queries(lambda: contracts.mapped('mrr')),
            ]

        measure(2)
        for few, many in zip(measure(10), measure(100), strict=True):
            self.assertLessEqual(many - few, 4)
