from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractOverdue(BillingCase):
    """What customers do not pay in time, and contracts that put up with it for some days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.create_contract(overdue_pause_days=30)

    def invoice(self, contract, until='2026-01-31', date_due='2026-02-28'):
        move = contract._bill(until)
        move.write({'invoice_date': '2026-01-31', 'invoice_payment_term_id': False})
        move.invoice_date_due = date_due
        move.action_post()
        return move

    def pay(self, move, amount=None):
        values = {'payment_date': '2026-03-31', **({'amount': amount} if amount else {})}
        register = self.env['account.payment.register'].with_context(
            active_model='account.move', active_ids=move.ids
        )
        register.create(values)._create_payments()

    def check(self, day):
        with freeze_time(day):
            self.env.invalidate_all()
            with self.enter_registry_test_mode():
                self.env.ref('crm_contracts.ir_cron_contract_renewals').method_direct_trigger()

    def activities(self, contract):
        kind = self.env.ref('crm_contracts.mail_activity_type_overdue')
        return contract.activity_ids.filtered(lambda one: one.activity_type_id == kind)

    def test_what_was_to_be_paid_before_today_is_overdue(self):
        self.invoice(self.contract, date_due='2026-03-31')
        self.assertFalse(self.contract.is_overdue)
        with freeze_time('2026-04-01'):
            self.env.invalidate_all()
            self.assertTrue(self.contract.is_overdue)
            self.assertEqual(self.contract.amount_overdue, 100.0)
            self.assertEqual(str(self.contract.date_overdue), '2026-03-31')
            found = self.env['crm.contract'].search([('is_overdue', '=', True)])
            self.assertIn(self.contract, found)

    def test_payments_are_taken_off(self):
        move = self.invoice(self.contract)
        self.pay(move, 40.0)
        self.assertEqual(self.contract.amount_overdue, 60.0)
        self.pay(move)
        self.assertFalse(self.contract.amount_overdue)
        self.assertNotIn(self.contract, self.contract.search([('is_overdue', '=', True)]))

    def test_shared_invoice_is_shared_out(self):
        contracts = self.create_contract(
            self.monthly(price_unit=300.0), invoice_grouping='customer'
        ) | self.create_contract(invoice_grouping='customer')
        move = self.invoice(contracts)
        self.assertEqual(len(move), 1)
        self.assertEqual(contracts.mapped('amount_overdue'), [300.0, 100.0])
        self.assertEqual(
            self.env['account.move'].search(contracts[1].action_view_overdue()['domain']), move
        )

    def test_it_is_told_to_who_reads_the_contract_and_no_invoice(self):
        self.invoice(self.contract)
        contract = self.contract.with_user(self.salesman)
        self.assertEqual(contract.amount_overdue, 100.0)
        self.assertIn(contract, contract.search([('is_overdue', '=', True)]))

    def test_contract_rests_until_it_is_paid_for(self):
        move = self.invoice(self.contract)
        self.check('2026-03-29')
        self.assertFalse(self.contract.suspension_ids)
        self.check('2026-03-30')
        suspension = self.contract.suspension_ids
        self.assertEqual((str(suspension.date_from), suspension.date_to), ('2026-03-30', False))
        self.assertEqual(self.activities(self.contract).user_id, self.salesman)
        self.check('2026-04-02')
        self.assertEqual(self.contract.suspension_ids, suspension)
        self.assertEqual(len(self.activities(self.contract)), 1)
        self.pay(move)
        self.check('2026-04-05')
        self.assertEqual(str(suspension.date_to), '2026-04-04')
        self.assertFalse(self.activities(self.contract))

    def test_patient_contract_and_one_suspended_by_hand_stay_as_they_are(self):
        patient = self.create_contract(overdue_pause_days=0)
        self.invoice(patient)
        self.invoice(self.contract)
        self.contract.action_suspend('2026-03-01')
        self.check('2026-06-30')
        self.assertFalse(patient.suspension_ids)
        self.assertFalse(self.contract.suspension_ids.is_for_overdue)

    def test_template_proposes_the_patience(self):
        template = self.env['crm.contract.template'].create(
            {'name': 'Strict', 'overdue_pause_days': 10}
        )
        contract = self.env['crm.contract'].create(
            {'name': 'Strict', 'partner_id': self.partner_a.id, 'template_id': template.id}
        )
        self.assertEqual(contract.overdue_pause_days, 10)

    def test_queries_do_not_grow_with_the_contracts(self):
        contracts = self.env['crm.contract'].create(
            [self.prepare_contract(name=f'Many {number}') for number in range(24)]
        )
        self.invoice(contracts)

        def count_queries(batch):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch.mapped('amount_overdue')
            return self.env.cr.sql_log_count - before

        count_queries(contracts[:4])
        self.assertEqual(count_queries(contracts[:4]), count_queries(contracts[4:]))
