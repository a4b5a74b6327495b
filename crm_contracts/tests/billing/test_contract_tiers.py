from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractTiers(ItemCase):
    """Prices of quantities and of the hours of a month that depend on how many there are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seats = cls.create_contract(
            cls.monthly(
                name='Seats',
                quantity=15,
                price_unit=10.0,
                tier_ids=[cls.tier(10, 8.0), cls.tier(20, 5.0)],
            ),
            date_start='2026-03-01',
        )
        cls.line = cls.seats.line_ids

    @classmethod
    def tier(cls, quantity, price, **values):
        return Command.create({'quantity_from': quantity, 'price_unit': price, **values})

    def set_tiers(self, *tiers, mode='graduated'):
        rate = self.contract.rate_ids.filtered(lambda one: not one.job_id)
        rate.write({'tier_ids': [self.tier(*tier) for tier in tiers], 'tier_mode': mode})
        return rate

    # === QUANTITIES === #

    def test_quantity_of_a_period_has_graduated_prices(self):
        self.assertEqual((self.line.amount, self.seats.mrr), (140.0, 140.0))
        (entry,) = self.seats._preview_billing()
        self.assertEqual(entry['amount'], 140.0)
        move = self.seats._bill()
        self.assertEqual(move.amount_untaxed, 140.0)
        self.assertIn('10.00 x 10.00 + 5.00 x 8.00', move.invoice_line_ids.name)

    def test_quantity_of_a_period_has_the_price_of_its_volume(self):
        self.line.tier_mode = 'volume'
        self.assertEqual(self.line.amount, 120.0)
        move = self.seats._bill()
        self.assertRecordValues(move.invoice_line_ids, [{'quantity': 15.0, 'price_unit': 8.0}])
        self.assertNotIn('x', move.invoice_line_ids.name)

    def test_a_credited_part_comes_back_at_the_price_that_it_had(self):
        move = self.seats._bill()
        move.action_post()
        self.credit(move, quantity=3)
        self.assertEqual(self.seats._bill().amount_untaxed, 28.0)

    def test_revision_moves_tiers_along_from_its_day_and_back(self):
        day = {self.seats: self.env['crm.contract']._fields['date_start'].to_date('2026-05-01')}
        rule = self.env['crm.contract.revision.rule.mixin'].new(
            {'revision_type': 'percentage', 'revision_percentage': 10}
        )
        revision = self.seats._apply_price_revisions(self.seats._plan_price_revisions(day, rule))
        self.assertEqual(self.line.amount, 154.0)
        amounts = self.seats._bill('2026-05-01').invoice_line_ids.mapped('price_subtotal')
        self.assertEqual(amounts, [140.0, 140.0, 154.0])
        self.seats._take_back_price_revisions(revision)
        self.assertEqual(self.line.tier_ids.mapped('price_unit'), [8.0, 5.0])

    # === HOURS === #

    def test_hours_of_a_month_have_graduated_prices_whoever_worked_them(self):
        self.set_tiers((10, 50.0), (20, 40.0))
        self.book(self.ben, 8)
        ben = self.env['hr.employee'].create({'name': 'Carla'})
        self.book(ben, 12)
        move = self.contract._bill()
        self.assertEqual(move.amount_untaxed, 1100.0, '10 at 60 and 10 at 50')
        self.assertEqual(move.invoice_line_ids.mapped('price_subtotal'), [440.0, 660.0])

    def test_invoice_shows_the_steps_of_hours_that_come_to_its_amount(self):
        self.set_tiers((10, 50.0), (20, 40.0))
        self.contract.time_detail = 'one'
        self.book(self.ben, 13.5)
        self.book(self.env['hr.employee'].create({'name': 'Carla'}), 12)
        line = self.contract._bill().invoice_line_ids
        self.assertEqual(
            line.name.split('\n')[1:4],
            [
                '10.00 Hours x 60.00 = 600.00',
                '10.00 Hours x 50.00 = 500.00',
                '5.50 Hours x 40.00 = 220.00',
            ],
        )
        self.assertEqual(line.price_subtotal, 1320.0)
        self.contract.time_ratio = 80.0
        self.book(self.ben, 3, '2026-03-20')
        (late,) = self.contract._preview_billing()
        self.assertNotIn('x', late['name'].partition('-')[2], 'one price alone')

    def test_steps_of_a_month_with_several_lines_come_to_all_of_them_less_the_ratio(self):
        self.set_tiers((10, 50.0))
        self.contract.time_ratio = 80.0
        self.book(self.ben, 8)
        self.book(self.env['hr.employee'].create({'name': 'Carla'}), 12)
        plan = self.contract._preview_billing()
        self.assertEqual(sum(entry['amount'] for entry in plan), 880.0)
        for entry in plan:
            self.assertEqual(
                entry['name'].split('\n')[1:],
                [
                    'All of the month at this price:',
                    '10.00 Hours x 60.00 - 20.00 % = 480.00',
                    '10.00 Hours x 50.00 - 20.00 % = 400.00',
                ],
            )

    def test_hours_wait_until_their_month_is_over(self):
        self.set_tiers((10, 50.0))
        self.book(self.ben, 8)
        self.book(self.ada, 8)
        self.assertEqual(self.contract._bill('2026-03-30').amount_untaxed, 650.0, 'no tiers')
        self.assertFalse(self.contract._bill('2026-03-30'))
        self.assertEqual(self.contract._bill('2026-03-31').amount_untaxed, 480.0)

    def test_each_month_starts_again_and_late_hours_go_on_where_theirs_stands(self):
        self.set_tiers((10, 50.0))
        self.book(self.ben, 12, '2026-02-10')
        self.book(self.ben, 12, '2026-03-10')
        self.assertEqual(self.contract._bill().amount_untaxed, 1400.0)
        self.book(self.ben, 2, '2026-02-20')
        self.assertEqual(self.contract._bill().amount_untaxed, 100.0)

    def test_volume_of_a_month_decides_on_one_price(self):
        self.set_tiers((10, 50.0), mode='volume')
        self.book(self.ben, 11)
        move = self.contract._bill()
        self.assertRecordValues(move.invoice_line_ids, [{'quantity': 11.0, 'price_unit': 50.0}])

    def test_revision_of_a_rate_moves_its_tiers_along(self):
        rate = self.set_tiers((10, 50.0))
        day = {self.contract: self.env['crm.contract']._fields['date_start'].to_date('2026-03-01')}
        rule = self.env['crm.contract.revision.rule.mixin'].new(
            {'revision_type': 'percentage', 'revision_percentage': 10}
        )
        revision = self.contract._apply_price_revisions(
            self.contract._plan_price_revisions(day, rule)
        )
        self.book(self.ben, 12, '2026-02-10')
        self.book(self.ben, 12, '2026-03-10')
        self.assertEqual(self.contract._bill().amount_untaxed, 700.0 + 770.0)
        self.contract._take_back_price_revisions(revision)
        self.assertEqual(rate.tier_ids.price_unit, 50.0)
        self.assertEqual(self.contract.rate_ids.tier_ids, rate.tier_ids)

    # === REFUSALS === #

    @mute_logger('odoo.sql_db')
    def test_nonsense_is_refused(self):
        tiers = self.env['crm.contract.price.tier']
        for values in (
            {'line_id': self.line.id, 'quantity_from': 0, 'price_unit': 1},
            {'line_id': self.line.id, 'quantity_from': 30, 'price_unit': -1},
            {'line_id': self.line.id, 'quantity_from': 10, 'price_unit': 1},
            {'quantity_from': 10, 'price_unit': 1},
        ):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                tiers.create(values)
        with self.assertRaisesRegex(ValidationError, 'has one price'):
            tiers.create(
                {'line_id': self.contract.line_ids.id, 'quantity_from': 10, 'price_unit': 1}
            )

    def test_rights_and_notes_are_those_of_the_contract(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        tier = self.line.tier_ids[0].with_user(self.salesman)
        tier.price_unit = 7.0
        for user in (self.colleague, self.accountant):
            with self.assertRaises(AccessError):
                tier.with_user(user).price_unit = 1.0
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertIn('8.00 → 7.00', self.seats.message_ids[0].body)

    def test_copy_of_a_contract_has_its_tiers(self):
        self.assertEqual(self.seats.copy().line_ids.amount, 140.0)
