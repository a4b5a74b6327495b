from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-01-10')
class TestContractPayment(BillingCase):
    """Who pays a contract and how stands on it, and on its invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.holding = cls.env['res.partner'].create({'name': 'Holding', 'is_company': True})
        cls.quarter = cls.env['account.payment.term'].create({'name': 'By quarter'})
        cls.journal = cls.company_data['default_journal_sale'].copy({'code': 'CTR'})
        cls.bank = cls.env['res.partner.bank'].create(
            {'acc_number': 'ES4', 'partner_id': cls.env.company.partner_id.id}
        )
        cls.method = cls.inbound_payment_method_line
        cls.position = cls.env['account.fiscal.position'].create({'name': 'Abroad'})

    def get_payment(self, **values):
        return {
            'invoice_partner_id': self.holding.id,
            'payment_term_id': self.quarter.id,
            'preferred_payment_method_line_id': self.method.id,
            'journal_id': self.journal.id,
            'fiscal_position_id': self.position.id,
            'partner_bank_id': self.bank.id,
            'invoice_user_id': self.colleague.id,
            **values,
        }

    # === WHAT IS PROPOSED === #

    def test_customer_proposes_how_it_pays(self):
        address = self.env['res.partner'].create(
            {'name': 'Books', 'type': 'invoice', 'parent_id': self.partner_a.id}
        )
        self.partner_a.property_payment_term_id = self.quarter
        self.partner_a.property_inbound_payment_method_line_id = self.method
        self.partner_a.property_account_position_id = self.position
        self.assertRecordValues(
            self.create_contract(),
            [
                {
                    'invoice_partner_id': address.id,
                    'payment_term_id': self.quarter.id,
                    'preferred_payment_method_line_id': self.method.id,
                    'fiscal_position_id': self.position.id,
                    'journal_id': False,
                    'partner_bank_id': False,
                    'invoice_user_id': self.salesman.id,
                }
            ],
        )

    def test_payer_proposes_how_it_pays_instead_of_the_customer(self):
        contract = self.create_contract()
        self.holding.property_payment_term_id = self.quarter
        contract.invoice_partner_id = self.holding
        self.assertEqual(contract.payment_term_id, self.quarter)

    def test_what_was_agreed_stays_when_the_customer_changes_its_ways(self):
        contract = self.create_contract(payment_term_id=self.quarter.id)
        self.partner_a.property_payment_term_id = self.env['account.payment.term'].create(
            {'name': 'Later'}
        )
        self.assertEqual(contract.payment_term_id, self.quarter)

    def test_fiscal_position_follows_the_address(self):
        contract = self.create_contract()
        self.assertFalse(contract.fiscal_position_id)
        self.partner_a.property_account_position_id = self.position
        self.assertEqual(contract.fiscal_position_id, self.position)

    def test_address_that_changes_no_position_changes_nothing_that_was_chosen(self):
        tax = self.company_data['default_tax_sale']
        typed = self.create_contract(fiscal_position_id=self.position.id)
        taxed = self.create_contract()
        taxed.line_ids.tax_ids = tax
        taxed.cost_tax_ids = tax
        self.partner_a.write({'zip': '28001', 'vat': 'ES12345674'})
        self.env.flush_all()
        self.assertEqual(typed.fiscal_position_id, self.position)
        self.assertEqual((taxed.line_ids.tax_ids, taxed.cost_tax_ids), (tax, tax))

    def test_template_proposes_how_to_pay_and_nothing_typed_is_lost(self):
        template = self.env['crm.contract.template'].create(
            {'name': 'Support', 'payment_term_id': self.quarter.id, 'journal_id': self.journal.id}
        )
        with Form(self.env['crm.contract']) as form:
            form.partner_id = self.partner_a
            form.template_id = template
            form.name = 'Support'
        self.assertEqual(form.record.payment_term_id, self.quarter)
        self.assertEqual(form.record.journal_id, self.journal)

    # === ON THE INVOICE === #

    def test_invoice_is_as_the_contract_says(self):
        move = self.create_contract(**self.get_payment())._bill()
        self.assertRecordValues(
            move,
            [
                {
                    'partner_id': self.holding.id,
                    'partner_shipping_id': self.partner_a.id,
                    'invoice_payment_term_id': self.quarter.id,
                    'preferred_payment_method_line_id': self.method.id,
                    'journal_id': self.journal.id,
                    'fiscal_position_id': self.position.id,
                    'partner_bank_id': self.bank.id,
                    'invoice_user_id': self.colleague.id,
                }
            ],
        )

    def test_what_is_left_empty_is_as_the_payer_does_by_then(self):
        contract = self.create_contract(payment_term_id=False)
        self.partner_a.property_payment_term_id = self.quarter
        self.assertEqual(contract._bill().invoice_payment_term_id, self.quarter)

    def test_invoice_to_another_payer_counts_for_the_contract_and_its_customer(self):
        contract = self.create_contract(invoice_partner_id=self.holding.id, invoice_auto_post=True)
        move = contract._bill()
        self.assertEqual(move.commercial_partner_id, self.holding)
        self.assertEqual((contract.amount_invoiced, contract.revenue), (100.0, 100.0))
        self.assertEqual(contract.commercial_partner_id, self.partner_a)
        self.assertFalse(contract._bill())

    def test_address_of_the_customer_that_is_gone_gives_way_to_that_of_today(self):
        address = self.env['res.partner'].create(
            {'name': 'Books', 'type': 'invoice', 'parent_id': self.partner_a.id}
        )
        contract = self.create_contract()
        address.active = False
        self.assertEqual(contract._bill().partner_id, self.partner_a)

    def test_only_contracts_that_agree_in_all_of_it_share_an_invoice(self):
        values = self.get_payment()
        values.pop('invoice_user_id')
        same = [self.create_contract(invoice_grouping='customer', **values) for _one in range(2)]
        others = [
            self.create_contract(invoice_grouping='customer', **{**values, name: False})
            for name in values
            if name != 'invoice_partner_id'
        ]
        others.append(
            self.create_contract(
                invoice_grouping='customer', **{**values, 'invoice_partner_id': self.partner_b.id}
            )
        )
        moves = self.env['crm.contract'].concat(*same, *others)._bill()
        self.assertEqual(len(moves), 1 + len(others))
        shared = moves.filtered(lambda move: len(move.crm_contract_ids) == 2)
        self.assertEqual(shared.crm_contract_ids, same[0] | same[1])

    def test_five_lines_add_a_mandate(self):
        """What another addon has to do for the mandates of its direct debits."""
        owner = type(self.env['crm.contract'])
        original = owner._get_payment_fields
        self.patch(
            owner,
            '_get_payment_fields',
            lambda contracts: {**original(contracts), 'customer_ref': 'payment_reference'},
        )
        first, second = (
            self.create_contract(invoice_grouping='customer', customer_ref=ref)
            for ref in ('MANDATE-1', 'MANDATE-2')
        )
        moves = (first | second)._bill()
        self.assertEqual(moves.mapped('payment_reference'), ['MANDATE-1', 'MANDATE-2'])

    # === GUARDS === #

    def test_payment_of_another_company_is_refused(self):
        other = self.setup_other_company(name='Payment Company B')
        for values in (
            {'journal_id': other['default_journal_sale'].id},
            {
                'preferred_payment_method_line_id': other['default_journal_bank']
                .inbound_payment_method_line_ids[0]
                .id
            },
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self.create_contract(**values)

    def test_salesperson_agrees_on_it_and_it_is_tracked(self):
        contract = self.create_contract()
        self.env.cr.precommit.run()
        contract.with_user(self.salesman).write(self.get_payment())
        self.env.cr.precommit.run()
        contract.invalidate_recordset(['message_ids'])
        tracked = contract.message_ids.sudo().tracking_value_ids.field_id.mapped('name')
        self.assertGreaterEqual(set(tracked), self.get_payment().keys())

    def test_payer_does_not_open_the_contract(self):
        portal = self.env['res.users'].create(
            {
                'name': 'Holding clerk',
                'login': 'holding_clerk',
                'partner_id': self.env['res.partner']
                .create({'name': 'Clerk', 'parent_id': self.holding.id})
                .id,
                'group_ids': [Command.set(self.env.ref('base.group_portal').ids)],
            }
        )
        contract = self.create_contract(invoice_partner_id=self.holding.id)
        self.assertFalse(contract.with_user(portal).has_access('read'))
        self.assertFalse(contract._is_open_to(portal))
