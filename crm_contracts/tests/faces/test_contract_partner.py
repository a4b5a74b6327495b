from odoo.tests import tagged

from ..common import ContractCase


@tagged('post_install', '-at_install')
class TestContractPartner(ContractCase):
    def test_card_counts_the_contracts_of_the_whole_hierarchy(self):
        self.create_contract()
        self.create_contract(partner_id=self.contact.id).action_archive()
        self.create_contract(manager_id=self.colleague.id)
        self.assertEqual(self.customer.with_user(self.salesman).crm_contract_count, 2)
        self.assertEqual(self.contact.with_user(self.salesman).crm_contract_count, 1)
        self.env.invalidate_all()
        self.assertEqual(self.customer.with_user(self.overseer).crm_contract_count, 3)

    def test_button_opens_exactly_what_it_counts(self):
        self.create_contract()
        self.create_contract(partner_id=self.contact.id).action_archive()
        self.create_contract(state='cancelled')
        customer = self.customer.with_user(self.salesman)
        action = customer.action_view_crm_contracts()
        opened = (
            self.env[action['res_model']]
            .with_user(self.salesman)
            .with_context(**action['context'])
            .search(action['domain'])
        )
        self.assertEqual(len(opened), customer.crm_contract_count)
        self.assertEqual(len(opened), 3)
        self.assertFalse([key for key in action['context'] if key.startswith('search_default')])

    def test_kanban_statistics_show_the_contracts(self):
        self.create_contract()
        statistics = self.customer.with_user(self.salesman).application_statistics
        self.assertIn('Contracts', [entry['label'] for entry in statistics])

    def test_merged_customers_bring_their_contracts(self):
        twin = self.env['res.partner'].create({'name': 'Bodegas Arlanza SL'})
        contract = self.create_contract(partner_id=twin.id)
        self.env['base.partner.merge.automatic.wizard']._merge(
            (twin | self.customer).ids, self.customer
        )
        self.assertEqual(contract.partner_id, self.customer)
