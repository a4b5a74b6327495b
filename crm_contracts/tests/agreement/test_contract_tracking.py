from datetime import date

from odoo import Command
from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractTracking(BillingCase):
    """What changed on a contract can be read in its chatter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={})  # with tracking
        cls.contract = cls.create_contract(
            cls.monthly(name='Support'),
            cls.milestone(),
            rate_ids=[
                Command.create(
                    {
                        'product_id': cls.support.id,
                        'product_uom_id': cls.env.ref('uom.product_uom_hour').id,
                        'price_unit': 60.0,
                    }
                )
            ],
        )
        cls.line, cls.delivery = cls.contract.line_ids
        cls.env.cr.precommit.run()

    def _get_new_messages(self, change, contract=None):
        """Return what the chatter of a contract says since a change was made."""
        contract = contract or self.contract
        before = contract.message_ids
        change()
        self.env.flush_all()
        self.env.cr.precommit.run()
        contract.invalidate_recordset(['message_ids'])
        return contract.message_ids - before

    def _get_tracked(self, values):
        messages = self._get_new_messages(
            lambda: self.contract.with_user(self.salesman).write(values)
        )
        return set(messages.tracking_value_ids.field_id.mapped('name'))

    def test_prices_that_follow_another_currency_are_noted_with_it(self):
        contract = self.create_contract(self.monthly(name='Support', price_unit=80.0))
        self.env.cr.precommit.run()
        currency = self.setup_other_currency('EUR', rates=[('2026-01-01', 2.0)])
        messages = self._get_new_messages(
            lambda: contract.with_user(self.salesman).write({'currency_id': currency.id}), contract
        )
        self.assertEqual(contract.line_ids.price_unit, 200.0)
        self.assertEqual(messages.tracking_value_ids.field_id.name, 'currency_id')
        self.assertIn('80.00 → 200.00', ' '.join(messages.mapped('body')))

    def test_what_a_milestone_or_period_is_and_that_it_is_reached_is_noted(self):
        def change():
            self.delivery.with_user(self.salesman).is_done = True
            self.line.with_user(self.salesman).align_month = True

        body = ' '.join(self._get_new_messages(change).mapped('body'))
        self.assertIn('Delivery', body)
        self.assertIn('Support', body)

    def test_state_and_conditions_are_tracked(self):
        for values in (
            {'time_ratio': 80.0},
            {'bill_time': True},
            {'bill_costs': True},
            {'cost_markup': 10.0, 'cost_markup_expense': 5.0},
            {'prepaid_quantity': 20.0, 'prepaid_rollover': True},
            {'overage_price': 90.0},
            {'invoice_grouping': 'customer'},
            {'invoice_auto_post': True, 'invoice_auto_send': True},
            {'notice_days': 60, 'term_months': 24},
            {'revision_type': 'percentage', 'revision_percentage': 3.0},
            {'portal_show_hours': True},
            {'revision_base_month': date(2025, 1, 1)},
            {'team_id': self.env['crm.team'].create({'name': 'Other'}).id},
            {'date_end': '2027-12-31'},
            {'state': 'closed'},
        ):
            with self.subTest(values):
                self.assertLessEqual(values.keys(), self._get_tracked(values))

    def test_tracking_tells_old_and_new_and_who(self):
        (message,) = self._get_new_messages(
            lambda: self.contract.with_user(self.salesman).write({'time_ratio': 80.0})
        )
        self.assertEqual(message.author_id, self.salesman.partner_id)
        self.assertRecordValues(
            message.tracking_value_ids, [{'old_value_float': 100.0, 'new_value_float': 80.0}]
        )

    def test_lines_and_rates_that_change_are_one_note(self):
        def change():
            contract = self.contract.with_user(self.salesman)
            contract.write(
                {
                    'line_ids': [
                        Command.update(self.line.id, {'price_unit': 110.125, 'quantity': 3}),
                        Command.update(self.delivery.id, {'date_due': '2026-06-30'}),
                    ],
                    'rate_ids': [Command.update(contract.rate_ids.id, {'price_unit': 65.0})],
                }
            )
            contract.line_ids[0].discount = 5.0

        (note,) = self._get_new_messages(change)
        self.assertEqual(note.author_id, self.salesman.partner_id)
        self.assertEqual(note.subtype_id, self.env.ref('mail.mt_note'), 'customers do not see it')
        for text in (
            'Support: ',
            'Unit Price 100.00 → 110.125',
            'Quantity 1.00 → 3.00',
            'Discount (%) 0.00 → 5.00',
            'Delivery: Due 03/15/2026 → 06/30/2026',
            'Unit Price 60.00 → 65.00',
        ):
            self.assertIn(text, note.body)

    def test_what_is_added_and_what_goes_is_one_note(self):
        def change():
            contract = self.contract.with_user(self.salesman)
            contract.line_ids = [
                Command.create(self.milestone(name='More', price_unit=7.0)),
                Command.delete(self.delivery.id),
            ]
            contract.rate_ids = [Command.delete(contract.rate_ids.id)]

        (note,) = self._get_new_messages(change)
        self.assertEqual(note.author_id, self.salesman.partner_id)
        for text in ('Added: More: ', 'Unit Price 7.00', 'Removed: Delivery: ', 'Price 60.00'):
            self.assertIn(text, note.body)

    def test_no_context_of_a_client_silences_what_was_agreed(self):
        for silence in (
            {'tracking_disable': True},
            {'mail_notrack': True},
            {'tracking_disable': True, 'mail_notrack': True, 'crm_contract_noted': True},
        ):
            contract = self.contract.with_user(self.salesman).with_context(**silence)
            self.line.price_unit = 100.0
            self.contract.time_ratio = 100.0
            self.env.cr.precommit.run()
            with self.subTest(silence):
                messages = self._get_new_messages(
                    lambda contract=contract: contract.write(
                        {
                            'time_ratio': 50.0,
                            'line_ids': [Command.update(self.line.id, {'price_unit': 777.0})],
                        }
                    )
                )
                self.assertIn('777', ''.join(messages.mapped('body')))
                self.assertIn('time_ratio', messages.tracking_value_ids.field_id.mapped('name'))

    def test_terms_and_names_that_change_are_noted(self):
        (note,) = self._get_new_messages(
            lambda: self.contract.with_user(self.salesman).write({'terms': '<p>Other terms</p>'})
        )
        self.assertIn('terms and conditions', note.body)
        self.assertFalse(
            self._get_new_messages(lambda: self.contract.write({'terms': self.contract.terms}))
        )
        (note,) = self._get_new_messages(
            lambda: self.line.with_user(self.salesman).write({'name': 'Hosting'})
        )
        self.assertIn('Support → Hosting', note.body)

    def test_nothing_is_noted_of_what_stays_or_is_taken_back(self):
        def change():
            self.line.price_unit = 120.0
            self.line.write({'price_unit': 100.0, 'sequence': 3})
            self.contract.write({'line_ids': [Command.create(self.milestone(name='More'))]})
            self.contract.line_ids.filtered(lambda line: line.name == 'More').unlink()

        self.assertFalse(self._get_new_messages(change))

    def test_new_contract_tells_nothing_of_its_lines(self):
        contract = self.create_contract()
        contract.line_ids.price_unit = 130.0
        messages = self._get_new_messages(lambda: None, contract)
        self.assertFalse(messages)
        self.assertNotIn('130', ''.join(contract.message_ids.mapped('body')))

    def test_revision_of_prices_has_its_own_note_alone(self):
        self.contract.write({'revision_type': 'percentage', 'revision_percentage': 10.0})
        self.env.cr.precommit.run()
        (note,) = self._get_new_messages(
            lambda: self.contract._apply_price_revisions(
                self.contract._plan_price_revisions({self.contract: self._first_of_april()})
            )
        )
        self.assertIn('Prices revised', note.body)
        self.assertEqual(self.line.price_unit, 110.0)

    def _first_of_april(self):
        return self.contract.date_start.replace(month=4)

    def test_queries_do_not_grow_with_the_contracts(self):
        def measure(size):
            contracts = self.env['crm.contract'].create(
                [self.prepare_contract(self.monthly()) for _number in range(size)]
            )
            self.env.flush_all()
            self.env.cr.precommit.run()
            before = self.env.cr.sql_log_count
            contracts.line_ids.write({'price_unit': 105.0})
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        measure(2)
        self.assertEqual(measure(10), measure(60))

    # === WHO IS TOLD === #

    def test_customer_does_not_follow_the_contract_or_its_invoices(self):
        customer = self.partner_a
        customer.email = 'customer@example.com'
        contract = self.create_contract(state='draft')
        contract.action_confirm()
        self.assertNotIn(customer, contract.message_partner_ids)
        move = contract._bill()
        move.action_post()
        followers = contract.message_follower_ids | move.message_follower_ids
        self.assertNotIn(customer, followers.partner_id)

    # === SEARCHES === #

    def test_suspended_contracts_are_found_while_they_rest(self):
        others = open_end, over = self.create_contract() | self.create_contract()
        open_end.action_suspend('2026-03-01')
        over.action_suspend('2026-02-01', '2026-02-28')
        self.contract.action_suspend('2026-03-01', '2026-03-10')
        ours = [('id', 'in', (others | self.contract).ids)]
        contracts = self.env['crm.contract']
        for value, expected in (
            (True, open_end | self.contract),
            (False, over),
        ):
            found = contracts.search([*ours, ('is_suspended', '=', value)])
            self.assertEqual(found, expected.sorted('code', reverse=True))
            self.assertEqual(found, found.filtered(lambda c, v=value: c.is_suspended == v))
        with freeze_time('2026-03-11'):
            self.assertEqual(contracts.search([*ours, ('is_suspended', '=', True)]), open_end)

    def test_invoices_are_found_by_their_contract(self):
        other = self.create_contract()
        move = self.contract._bill('2026-01-01')
        other_move = other._bill('2026-01-01')
        moves = self.env['account.move']
        plain = moves.create({'move_type': 'out_invoice', 'partner_id': self.partner_a.id})
        ours = [('id', 'in', (move | other_move | plain).ids)]
        for operator, value, expected in (
            ('=', self.contract.id, move),
            ('in', (self.contract | other).ids, move | other_move),
            ('!=', self.contract.id, other_move | plain),
            ('=', False, plain),
            ('!=', False, move | other_move),
        ):
            with self.subTest(operator=operator, value=value):
                found = moves.search([*ours, ('crm_contract_ids', operator, value)])
                self.assertEqual(set(found), set(expected))
        name = self.contract.code
        self.assertEqual(moves.search([*ours, ('crm_contract_ids', 'ilike', name)]), move)
