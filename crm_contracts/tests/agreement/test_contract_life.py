from psycopg2.errors import CheckViolation, ExclusionViolation, UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ...core.states import CONTRACT_TRANSITIONS
from ...models.agreement.crm_contract import STATES
from ..common import ContractCase


@tagged('post_install', '-at_install')
class TestContractLife(ContractCase):
    def test_new_contract_draws_a_number_of_its_company(self):
        other = self.env['res.company'].create({'name': 'Contract Company B'})
        first, second = self.env['crm.contract'].create(
            [self.prepare_contract(), self.prepare_contract()]
        )
        elsewhere = self.create_contract(company_id=other.id, manager_id=False)
        again = self.create_contract(company_id=other.id, manager_id=False)
        self.assertEqual(int(second.code[-4:]), int(first.code[-4:]) + 1)
        self.assertTrue(elsewhere.code.endswith('0001'))
        self.assertTrue(again.code.endswith('0002'))
        self.assertEqual(first.display_name, f'{first.code} Support of the web shop')

    def test_number_is_unique_in_its_company(self):
        contract = self.create_contract(code='OURS-1')
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self.create_contract(code='OURS-1')
        self.assertEqual(contract.code, 'OURS-1')

    def test_confirm_opens_the_first_term_and_the_account(self):
        contract = self.create_contract()
        self.assertFalse(contract.term_ids)
        contract.with_user(self.salesman).action_confirm()
        self.assertEqual(contract.state, 'open')
        self.assertEqual(self.term_dates(contract), [('2026-01-01', '2026-12-31')])
        self.assertEqual(contract.term_ids.fixed_amount, 1200.0)
        self.assertRecordValues(
            contract.analytic_account_id,
            [
                {
                    'name': contract.name,
                    'code': contract.code,
                    'plan_id': self.plan.id,
                    'partner_id': self.customer.id,
                    'company_id': self.env.company.id,
                }
            ],
        )

    def test_actions_answer_what_every_protocol_carries(self):
        contract = self.create_contract()
        self.assertIs(contract.action_confirm(), True)
        self.assertIs(contract.action_close(), True)
        self.assertIs(self.create_contract().action_cancel(), True)

    def test_confirm_keeps_an_account_that_was_given(self):
        account = self.env['account.analytic.account'].create(
            {'name': 'Given', 'plan_id': self.plan.id}
        )
        contract = self.create_running(analytic_account_id=account.id)
        self.assertEqual(contract.analytic_account_id, account)

    def test_confirm_without_plan_says_where_to_choose_it(self):
        self.env.company.crm_contract_plan_id = False
        contract = self.create_contract()
        with self.assertRaisesRegex(UserError, 'no analytic plan'), self.cr.savepoint():
            contract.action_confirm()
        self.env.company.crm_contract_plan_id = self.plan
        contract.action_confirm()
        self.assertTrue(contract.analytic_account_id)

    def test_contract_imported_as_running_is_complete(self):
        contract = self.create_contract(state='open')
        self.assertEqual(self.term_dates(contract), [('2026-01-01', '2026-12-31')])
        self.assertTrue(contract.analytic_account_id)

    def test_only_declared_transitions_are_possible(self):
        for source, _label in STATES:
            for target, _label in STATES:
                if source == target:
                    continue
                with self.subTest(source=source, target=target):
                    contract = self._create_in(source)
                    if target in CONTRACT_TRANSITIONS[source]:
                        contract.write({'state': target})
                        self.assertEqual(contract.state, target)
                        continue
                    with self.assertRaisesRegex(UserError, 'cannot become'), self.cr.savepoint():
                        contract.write({'state': target})
                    self.assertEqual(contract.state, source)

    def _create_in(self, state):
        """Create a contract that came to a state as users bring it there."""
        if state != 'closed':
            return self.create_contract(state=state)
        contract = self.create_running()
        contract.action_close()
        return contract

    def test_writing_the_same_state_does_nothing(self):
        contract = self.create_contract(state='closed')
        contract.write({'state': 'closed'})
        self.assertEqual(contract.state, 'closed')

    @freeze_time('2026-06-15')
    def test_close_keeps_day_and_reason(self):
        contract = self.create_running()
        contract.with_user(self.salesman).action_close(reason='The shop was sold')
        self.assertRecordValues(
            contract, [{'state': 'closed', 'close_reason': 'The shop was sold'}]
        )
        self.assertEqual(str(contract.date_closed), '2026-06-15')
        with self.assertRaises(UserError):
            contract.action_confirm()

    def test_dialogue_asks_why_a_contract_is_closed(self):
        contract = self.create_running()
        dialogue = Form(
            self.env['crm.contract.closing']
            .with_user(self.salesman)
            .with_context(default_contract_ids=contract.ids)
        )
        with self.assertRaises(AssertionError):
            dialogue.save()
        dialogue.reason = 'The shop was sold'
        dialogue.save().action_close()
        self.assertEqual((contract.state, contract.close_reason), ('closed', 'The shop was sold'))
        self.cr.flush()
        tracked = contract.message_ids.tracking_value_ids
        self.assertIn('The shop was sold', tracked.mapped('new_value_text'))

    def test_running_contract_cannot_be_archived(self):
        running, draft = self.create_running(), self.create_contract()
        with self.assertRaisesRegex(ValidationError, 'before you archive'), self.cr.savepoint():
            running.with_user(self.salesman).action_archive()
        draft.with_user(self.salesman).action_archive()
        with self.assertRaisesRegex(ValidationError, 'before you archive'), self.cr.savepoint():
            draft.action_confirm()
        running.action_close()
        running.action_archive()
        self.assertFalse(running.active)

    def test_contract_is_found_by_the_customers_reference(self):
        contract = self.create_contract(customer_ref='PO-4711')
        self.assertIn(contract.id, dict(self.env['crm.contract'].name_search('PO-4711')))
        self.assertFalse(contract.copy().customer_ref)

    def test_cancelled_draft_never_had_a_term(self):
        contract = self.create_contract()
        contract.action_cancel()
        self.assertEqual(contract.state, 'cancelled')
        self.assertFalse(contract.term_ids | contract.term_ids)
        self.assertFalse(contract.analytic_account_id)

    def test_signed_contract_cannot_be_deleted(self):
        running, draft = self.create_running(), self.create_contract()
        with self.assertRaisesRegex(UserError, 'Close or cancel'):
            (running | draft).unlink()
        draft.with_user(self.administrator).unlink()
        self.assertFalse(draft.exists())

    def test_dates_and_amount_of_a_running_contract_move_its_terms(self):
        contract = self.create_running()
        contract._renew()
        contract.write(
            {'date_start': '2025-12-01', 'date_end': '2027-11-30', 'fixed_amount': 1500.0}
        )
        self.assertEqual(
            self.term_dates(contract), [('2025-12-01', '2026-12-31'), ('2027-01-01', '2027-11-30')]
        )
        self.assertEqual(
            contract.term_ids.sorted('date_start').mapped('fixed_amount'), [1200.0, 1500.0]
        )

    def test_end_before_start_is_refused(self):
        with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self.create_contract(date_end='2025-12-31')
        self.create_contract(date_end='2026-01-01')

    def test_overlapping_terms_are_refused_by_the_database(self):
        contract, other = self.create_running(), self.create_running()
        terms = self.env['crm.contract.term']
        overlap = {'contract_id': contract.id, 'date_start': '2026-12-31', 'date_end': '2027-12-31'}
        with self.assertRaises(ExclusionViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            terms.create(overlap)
        terms.create(dict(overlap, date_start='2027-01-01'))
        self.assertEqual(len(contract.term_ids), 2)
        self.assertEqual(len(other.term_ids), 1, 'another contract may have the same dates')

    def test_tacit_renewal_needs_months(self):
        with self.assertRaises(ValidationError):
            self.create_contract(renewal_type='tacit', term_months=0)
        self.create_contract(renewal_type='manual', term_months=0)

    def test_copy_starts_a_new_life(self):
        contract = self.create_running()
        copy = contract.copy()
        self.assertRecordValues(
            copy,
            [
                {
                    'name': 'Support of the web shop (copy)',
                    'state': 'draft',
                    'analytic_account_id': False,
                    'term_ids': [],
                    'fixed_amount': 1200.0,
                }
            ],
        )
        self.assertNotEqual(copy.code, contract.code)

    def test_form_proposes_manager_company_and_currency(self):
        with Form(self.env['crm.contract'].with_user(self.salesman)) as form:
            form.name = 'New'
            form.partner_id = self.customer
            contract = form.save()
        self.assertRecordValues(
            contract,
            [
                {
                    'manager_id': self.salesman.id,
                    'company_id': self.env.company.id,
                    'currency_id': self.env.company.currency_id.id,
                    'state': 'draft',
                    'renewal_type': 'manual',
                    'term_months': 12,
                    'notice_days': 30,
                }
            ],
        )

    def test_team_follows_the_manager(self):
        team = self.env['crm.team'].create(
            {'name': 'Contracts North', 'sequence': -10, 'member_ids': [(6, 0, self.salesman.ids)]}
        )
        contract = self.create_contract()
        self.assertEqual(contract.team_id, team)
        contract.manager_id = False
        self.assertEqual(contract.team_id, team)
