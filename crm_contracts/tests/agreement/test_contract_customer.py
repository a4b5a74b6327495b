from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ..faces.portal_common import ContractPortalCase

UNTIL = Date.to_date('2026-01-31')


@tagged('post_install', '-at_install')
class TestContractCustomer(ContractPortalCase):
    """Whose contract it is: the company's of its time, and once billed nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague_of_hers = cls.env['res.partner'].create(
            {'name': 'Marta Arlanza', 'parent_id': cls.customer.id}
        )
        cls.other = cls.env['res.partner'].create({'name': 'Bodegas Duero', 'is_company': True})
        cls.hers = cls.create_running(
            partner_id=cls.contact.id,
            line_ids=[(0, 0, {'name': 'Support', 'price_unit': 100.0})],
        )

    def leave(self):
        self.contact.parent_id = self.other
        self.env.flush_all()
        self.env.invalidate_all()

    # === THE COMPANY OF ITS TIME === #

    def test_contract_stays_when_its_contact_leaves(self):
        self.assertTrue(self.hers.with_user(self.lucia).has_access('read'))
        self.leave()
        self.assertEqual(self.hers.commercial_partner_id, self.customer)
        partners = self.customer | self.other | self.contact
        self.assertEqual(partners.mapped('crm_contract_count'), [3, 0, 1])
        self.assertFalse(self.hers._is_open_to(self.lucia))
        with self.assertRaises(AccessError):
            self.hers.with_user(self.lucia).read(['name'])

    def test_who_joins_a_company_reads_what_was_agreed_with_her_alone(self):
        self.contact.parent_id = False
        own = self.create_running(partner_id=self.contact.id)
        self.leave()
        self.assertTrue(own.with_user(self.lucia).has_access('read'))
        self.assertTrue(own._is_open_to(self.lucia))
        self.enter(self.lucia)
        self.assertEqual(self.page(own).status_code, 200)
        self.assertIn(own.code, self.get('/my/crm-contracts').text)

    def test_case_of_a_contact_who_left_keeps_its_contract(self):
        ticket = self.env['service.ticket'].create(
            {'name': 'x', 'partner_id': self.contact.id, 'contract_id': self.hers.id}
        )
        self.leave()
        ticket.priority = '3'
        self.assertEqual(ticket.contract_id, self.hers)
        self.assertTrue(ticket._is_contract_fitting())

    def test_nothing_is_billed_to_another_company(self):
        self.leave()
        self.assertFalse(self.hers._bill(UNTIL))
        held = {entry['held'] for entry in self.hers._preview_billing(UNTIL)}
        self.assertEqual(len(held), 1)
        self.assertIn('Bodegas Duero', held.pop())
        self.hers.partner_id = self.colleague_of_hers
        self.assertEqual(self.hers._bill(UNTIL).commercial_partner_id, self.customer)

    # === BILLED === #

    def test_billed_contract_keeps_its_customer(self):
        for contract in (self.contract, self.hers):
            contract._bill(UNTIL)
            with self.assertRaisesRegex(UserError, 'Close it and make another one'):
                contract.with_user(self.administrator).partner_id = self.other
            with self.assertRaisesRegex(UserError, 'Bodegas Arlanza'):
                contract.with_user(self.administrator).partner_id = self.rival.partner_id

    def test_billed_contract_may_get_another_contact_of_its_customer(self):
        self.hers._bill(UNTIL)
        for contact in (self.colleague_of_hers, self.customer, self.contact):
            self.hers.with_user(self.salesman).partner_id = contact
            self.assertEqual(self.hers.commercial_partner_id, self.customer)

    def test_same_customer_said_again_is_no_other_customer(self):
        self.hers._bill(UNTIL)
        self.leave()
        for contract in (self.hers, self.hers.copy({'partner_id': self.customer.id})):
            values = {'partner_id': contract.partner_id.id, 'name': 'Again'}
            contract.with_user(self.salesman).write(values)
            self.assertEqual(contract.name, 'Again')
            self.assertEqual(contract.commercial_partner_id, self.customer)

    def test_contract_that_was_not_billed_may_get_another_customer(self):
        self.hers.with_user(self.salesman).partner_id = self.other
        self.assertEqual(self.hers.commercial_partner_id, self.other)

    # === CONTACTS THAT TURN OUT TO BE ONE === #

    def test_merged_companies_have_the_contracts_of_both(self):
        self.hers._bill(UNTIL)
        wizard = self.env['base.partner.merge.automatic.wizard'].create({})
        self.contact.parent_id = False
        self.colleague_of_hers.parent_id = False
        wizard._merge((self.customer | self.other).ids, self.other)
        self.env.invalidate_all()
        self.assertEqual(self.hers.commercial_partner_id, self.other)
        self.assertEqual(self.contract.partner_id, self.other)
        self.assertEqual(self.contract.commercial_partner_id, self.other)

    # === MIGRATION === #

    def test_migration_brings_the_rule_of_the_portal_up_to_date(self):
        rule = self.env.ref('crm_contracts.crm_contract_rule_portal')
        now = rule.domain_force
        path = file_path('crm_contracts/migrations/19.0.1.1.0/post-portal-rule.py')
        script = load_script(path, 'post-portal-rule')
        rule.domain_force = now.replace(script.NEW, script.OLD)
        self.assertNotEqual(rule.domain_force, now)
        script.migrate(self.env.cr, '19.0.1.0.0')
        self.assertEqual(rule.domain_force, now)
