"""A year of a small service company: six contracts of every method, month by month.

What is expected is reckoned here from the papers of the company alone, in decimals, and compared
each month with the documents, the ledger, the figures, the monthly revenue, the forecast, the
deferrals and the statement, which all have to tell the same.
"""

from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.crm_contracts.tests.billing_common import ItemCase

# Hours of Ada, at 650 a day of eight hours, and of Ben, at 60 an hour, in each month.
DEVELOPED = {
    1: (16, 10), 2: (8, 0), 3: (0, 7.5), 4: (24, 3), 6: (4, 4), 7: (12, 0), 9: (40, 12),
    10: (8, 2.5), 11: (0, 1), 12: (20, 6),
}  # fmt: skip
# Hours of Ben that 20 prepaid ones of the year cover, and 70 an hour is asked for above them.
RETAINED = {1: 5, 2: 9, 3: 8, 5: 2.5, 8: 4, 12: 1}
# What was bought for the project, and is passed on with a tenth.
BOUGHT = {2: 1000.0, 5: 333.33, 9: 58.05}
SUPPORT_DAYS = 365


def cents(amount):
    return Decimal(amount).quantize(Decimal('0.01'), ROUND_HALF_UP)


def share(amount, days, whole):
    return cents(Decimal(amount) * days / whole)


def last_day(month):
    return date(2026, month, monthrange(2026, month)[1])


class Papers:
    """What each contract comes to, by its papers: amounts of a month, and of a day."""

    def hosting(self, month):
        return Decimal('80.50')

    def maintenance(self, month):
        """1,250 a quarter from 15 January, when it is over."""
        return Decimal(1250) if month in (4, 7, 10) else Decimal(0)

    def development(self, month):
        ada, ben = DEVELOPED.get(month, (0, 0))
        return cents(Decimal(650) * Decimal(ada) / 8 * 9 / 10) + cents(
            Decimal(60) * Decimal(ben) * 9 / 10
        )

    def retainer(self, month):
        worked = [Decimal(str(RETAINED.get(number, 0))) for number in range(1, month + 1)]
        over = max(sum(worked) - 20, 0) - max(sum(worked[:-1]) - 20, 0)
        return 1000 + 70 * over

    def project(self, month):
        milestones = {3: Decimal(5000), 9: Decimal(10000)}
        passed_on = cents(Decimal(str(BOUGHT.get(month, 0))) * Decimal('1.1'))
        return milestones.get(month, Decimal(0)) + passed_on

    def support(self, month):
        """3,600 for the year from 1 April; August rests, and it ends on the last of October."""
        return {
            4: Decimal(3600),
            8: -share(3600, 31, SUPPORT_DAYS),
            10: -share(3600, 151, SUPPORT_DAYS),
        }.get(month, Decimal(0))

    def get_mrr(self, day):
        """Return {name: monthly revenue} on a day."""
        rests = date(2026, 8, 1) <= day <= date(2026, 8, 31)
        supports = date(2026, 4, 1) <= day <= date(2026, 10, 30) and not rests
        return {
            'hosting': 80.5,
            'maintenance': 416.67 if day >= date(2026, 1, 15) else 0.0,
            'development': 0.0,
            'retainer': 1000.0,
            'project': 0.0,
            'support': 300.0 if supports else 0.0,
        }

    def get_accrued(self, day):
        """Return what the quarter that runs has earned up to a day."""
        starts = [date(2026, month, 15) for month in (1, 4, 7, 10)]
        start = max((one for one in starts if one <= day), default=None)
        if start is None:
            return Decimal(0)
        end = {1: date(2026, 4, 15), 4: date(2026, 7, 15), 7: date(2026, 10, 15)}.get(
            start.month, date(2027, 1, 15)
        )
        return share(1250, (day - start).days + 1, (end - start).days)

    def get_deferred(self, day):
        """Return what the year of support was charged for days after a day."""
        if not date(2026, 4, 1) <= day < date(2026, 10, 31):
            return Decimal(0)
        return share(3600, (date(2027, 4, 1) - day).days - 1, SUPPORT_DAYS)


@tagged('post_install', '-at_install')
class TestContractYear(ItemCase):
    @classmethod
    def setUpClass(cls):
        with freeze_time('2026-01-01'):
            super().setUpClass()
            cls.papers = Papers()
            cls.contracts = {name: cls._make(name, *made) for name, made in cls._plan().items()}
            cls.everything = cls.env['crm.contract'].union(*cls.contracts.values())
            cls.projects = {
                name: cls.env['project.project'].create(
                    {'name': name, cls.column: cls.contracts[name].analytic_account_id.id}
                )
                for name in ('development', 'retainer')
            }

    @classmethod
    def _plan(cls):
        """Return {name of a contract: (lines, values)}."""
        day_rate = cls.rate(
            price_unit=650.0, product_uom_id=cls.day.id, job_id=cls.developer_job.id
        )
        hour_rate = cls.rate(price_unit=60.0, product_uom_id=cls.hour.id)
        return {
            'hosting': ([cls.monthly(price_unit=80.5)], {}),
            'maintenance': (
                [
                    cls.monthly(
                        price_unit=1250.0,
                        interval_count=3,
                        timing='arrears',
                        date_start='2026-01-15',
                        prorate=True,
                    )
                ],
                {},
            ),
            'development': (
                [],
                {
                    'bill_time': True,
                    'time_ratio': 90.0,
                    'rate_ids': [Command.create(day_rate), Command.create(hour_rate)],
                },
            ),
            'retainer': (
                [cls.monthly(price_unit=1000.0)],
                {'bill_time': True, 'prepaid_quantity': 20.0, 'overage_price': 70.0},
            ),
            'project': (
                [
                    cls.milestone(price_unit=5000.0, date_due='2026-03-15'),
                    cls.milestone(price_unit=10000.0, date_due='2026-09-30'),
                ],
                {'bill_costs': True, 'cost_markup': 10.0},
            ),
            'support': (
                [
                    cls.monthly(
                        price_unit=3600.0,
                        interval_unit='year',
                        prorate=True,
                        date_start='2026-04-01',
                    )
                ],
                {'date_end': '2027-03-31'},
            ),
        }

    @classmethod
    def _make(cls, name, lines, values):
        values = cls.prepare_contract(*lines, name=name, **values)
        if not lines:
            values['line_ids'] = False
        return cls.env['crm.contract'].create(values)

    # === THE WORK OF A MONTH === #

    def _work(self, month):
        """Book hours and vendor bills of a month, and let August rest and October end."""
        ada, ben = DEVELOPED.get(month, (0, 0))
        for employee, hours in ((self.ada, ada), (self.ben, ben)):
            self._book_on('development', employee, hours, month)
        self._book_on('retainer', self.ben, RETAINED.get(month, 0), month)
        if month in BOUGHT:
            distribution = {str(self.contracts['project'].analytic_account_id.id): 100}
            self._buy(BOUGHT[month], f'2026-{month:02}-07', distribution)

    def _buy(self, amount, day, distribution):
        move = self.env['account.move'].create(
            {
                'move_type': 'in_invoice',
                'partner_id': self.partner_b.id,
                'invoice_date': day,
                'invoice_line_ids': [
                    Command.create(
                        {
                            'name': 'Licences',
                            'price_unit': amount,
                            'tax_ids': False,
                            'analytic_distribution': distribution,
                        }
                    )
                ],
            }
        )
        move.action_post()

    def _book_on(self, name, employee, hours, month):
        if hours:
            self.env['account.analytic.line'].create(
                {
                    'name': 'Work',
                    'project_id': self.projects[name].id,
                    'employee_id': employee.id,
                    'unit_amount': hours,
                    'date': f'2026-{month:02}-12',
                }
            )

    def _end_month(self, month):
        """Bill what is due, credit what is not covered any more, and confirm all of it."""
        support = self.contracts['support']
        if month == 8:
            support.action_suspend('2026-08-01', '2026-08-31')
        if month == 10:
            support.action_close(reason='Moved')
        moves = self.everything._bill()
        if month in (8, 10):
            support.action_credit_unused()
            moves |= self.env['account.move'].search(
                [('move_type', '=', 'out_refund'), ('state', '=', 'draft')]
            )
        moves.invoice_date = last_day(month)
        moves.action_post()

    # === WHAT EVERYTHING SAYS === #

    def _check(self, month, invoiced):
        """Compare everything with the papers.

        :param invoiced: {name: what the papers charge up to the end of the month}
        """
        self.env.flush_all()
        self.env.invalidate_all()
        day = last_day(month)
        says = {
            'documents': self._get_documents,
            'ledger': self._get_ledger,
            'figures': lambda contract: contract.amount_invoiced,
            'revenue': lambda contract: contract.revenue,
            'statement': self._get_statement,
        }
        for source, tell in says.items():
            told = {name: round(tell(own), 2) for name, own in self.contracts.items()}
            with self.subTest(source, month=month):
                self.assertEqual(told, {name: float(own) for name, own in invoiced.items()})
        with self.subTest('nothing is left over', month=month):
            self.assertEqual(sum(self.everything.mapped('amount_to_invoice')), 0.0)
        with self.subTest('monthly revenue', month=month):
            told = {name: round(own.mrr, 2) for name, own in self.contracts.items()}
            self.assertEqual(told, self.papers.get_mrr(day))
        with self.subTest('deferrals', month=month):
            deferred = self._get_deferred(day)
            self.assertAlmostEqual(deferred['accrued'], float(self.papers.get_accrued(day)), 2)
            self.assertAlmostEqual(deferred['deferred'], float(self.papers.get_deferred(day)), 1)
        self._check_forecast(month)

    def _get_documents(self, contract):
        lines = self.env['account.move.line'].search(
            [
                ('crm_contract_billing_id.contract_id', '=', contract.id),
                ('parent_state', '=', 'posted'),
                ('display_type', '=', 'product'),
            ]
        )
        return -sum(lines.mapped('balance'))

    def _get_ledger(self, contract):
        return sum(self.live(contract).mapped('amount'))

    def _get_statement(self, contract):
        return contract._get_statement('2026-01-01', '2026-12-31').total_charged

    def _get_deferred(self, day):
        amounts = {'deferred': 0.0, 'accrued': 0.0}
        for one in self.everything._get_deferrals(day):
            amounts[one['kind']] += one['amount']
        return amounts

    def _check_forecast(self, month):
        """What is agreed for the rest of the year is foreseen in its months."""
        told = {}
        for entry in self.everything._forecast_billing('2026-12-31'):
            key = entry['month'].month
            told[key] = round(told.get(key, 0.0) + entry['amount'], 2)
        agreed = {}
        for later in range(month + 1, 13):
            amounts = [self.papers.hosting(later), self.papers.maintenance(later), 1000]
            amounts += [{3: 5000, 9: 10000}.get(later, 0), 3600 if later == 4 else 0]
            agreed[later] = float(sum(amounts))
        with self.subTest('forecast', month=month):
            self.assertEqual(told, agreed)

    def test_everything_tells_the_same_each_month(self):
        invoiced = dict.fromkeys(self.contracts, Decimal(0))
        for month in range(1, 13):
            with freeze_time(last_day(month)):
                self.env.invalidate_all()
                self._work(month)
                self._end_month(month)
                for name in self.contracts:
                    invoiced[name] += Decimal(getattr(self.papers, name)(month))
                self._check(month, invoiced)
        self._check_year(invoiced)

    def _check_year(self, invoiced):
        """The movements of the year end where it ends, and the last quarter is still to come."""
        with freeze_time('2027-01-02'):
            self.env.invalidate_all()
            final = self.contracts['maintenance']._bill()
        self.assertEqual(final.amount_untaxed, float(share(1250, 78, 92)))
        total = sum(invoiced.values())
        self.assertEqual(round(sum(self.everything.mapped('revenue')), 2), float(total))
        self.assertGreater(total, 30000)
