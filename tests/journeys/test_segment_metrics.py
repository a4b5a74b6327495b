"""What the shipped metrics measure where all apps are installed."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

METRICS = (
    'invoiced_amount',
    'ordered_amount',
    'won_revenue',
    'days_since_last_contact',
    'call_count',
    'meeting_count',
    'claim_count',
    'ticket_count',
    'contract_count',
    'contract_mrr',
)


@tagged('post_install', '-at_install')
class TestSegmentMetrics(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env['res.partner'].create({'name': 'Measured', 'is_company': True})
        cls.contact, cls.other = cls.env['res.partner'].create(
            [{'name': 'Contact', 'parent_id': cls.company.id}, {'name': 'Other'}]
        )
        cls.now = fields.Datetime.now()

    def measure(self, metric, partner=None, **values):
        """Return what a rule on a metric measures of a contact."""
        segment = self.env['crm.segment'].create(
            {
                'name': metric,
                'domain': '[]',
                'rule_ids': [
                    Command.create(
                        {
                            'metric_id': self.env.ref(f'crm_segmentation.metric_{metric}').id,
                            'operator': '>=',
                            'value': 1,
                            **values.pop('rule', {}),
                        }
                    )
                ],
                **values,
            }
        )
        partner = partner or self.company
        return segment._explain(partner)[partner.id][segment.rule_ids.id]['value']

    def create_move(self, move_type, amount, date=None, **values):
        return self.env['account.move'].create(
            {
                'move_type': move_type,
                'partner_id': self.company.id,
                'invoice_date': date or self.now.date(),
                'invoice_line_ids': [
                    Command.create({'name': 'Thing', 'price_unit': amount, 'tax_ids': False})
                ],
                **values,
            }
        )

    def test_every_shipped_metric_is_available(self):
        for name in METRICS:
            with self.subTest(metric=name):
                metric = self.env.ref(f'crm_segmentation.metric_{name}')
                self.assertTrue(metric.is_available)
                metric._check_measure()

    def test_invoiced_amount_is_posted_and_net_of_credit_notes(self):
        self.create_move('out_invoice', 1000).action_post()
        self.create_move('out_refund', 300).action_post()
        self.create_move('out_invoice', 50)
        self.create_move('out_invoice', 60).button_cancel()
        self.create_move('in_invoice', 70).action_post()
        self.create_move('out_invoice', 5, self.now.date() - timedelta(days=400)).action_post()
        self.create_move('out_invoice', 7, partner_id=self.contact.id).action_post()
        self.assertEqual(self.measure('invoiced_amount'), 705)
        year = {'period_count': 12, 'period_unit': 'month'}
        self.assertEqual(self.measure('invoiced_amount', rule=year), 700)
        self.assertEqual(self.measure('invoiced_amount', rule=year, roll_up=True), 707)
        self.assertEqual(self.measure('invoiced_amount', self.other), 0)

    def test_invoice_in_another_currency_counts_in_that_of_the_company(self):
        own = self.env.company.currency_id
        other = (
            self.env['res.currency']
            .with_context(active_test=False)
            .search([('id', '!=', own.id), ('name', 'in', ('USD', 'EUR', 'GBP'))], limit=1)
        )
        other.active = True
        other.rate_ids.unlink()
        other.rate_ids = [Command.create({'name': '2020-01-01', 'rate': 4})]
        self.create_move('out_invoice', 1000, currency_id=other.id).action_post()
        self.assertEqual(self.measure('invoiced_amount'), 250)

    def test_ordered_amount_is_that_of_confirmed_orders(self):
        product = self.env['product.product'].create({'name': 'Thing', 'list_price': 10})
        line = {'product_id': product.id, 'price_unit': 40, 'tax_ids': False}
        values = {'partner_id': self.company.id, 'order_line': [Command.create(line)]}
        confirmed, _quotation, cancelled = self.env['sale.order'].create([values] * 3)
        (confirmed | cancelled).action_confirm()
        cancelled._action_cancel()
        self.assertEqual(self.measure('ordered_amount'), 40)

    def test_opportunities_calls_and_meetings(self):
        leads = self.env['crm.lead'].create(
            [
                {
                    'name': f'Deal {amount}',
                    'type': 'opportunity',
                    'partner_id': self.company.id,
                    'expected_revenue': amount,
                }
                for amount in (100, 30)
            ]
        )
        leads[0].action_set_won()
        self.assertEqual(self.measure('won_revenue'), 100)
        self.assertIsNone(self.measure('days_since_last_contact'))
        self.env['crm.call'].create(
            [
                {
                    'name': state,
                    'partner_id': self.company.id,
                    'state': state,
                    'date': self.now - timedelta(days=days),
                }
                for state, days in (('held', 9), ('planned', -2), ('cancelled', 1), ('not_held', 3))
            ]
        )
        self.assertEqual(self.measure('call_count'), 1)
        self.assertEqual(self.measure('days_since_last_contact'), 9)
        for days in (5, -5):
            start = self.now - timedelta(days=days)
            self.env['calendar.event'].create(
                {
                    'name': 'Meeting',
                    'start': start,
                    'stop': start + timedelta(hours=1),
                    'partner_ids': self.company.ids,
                }
            )
        self.assertEqual(self.measure('meeting_count'), 1)
        self.assertEqual(self.measure('days_since_last_contact'), 5)

    def test_claims_and_tickets(self):
        self.env['service.claim'].create(
            [
                {'name': against, 'partner_id': self.company.id, 'against': against}
                for against in ('customer', 'customer', 'supplier')
            ]
        )
        self.env['service.ticket'].create({'name': 'Help', 'partner_id': self.company.id})
        self.assertEqual(self.measure('claim_count'), 2)
        self.assertEqual(self.measure('ticket_count'), 1)

    def test_contracts_and_their_monthly_revenue(self):
        lines = (
            {'kind': 'recurring', 'price_unit': 120, 'interval_unit': 'year'},
            {'kind': 'recurring', 'price_unit': 50, 'interval_unit': 'month', 'quantity': 2},
            {'kind': 'milestone', 'price_unit': 999, 'date_due': self.now.date()},
        )
        contracts = self.env['crm.contract'].create(
            [
                {
                    'name': f'Contract {number}',
                    'partner_id': self.company.id,
                    'date_start': self.now.date() - timedelta(days=10),
                    'line_ids': [Command.create({'name': 'Line', **line}) for line in lines],
                }
                for number in range(2)
            ]
        )
        self.assertEqual(self.measure('contract_count'), 0)
        contracts[0].action_confirm()
        self.assertEqual(self.measure('contract_count'), 1)
        self.assertEqual(self.measure('contract_mrr'), 110)
        self.assertEqual(self.measure('contract_mrr'), contracts[0].mrr)

    def test_monthly_revenue_is_that_of_the_day(self):
        """What comes later, rests or is over does not count: the same figure as on the contract."""
        line = {'name': 'Support', 'kind': 'recurring', 'price_unit': 100}
        today = self.now.date()
        contract = self.env['crm.contract'].create(
            {
                'name': 'Revenue',
                'partner_id': self.company.id,
                'date_start': today - timedelta(days=10),
                'date_end': today + timedelta(days=300),
                'term_months': 12,
                'line_ids': [
                    Command.create(line),
                    Command.create({**line, 'date_start': today + timedelta(days=30)}),
                ],
            }
        )
        contract.action_confirm()
        contract._renew(price_increase=10)
        self.assertEqual((self.measure('contract_mrr'), contract.mrr), (100, 100))
        self.assertEqual(self.measure('contract_mrr', self.contact), 0)
        contract.action_suspend(today)
        self.assertEqual((self.measure('contract_mrr'), contract.mrr), (0, 0))
        contract.action_resume(today)
        self.assertEqual(self.measure('contract_mrr'), contract.mrr)
        contract.action_close()
        self.assertEqual((self.measure('contract_mrr'), contract.mrr), (0, 0))

    def test_monthly_revenue_is_converted_at_the_rate_of_today(self):
        own = self.env.company.currency_id
        other = (
            self.env['res.currency']
            .with_context(active_test=False)
            .search([('id', '!=', own.id), ('name', 'in', ('USD', 'EUR', 'GBP'))], limit=1)
        )
        other.active = True
        other.rate_ids.unlink()
        today = self.now.date()
        other.rate_ids = [
            Command.create({'name': today - timedelta(days=90), 'rate': 4}),
            Command.create({'name': today, 'rate': 2}),
        ]
        contract = self.env['crm.contract'].create(
            {
                'name': 'Abroad',
                'partner_id': self.company.id,
                'currency_id': other.id,
                'date_start': today - timedelta(days=60),
                'line_ids': [
                    Command.create({'name': 'Support', 'kind': 'recurring', 'price_unit': 100})
                ],
            }
        )
        contract.action_confirm()
        contract.mrr_movement_ids.date = today - timedelta(days=60)
        self.assertEqual(self.measure('contract_mrr'), 50)
