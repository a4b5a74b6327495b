from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..billing_common import BillingCase


@freeze_time('2026-06-15 09:00:00')
@tagged('post_install', '-at_install')
class TestCustomerFacts(BillingCase):
    """Until when a customer is bound and what it owes, in the line of its card."""

    def fact(self, name, user=None):
        self.env.invalidate_all()
        facts = self.partner_a.with_user(user or self.salesman).action_tell_crm_facts()
        return next((fact for fact in facts if fact['name'] == name), None)

    def test_person_on_invoices_keeps_what_they_name(self):
        self.partner_a.write({'street': 'Calle Mayor 1', 'email': 'a@example.com'})
        self.partner_b.write({'street': 'Calle Menor 2', 'email': 'b@example.com'})
        self.create_contract()._bill().action_post()
        people = self.partner_a | self.partner_b
        contract = self.create_contract(partner_id=self.partner_b.id)
        signed = contract.message_post(
            body='Signed', author_id=self.partner_b.id, attachments=[('signed.pdf', b'%PDF')]
        )
        wrote = contract.message_post(
            body='My mother is ill', author_id=self.partner_b.id, message_type='email'
        )
        for person in people.with_user(self.administrator):
            person._anonymise()
        self.assertRecordValues(
            people,
            [
                {'name': 'partner_a', 'street': 'Calle Mayor 1', 'email': False},
                {'name': f'Anonymous {self.partner_b.id}', 'street': False, 'email': False},
            ],
        )
        self.assertEqual((bool(signed.body), len(signed.attachment_ids)), (True, 1))
        self.assertFalse(wrote.body)

    def test_contract_tells_the_first_end(self):
        self.assertIsNone(self.fact('contract'))
        contract = self.create_contract(notice_days=30)
        fact = self.fact('contract')
        self.assertEqual(
            (fact['label'], fact['value'], fact['color']),
            ('Contract', 'until 12/31/2026', 'success'),
        )
        self.create_contract(date_end=False, renewal_type='none')
        fact = self.fact('contract')
        self.assertEqual((fact['label'], fact['value']), ('Contracts', '2 · until 12/31/2026'))
        with freeze_time('2026-12-15'):
            self.assertEqual(self.fact('contract')['color'], 'warning')
        with freeze_time('2027-01-15'):
            self.assertEqual(self.fact('contract')['color'], 'danger')
        action = self.partner_a.with_user(self.salesman).action_view_crm_running_contracts()
        self.assertEqual(len(self.env['crm.contract'].search(action['domain'])), 2)
        contract.action_close()
        self.assertEqual(self.fact('contract')['value'], 'open end')
        self.assertIsNone(self.fact('contract', self.colleague))

    def test_unpaid_invoices_are_summed_and_red_when_overdue(self):
        self.assertIsNone(self.fact('money'))
        late, credit = (
            self.env['account.move'].create(
                {
                    'move_type': move_type,
                    'partner_id': self.partner_a.id,
                    'invoice_date': day,
                    'invoice_date_due': day,
                    'invoice_user_id': self.salesman.id,
                    'invoice_payment_term_id': False,
                    'invoice_line_ids': [
                        Command.create({'product_id': self.support.id, 'price_unit': price})
                    ],
                }
            )
            for move_type, day, price in (
                ('out_invoice', '2026-06-10', 1000.0),
                ('out_refund', '2026-06-30', 250.0),
            )
        )
        self.assertIsNone(self.fact('money'))
        credit.action_post()
        self.assertEqual(self.fact('money')['color'], 'info')
        late.action_post()
        fact = self.fact('money')
        self.assertEqual(fact['color'], 'danger')
        self.assertIn('750.00', fact['value'])
        self.assertIn('1,000.00 overdue', fact['value'])
        action = self.partner_a.with_user(self.salesman).action_view_crm_unpaid_invoices()
        self.assertEqual(self.env['account.move'].search(action['domain']), late | credit)
        self.assertIsNone(self.fact('money', self.colleague))
