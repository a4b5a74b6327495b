from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractToBill(ItemCase):
    """What waits to be billed is found, and is not put away."""

    def _find(self, user, contract=None):
        return (
            self.env['crm.contract']
            .with_user(user)
            .search([('id', 'in', (contract or self.contract).ids), ('is_to_bill', '=', True)])
        )

    def test_hours_alone_bring_a_contract_there_when_their_month_is_over(self):
        self.book(self.ada, 8)
        self.assertFalse(self._find(self.salesman), 'the month is not over')
        with freeze_time('2026-04-01'):
            self.assertEqual(self._find(self.salesman), self.contract)
            self.assertTrue(self.contract.with_user(self.salesman).is_to_bill)
            self.assertFalse(self._find(self.colleague), 'it is the contract of another')
            self.contract._bill()
            self.contract.invalidate_recordset()
            self.assertFalse(self._find(self.salesman))

    def test_costs_bring_a_contract_there_and_what_is_never_billed_does_not(self):
        item = self.spend_without_entry(40.0)
        with freeze_time('2026-04-01'):
            self.assertEqual(self._find(self.salesman), self.contract)
            item.crm_contract_non_billable = True
            self.assertFalse(self._find(self.salesman))

    def test_menu_and_filter_show_what_the_scheduled_billing_takes_and_what_failed(self):
        due = self.create_contract()
        draft = self.create_contract(state='draft')
        contracts = due | draft | self.contract
        self.assertEqual(self._find(self.salesman, contracts), due)
        due.sudo().billing_error = 'There is no account'
        self.assertEqual(self._find(self.salesman, contracts), due)
        scheduled = self.env['crm.contract']._get_billing_due_domain()
        self.assertFalse(contracts.filtered_domain(scheduled))
        action = self.env.ref('crm_contracts.crm_contract_action_to_bill')
        self.assertEqual(action.domain, "[('is_to_bill', '=', True)]")

    def test_queries_do_not_grow_with_the_contracts(self):
        def measure(size):
            contracts = self.env['crm.contract'].create(
                [self.prepare_contract(bill_time=True) for _number in range(size)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._find(self.salesman, contracts)
            contracts.mapped('is_to_bill')
            return self.env.cr.sql_log_count - before

        measure(2)
        few, many = measure(10), measure(100)
        self.assertLessEqual(many - few, 2)

    # === ARCHIVING === #

    def test_closed_contract_is_archived_when_everything_is_billed(self):
        self.contract.line_ids.unlink()
        self.book(self.ada, 8)
        self.contract.action_close()
        with self.assertRaisesRegex(ValidationError, 'Not everything'):
            self.contract.action_archive()
        self.contract.active = True
        self.contract._bill()
        self.contract.action_archive()
        self.assertFalse(self.contract.active)

    def test_period_that_is_due_later_keeps_a_closed_contract_from_the_archive(self):
        contract = self.create_contract(self.monthly(timing='arrears', date_start='2026-03-31'))
        contract.action_close()
        self.assertEqual(str(contract.next_billing_date), '2026-04-01')
        with self.assertRaisesRegex(ValidationError, 'Not everything'), self.cr.savepoint():
            contract.action_archive()
        with freeze_time('2026-04-01'):
            contract._bill()
        contract.action_archive()

    def test_refunds_on_a_closed_contract_are_settled_before_it_is_archived(self):
        self.contract.line_ids.unlink()
        refund = self.spend(300.0, 'in_refund')
        self.contract.action_close()
        with self.assertRaisesRegex(ValidationError, 'Not everything'), self.cr.savepoint():
            self.contract.action_archive()
        refund.invoice_line_ids.analytic_line_ids.crm_contract_non_billable = True
        self.contract.action_archive()
        self.assertFalse(self.contract.active)

    def test_queries_of_archiving_do_not_grow_with_the_contracts(self):
        def measure(size):
            contracts = self.env['crm.contract'].create(
                [self.prepare_contract(bill_time=True, state='closed') for _number in range(size)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contracts._get_unbilled()
            return self.env.cr.sql_log_count - before

        measure(2)
        few, many = measure(10), measure(100)
        self.assertLessEqual(many - few, 2)

    # === ANALYTIC ITEMS === #

    def test_list_of_analytic_items_says_what_was_billed_and_what_never_is(self):
        item = self.spend_without_entry(40.0)
        items = self.env['account.analytic.line'].with_user(self.accountant)
        view = items.get_view(self.env.ref('analytic.view_account_analytic_line_tree').id, 'list')
        for name in ('crm_contract_non_billable', 'crm_contract_billing_id'):
            self.assertIn(f'name="{name}"', view['arch'])
        search = items.get_view(
            self.env.ref('crm_contracts.account_analytic_line_view_search').id, 'search'
        )
        self.assertIn('name="crm_contract_billed"', search['arch'])
        common = items.get_view(
            self.env.ref('analytic.view_account_analytic_line_filter').id, 'search'
        )
        self.assertNotIn('crm_contract', common['arch'], 'reports on other models inherit it')
        billed = [('id', '=', item.id), ('crm_contract_billing_id.state', '=', 'invoiced')]
        self.assertFalse(items.search(billed))
        self.contract._bill()
        self.assertEqual(items.search(billed).id, item.id)
