from datetime import date

from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractSuspension(BillingCase):
    def _bill_starts(self, contract, until):
        contract._bill(until)
        return [start[5:] for start, _end, _amount in self.periods(contract)]

    def test_period_inside_is_not_charged_and_cut_ones_in_full(self):
        contract = self.create_contract()
        contract.with_user(self.salesman).action_suspend('2026-03-15', '2026-05-10')
        self.assertEqual(
            self._bill_starts(contract, '2026-06-30'), ['01-01', '02-01', '03-01', '05-01', '06-01']
        )
        self.assertEqual({amount for *_dates, amount in self.periods(contract)}, {100.0})

    def test_cut_periods_are_charged_by_their_days_with_proration(self):
        contract = self.create_contract(self.monthly(prorate=True, date_start='2026-03-01'))
        contract.action_suspend('2026-03-11', '2026-05-10')
        contract._bill('2026-06-01')
        self.assertEqual(
            self.periods(contract),
            [
                ('2026-03-01', '2026-03-11', 32.26),
                ('2026-05-11', '2026-06-01', 67.74),
                ('2026-06-01', '2026-07-01', 100.0),
            ],
        )

    def test_suspension_inside_a_period_leaves_what_is_before_and_after(self):
        contract = self.create_contract(self.monthly(prorate=True, timing='arrears'))
        contract.action_suspend('2026-02-08', '2026-02-14')
        contract._bill('2026-03-01')
        self.assertEqual(
            self.periods(contract),
            [
                ('2026-01-01', '2026-02-01', 100.0),
                ('2026-02-01', '2026-02-08', 25.0),
                ('2026-02-15', '2026-03-01', 50.0),
            ],
        )

    def test_open_suspension_stops_what_recurs_until_it_is_resumed(self):
        contract = self.create_contract(self.monthly(date_start='2026-01-31'))
        contract.action_suspend('2026-03-31')
        self.assertEqual(self._bill_starts(contract, '2026-09-30'), ['01-31', '02-28'])
        self.assertFalse(contract.next_billing_date)
        with freeze_time('2026-10-15'):
            contract.action_resume('2026-06-30')
            self.assertEqual(str(contract.suspension_ids.date_to), '2026-06-29')
            self.assertEqual(str(contract.next_billing_date), '2026-06-30')
        self.assertEqual(
            self._bill_starts(contract, '2026-08-31'), ['01-31', '02-28', '06-30', '07-31', '08-31']
        )

    def test_suspension_across_the_years_end(self):
        contract = self.create_contract(date_end='2027-12-31')
        contract.action_suspend('2026-11-20', '2027-02-10')
        starts = [start for start, _end, _amount in self._billed(contract, '2027-03-31')]
        self.assertEqual(starts[9:], ['2026-10-01', '2026-11-01', '2027-02-01', '2027-03-01'])

    def _billed(self, contract, until):
        contract._bill(until)
        return self.periods(contract)

    def test_resuming_on_the_day_it_began_takes_the_suspension_back(self):
        contract = self.create_contract()
        contract.action_suspend('2026-03-10')
        self.assertTrue(contract.is_suspended)
        contract.with_user(self.salesman).action_resume()
        self.assertFalse(contract.is_suspended)
        self.assertFalse(contract.suspension_ids)
        self.assertEqual(self._bill_starts(contract, '2026-04-01')[-1], '04-01')

    def test_milestone_waits_for_the_end_of_the_suspension_unless_it_is_reached(self):
        contract = self.create_contract(self.milestone(), self.milestone(name='Second'))
        first, second = contract.line_ids.sorted('id')
        contract.action_suspend('2026-03-01', '2026-03-20')
        self.assertEqual(str(first.next_due_date), '2026-03-21')
        self.assertFalse(contract._bill('2026-03-20'))
        second.is_done = True
        move = contract._bill('2026-03-20')
        self.assertEqual(move.invoice_line_ids.name, 'Second\nOn 03/15/2026')
        move = contract._bill('2026-03-21')
        self.assertEqual(move.invoice_line_ids.name, 'Delivery\nOn 03/15/2026')

    def test_hours_booked_while_suspended_are_billed(self):
        hour = self.env.ref('uom.product_uom_hour')
        rate = {'product_id': self.support.id, 'product_uom_id': hour.id, 'price_unit': 60.0}
        contract = self.create_contract(bill_time=True, rate_ids=[Command.create(rate)])
        contract.action_suspend('2026-01-01')
        column = contract.analytic_account_id.root_plan_id._column_name()
        sudo = self.env(su=True)
        project = sudo['project.project'].create(
            {'name': 'Web shop', column: contract.analytic_account_id.id}
        )
        sudo['account.analytic.line'].create(
            {
                'name': 'Emergency',
                'project_id': project.id,
                'employee_id': sudo['hr.employee'].create({'name': 'Ada'}).id,
                'unit_amount': 2.0,
                'date': '2026-02-02',
            }
        )
        self.assertEqual(contract._bill('2026-02-28').amount_untaxed, 120.0)

    def test_days_that_are_invoiced_already_are_named_and_stay(self):
        contract = self.create_contract()
        january, february = (contract._bill(f'2026-0{month}-01') for month in (1, 2))
        self.assertIs(contract.action_suspend('2026-04-01', '2026-04-02'), True)
        notice = contract.with_user(self.salesman).action_suspend('2026-01-10', '2026-03-05')
        self.assertIn(february.display_name, notice['params']['message'])
        note = contract.message_ids.sorted('id')[-1]
        self.assertEqual(note.author_id, self.salesman.partner_id)
        self.assertIn(f'data-oe-id="{february.id}"', note.body)
        self.assertNotIn(f'data-oe-id="{january.id}"', note.body, 'a cut period is due in full')
        february.action_post()
        self.credit(february)
        self.assertEqual(self._bill_starts(contract, '2026-03-01'), ['01-01', '03-01'])

    def test_suspended_contract_earns_nothing_and_is_found(self):
        contract, other = self.create_contract(), self.create_contract()
        contract.action_suspend('2026-03-10', '2026-03-10')
        contracts = contract | other
        self.assertEqual(contracts.mapped('mrr'), [0.0, 100.0])
        found = contracts.search([('id', 'in', contracts.ids), ('is_suspended', '=', True)])
        self.assertEqual(found, contract)
        with freeze_time('2026-03-11'):
            contracts.invalidate_recordset()
            self.assertEqual(contract.mrr, 100.0, 'the last day is included')
            self.assertEqual(contracts.search([('id', 'in', contracts.ids)]), other | contract)

    def test_end_stays_and_no_tacit_renewal_happens_meanwhile(self):
        contract = self.create_contract(
            date_end='2026-03-05', renewal_type='tacit', term_months=12, notice_days=0
        )
        contract.action_suspend('2026-03-01')
        contract._check_renewals()
        self.assertEqual((contract.state, str(contract.date_end)), ('to_renew', '2026-03-05'))
        contract.action_resume()
        contract._check_renewals()
        self.assertEqual((contract.state, str(contract.date_end)), ('open', '2027-03-05'))

    def test_refusals_say_why(self):
        running = self.create_contract()
        running.action_suspend('2026-04-01', '2026-04-30')
        for state in ('draft', 'closed', 'cancelled'):
            contract = self.create_contract(state=state)
            with self.assertRaisesRegex(UserError, 'not running'), self.cr.savepoint():
                contract.action_suspend('2026-05-01')
        for dates in [('2026-05-02', '2026-05-01'), (False, '2026-05-01')]:
            with self.assertRaisesRegex(UserError, 'first day'), self.cr.savepoint():
                running.action_suspend(*dates)
        for dates in [
            ('2026-04-30', '2026-05-01'),
            ('2026-03-01', '2026-04-01'),
            ('2026-04-10', '2026-04-11'),
            ('2026-03-01', None),
        ]:
            with self.assertRaisesRegex(UserError, 'already'), self.cr.savepoint():
                running.action_suspend(*dates)
        with self.assertRaisesRegex(UserError, 'not suspended on'), self.cr.savepoint():
            running.action_resume()
        running.action_suspend('2026-05-01', '2026-05-01')
        self.assertEqual(len(running.suspension_ids), 2)

    def test_nonsense_is_refused_by_the_database(self):
        contract = self.create_contract()
        contract.action_suspend('2026-04-01', '2026-04-30')
        for dates, error in [
            (('2026-05-02', '2026-05-01'), CheckViolation),
            (('2026-04-30', False), ExclusionViolation),
        ]:
            with self.assertRaises(error), mute_logger('odoo.sql_db'), self.cr.savepoint():
                self.env['crm.contract.suspension'].sudo().create(
                    {'contract_id': contract.id, 'date_from': dates[0], 'date_to': dates[1]}
                )

    def test_only_who_may_change_the_contract_suspends_it(self):
        contract = self.create_contract()
        with self.assertRaises(AccessError):
            contract.with_user(self.colleague).action_suspend('2026-04-01')
        with self.assertRaises(AccessError):
            contract.with_user(self.accountant).action_suspend('2026-04-01')
        contract.with_user(self.salesman).action_suspend('2026-04-01')
        suspension = contract.suspension_ids
        with self.assertRaises(AccessError):
            suspension.with_user(self.colleague).read(['date_from'])
        for user in (self.salesman, self.administrator):
            with self.assertRaises(AccessError):
                suspension.with_user(user).write({'date_to': '2026-04-02'})
            with self.assertRaises(AccessError):
                suspension.with_user(user).unlink()
        self.assertTrue(suspension.with_user(self.accountant).read(['date_from']))
        portal = new_test_user(self.env, login='suspension_portal', groups='base.group_portal')
        with self.assertRaises(AccessError):
            suspension.with_user(portal).search([])
        other = self.env['res.company'].create({'name': 'Contract Company B'})
        foreign = self.env['crm.contract'].create(
            {**self.prepare_contract(), 'company_id': other.id, 'manager_id': False}
        )
        foreign.sudo().action_suspend('2026-04-01')
        self.assertFalse(suspension.with_user(self.administrator).search([]) - suspension)

    def test_dialogue_suspends_and_resumes(self):
        contract = self.create_contract()
        dialogue = self.env['crm.contract.suspending'].with_user(self.salesman)
        form = Form(dialogue.with_context(default_contract_ids=contract.ids))
        form.save().action_apply()
        self.assertTrue(contract.is_suspended)
        form = Form(
            dialogue.with_context(default_contract_ids=contract.ids, default_is_resuming=True)
        )
        form.date_resume = '2026-03-20'
        form.save().action_apply()
        self.assertEqual(str(contract.suspension_ids.date_to), '2026-03-19')

    def test_suspension_that_is_still_to_come_is_taken_back_in_the_dialogue(self):
        contract = self.create_contract()
        self.assertFalse(contract.is_resumable)
        contract.action_suspend('2026-02-01', '2026-02-28')
        self.assertFalse(contract.is_resumable, 'it is over')
        contract.action_suspend('2026-05-01')
        self.assertTrue(contract.is_resumable)
        self.assertFalse(contract.is_suspended)
        dialogue = self.env['crm.contract.suspending'].with_user(self.salesman)
        form = Form(
            dialogue.with_context(default_contract_ids=contract.ids, default_is_resuming=True)
        )
        self.assertEqual(form.date_resume, date(2026, 5, 1))
        form.date_resume = '2026-04-30'
        with self.assertRaisesRegex(UserError, 'not suspended on'):
            form.save().action_apply()
        form.date_resume = '2026-05-01'
        form.save().action_apply()
        self.assertEqual(str(contract.suspension_ids.date_to), '2026-02-28')
        self.assertFalse(contract.is_resumable)

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
                [self.prepare_contract() for _number in range(size)]
            )
            return [
                self._count_queries(lambda: contracts.action_suspend('2026-03-01')),
                self._count_queries(lambda: contracts._preview_billing()),
                self._count_queries(lambda: contracts.mapped('mrr')),
                self._count_queries(lambda: contracts.action_resume()),
            ]

        measure(2)
        for few, many in zip(measure(10), measure(100), strict=True):
            self.assertLessEqual(many - few, 2)
