from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import ContractCase


@tagged('post_install', '-at_install')
class TestContractRenewal(ContractCase):
    def test_renew_opens_the_next_term_and_keeps_the_history(self):
        contract = self.create_running()
        term = contract._renew()
        self.assertEqual(term._name, 'crm.contract.term')
        self.assertEqual(
            self.term_dates(contract), [('2026-01-01', '2026-12-31'), ('2027-01-01', '2027-12-31')]
        )
        self.assertEqual(str(contract.date_end), '2027-12-31')
        self.assertEqual(str(contract.date_notice), '2027-12-01')
        self.assertEqual(contract.state, 'open')

    def test_current_term_is_the_last_one_also_right_after_renewing(self):
        contract = self.create_running()
        self.assertEqual(len(contract.term_ids), 1)
        term = contract._renew()
        self.assertEqual(contract._get_current_terms(), term.sudo())

    def test_renew_until_a_day_with_a_price_increase(self):
        contract = self.create_running()
        term = contract._renew(date_end='2027-06-30', price_increase=3.5)
        self.assertEqual(term.fixed_amount, 1242.0)
        self.assertEqual(contract.fixed_amount, 1242.0)
        self.assertEqual(str(contract.date_end), '2027-06-30')
        first = contract.term_ids.sorted('date_start')[0]
        self.assertEqual(first.fixed_amount, 1200.0)

    def test_first_length_renewal_length_and_notice_are_three_things(self):
        with Form(self.env['crm.contract'].with_user(self.salesman)) as form:
            form.name = 'Three years, then one by one'
            form.partner_id = self.customer
            form.date_start = '2026-01-01'
            form.span_months = 36
            form.fixed_amount = 1000.0
            self.assertEqual(str(form.date_end), '2028-12-31')
            form.term_months = 12
            form.notice_days = 92
        contract = form.save()
        contract.action_confirm()
        self.assertEqual(str(contract.date_notice), '2028-09-30')
        contract._renew()
        self.assertEqual(str(contract.date_end), '2029-12-31')
        self.assertEqual(str(contract.date_notice), '2029-09-30', 'counted from the renewed end')
        contract.span_months = 1
        self.assertEqual(str(contract.date_end), '2029-12-31', 'a running contract keeps its end')

    def test_renewals_stay_anchored_to_the_first_day(self):
        contract = self.create_running(
            date_start='2026-01-31', date_end='2026-02-27', term_months=1
        )
        for _month in range(4):
            contract._renew()
        self.assertEqual(
            [end for _start, end in self.term_dates(contract)],
            ['2026-02-27', '2026-03-30', '2026-04-29', '2026-05-30', '2026-06-29'],
        )

    def test_term_after_one_that_ended_on_an_odd_day_counts_from_its_own_start(self):
        contract = self.create_running(
            date_start='2026-01-31', date_end='2026-02-27', term_months=1
        )
        contract._renew(date_end='2026-03-15')
        contract._renew()
        contract._renew()
        self.assertEqual(
            self.term_dates(contract)[1:],
            [
                ('2026-02-28', '2026-03-15'),
                ('2026-03-16', '2026-04-15'),
                ('2026-04-16', '2026-05-15'),
            ],
        )

    def test_renew_takes_a_to_renew_contract_back_and_drops_its_activity(self):
        contract = self.create_running()
        contract._transition_to('to_renew')
        self.assertEqual(len(self.renewal_activities(contract)), 1)
        contract._renew()
        self.assertEqual(contract.state, 'open')
        self.assertFalse(self.renewal_activities(contract))

    def test_what_does_not_run_cannot_be_renewed(self):
        for state in ('draft', 'closed', 'cancelled'):
            with self.subTest(state=state):
                contract = self.create_contract(state=state)
                with self.assertRaisesRegex(UserError, 'not running'), self.cr.savepoint():
                    contract._renew()
        self.create_contract(state='to_renew')._renew()

    def test_open_ended_contract_has_nothing_to_renew(self):
        contract = self.create_running(date_end=False)
        with self.assertRaisesRegex(UserError, 'no end'):
            contract._renew()

    def test_without_months_the_end_has_to_be_said(self):
        contract = self.create_running(term_months=0)
        with self.assertRaisesRegex(UserError, 'Say until when'), self.cr.savepoint():
            contract._renew()
        contract._renew(date_end='2027-03-31')
        self.assertEqual(str(contract.date_end), '2027-03-31')

    def test_dialogue_proposes_and_renews(self):
        contract = self.create_running()
        action = contract.with_user(self.salesman).action_renew()
        form = Form(
            self.env[action['res_model']].with_user(self.salesman).with_context(**action['context'])
        )
        self.assertEqual(str(form.date_start), '2027-01-01')
        self.assertEqual(str(form.date_end), '2027-12-31')
        form.revision_type = 'percentage'
        form.revision_percentage = 10
        with form.price_ids.edit(0) as price:
            self.assertEqual((price.price_old, price.price_new), (1200.0, 1320.0))
        form.save().action_renew()
        self.assertEqual(contract.fixed_amount, 1320.0)
        self.assertEqual(len(contract.term_ids), 2)

    def test_dialogue_of_a_foreign_contract_is_refused(self):
        contract = self.create_running()
        wizard = self.env['crm.contract.renewal'].create(
            {'contract_id': contract.id, 'date_end': '2027-12-31'}
        )
        with self.assertRaises(UserError), self.cr.savepoint():
            wizard.with_user(self.colleague).action_renew()
        self.assertEqual(len(contract.term_ids), 1)
