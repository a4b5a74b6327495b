from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import ContractCase


@tagged('post_install', '-at_install')
class TestContractAccess(ContractCase):
    def test_salesperson_sees_own_and_unassigned(self):
        own, foreign, free = (
            self.create_running(manager_id=user.id)
            for user in (self.salesman, self.colleague, self.env['res.users'])
        )
        seen = (
            self.env['crm.contract']
            .with_user(self.salesman)
            .search([('id', 'in', (own | foreign | free).ids)])
        )
        self.assertEqual(seen, own | free)
        with self.assertRaises(AccessError):
            foreign.with_user(self.salesman).read(['fixed_amount'])
        with self.assertRaises(AccessError):
            foreign.with_user(self.salesman).action_close()
        with self.assertRaises(AccessError):
            foreign.term_ids.with_user(self.salesman).read(['fixed_amount'])
        self.assertTrue(own.term_ids.with_user(self.salesman).read(['fixed_amount']))
        self.assertEqual(foreign.with_user(self.overseer).fixed_amount, 1200.0)

    def test_salesperson_cannot_give_a_contract_away_and_keep_it(self):
        contract = self.create_contract()
        contract.with_user(self.salesman).manager_id = self.colleague
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            contract.with_user(self.salesman).read(['name'])

    def test_only_administrators_delete_and_keep_templates(self):
        contract = self.create_contract()
        template = self.env['crm.contract.template'].create({'name': 'T'})
        for user in (self.salesman, self.overseer):
            with self.assertRaises(AccessError), self.cr.savepoint():
                contract.with_user(user).unlink()
            with self.assertRaises(AccessError), self.cr.savepoint():
                template.with_user(user).name = 'Mine'
            self.assertEqual(template.with_user(user).name, 'T')
        template.with_user(self.administrator).name = 'Ours'
        contract.with_user(self.administrator).unlink()

    def test_terms_are_written_by_nobody(self):
        contract = self.create_running()
        for user in (self.salesman, self.administrator):
            term = contract.term_ids.with_user(user)
            for refused in (
                lambda term=term: term.write({'fixed_amount': 1}),
                lambda term=term: term.unlink(),
                lambda term=term: term.copy(),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    refused()

    def test_others_see_nothing(self):
        contract = self.create_running()
        employee = new_test_user(self.env, login='contract_employee', groups='base.group_user')
        portal = new_test_user(self.env, login='contract_portal', groups='base.group_portal')
        closed = ['crm.contract.term', 'crm.contract.template', 'crm.contract.renewal']
        for user, models in ((employee, ['crm.contract', *closed]), (portal, closed)):
            for model in models:
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
        self.assertFalse(
            self.env['crm.contract'].with_user(portal).search([]),
            'in the portal customers see their own contracts, others none',
        )
        with self.assertRaises(AccessError):
            self.customer.with_user(employee).read(['crm_contract_count'])
        self.assertTrue(contract.with_user(self.salesman).has_access('read'))

    def test_other_company_is_out_of_sight(self):
        other = self.env['res.company'].create({'name': 'Contract Company B'})
        self.assertEqual(other.crm_contract_plan_id, self.plan)
        contract = self.create_contract(company_id=other.id, manager_id=False)
        for user in (self.salesman, self.administrator):
            contracts = self.env['crm.contract'].with_user(user)
            self.assertFalse(contracts.search([('id', '=', contract.id)]))
            with self.assertRaises(AccessError):
                contract.with_user(user).read(['name'])
        contract.action_confirm()
        self.assertEqual(contract.analytic_account_id.company_id, other)

    def test_customer_of_another_company_is_refused(self):
        other = self.env['res.company'].create({'name': 'Contract Company B'})
        self.contact.write({'parent_id': False, 'company_id': other.id})
        with self.assertRaises(UserError):
            self.create_contract(partner_id=self.contact.id)
        self.create_contract(partner_id=self.customer.id)

    def test_who_invoices_opens_a_contract_and_changes_nothing(self):
        contract = self.create_running(
            line_ids=[(0, 0, {'name': 'Support', 'price_unit': 100.0})],
        )
        contract.action_suspend('2026-08-01', '2026-08-31')
        accountant = new_test_user(
            self.env, login='contract_accountant', groups='account.group_account_invoice'
        )
        form = Form(contract.with_user(accountant))
        self.assertEqual(len(form.term_ids), 1)
        with self.assertRaises(AccessError):
            contract.term_ids.with_user(accountant).fixed_amount = 1.0
        form.name = 'Mine'
        with self.assertRaises(AccessError):
            form.save()

    def test_account_of_a_contract_is_for_who_reads_analytic_items(self):
        contract, other = self.create_running(), self.create_running()
        account = other.analytic_account_id
        for user in (self.salesman, self.administrator):
            mine = contract.with_user(user)
            for refused in (
                lambda mine=mine: mine.write({'analytic_account_id': account.id}),
                lambda mine=mine: mine.create(
                    self.prepare_contract(analytic_account_id=account.id)
                ),
                lambda mine=mine: mine.with_context(default_analytic_account_id=account.id).create(
                    self.prepare_contract()
                ),
            ):
                with self.assertRaises(AccessError):
                    refused()
        draft = self.create_contract().with_user(self.salesman)
        draft.action_confirm()
        self.assertTrue(draft.analytic_account_id, 'confirming makes it with all rights')
        analyst = new_test_user(
            self.env,
            login='contract_analyst',
            groups='sales_team.group_sale_salesman_all_leads,analytic.group_analytic_accounting',
        )
        contract.with_user(analyst).analytic_account_id = account
        self.assertEqual(contract.analytic_account_id, account)
