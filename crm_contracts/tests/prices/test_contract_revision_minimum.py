from odoo import Command
from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tests import freeze_time, tagged

from .revision_common import RevisionCase


@tagged('post_install', '-at_install')
@freeze_time('2026-05-02')
class TestContractRevisionMinimum(RevisionCase):
    """What a period by usage costs at least moves with the other prices of its contract."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.create_contract(
            cls.monthly(name='Calls', price_unit=0.1, is_metered=True, minimum_amount=50.0),
            date_start='2026-03-01',
            date_end='2027-02-28',
            term_months=12,
        )
        cls.line = cls.contract.line_ids

    def report(self, quantity, day):
        return self.env['crm.contract.usage'].create(
            {'line_id': self.line.id, 'date': day, 'quantity': quantity}
        )

    def bill(self, until=None):
        return [round(one.price_subtotal, 2) for one in self.contract._bill(until).invoice_line_ids]

    def test_periods_before_it_keep_their_minimum(self):
        revision = self.revise(self.contract, '2026-04-01', 10.0)
        self.assertEqual(
            [(one.kind, one.price_old, one.price_new) for one in revision.price_ids],
            [('line', 0.1, 0.11), ('minimum', 50.0, 55.0)],
        )
        self.assertIn('Calls: minimum', revision.price_ids[1].name)
        self.assertEqual(revision.annual_difference, 60.0, 'as much is sure')
        self.assertEqual(self.contract.mrr, 55.0)
        self.assertEqual(self.bill(), [50.0, 55.0])
        self.report(600, '2026-03-05')
        self.assertEqual(self.bill(), [60.0, -50.0], 'as the month was agreed')

    def test_it_goes_back_with_the_revision(self):
        revision = self.revise(self.contract, '2026-04-01', 10.0)
        revision.action_take_back()
        self.assertEqual((self.line.price_unit, self.line.minimum_amount), (0.1, 50.0))
        self.assertFalse(self.line.former_price_ids)
        self.assertEqual(self.bill(), [50.0, 50.0])

    def test_minimum_that_was_typed_since_is_not_lost(self):
        revision = self.revise(self.contract, '2026-04-01', 10.0)
        self.line.minimum_amount = 70.0
        with self.assertRaisesRegex(UserError, 'Calls: minimum'):
            revision.action_take_back()
        self.assertEqual(self.line.minimum_amount, 70.0)

    def test_least_amount_of_hours_is_revised_without_a_price(self):
        self.line.write({'price_unit': 0.0, 'counts_hours': True})
        self.revise(self.contract, '2026-04-01', 3.0)
        self.revise(self.contract, '2026-05-01', 3.0)
        self.assertEqual(self.line.minimum_amount, 53.05, 'in cents')
        days = [Date.to_date(f'2026-0{month}-01') for month in (3, 4, 5)]
        self.assertEqual([self.line._get_minimum_on(day) for day in days], [50.0, 51.5, 53.05])

    def test_amended_price_leaves_it(self):
        change = {'line_id': self.line.id, 'action': 'change', 'price_unit': 0.2}
        self.env['crm.contract.amendment'].create(
            {
                'contract_id': self.contract.id,
                'date': '2026-05-01',
                'line_ids': [Command.create(change)],
            }
        ).action_apply()
        self.assertEqual((self.line.price_unit, self.line.minimum_amount), (0.2, 50.0))
        self.assertEqual(self.bill('2026-06-01'), [50.0, 50.0, 50.0])
