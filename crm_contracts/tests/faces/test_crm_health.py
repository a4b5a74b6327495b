from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from ..common import ContractCase


@tagged('post_install', '-at_install')
class TestCrmHealth(ContractCase):
    def _find(self, key):
        return self.env['crm.health']._look().line_ids.filtered(lambda line: line.key == key)

    def _assert_told(self, key, state, records, values):
        """See a trouble that records are in counted, and gone with it."""
        before = self._find(key).count
        records.sudo().write(values)
        line = self._find(key)
        self.assertEqual((line.state, line.count), (state, before + 1))
        action = line.action_open()
        self.assertIn(records, records.search(action['domain']))
        records.sudo().write(dict.fromkeys(values, False))
        self.assertEqual(self._find(key).count, before)

    def test_contract_that_could_not_be_billed_is_told(self):
        contract = self.create_running()
        values = {'billing_error': 'No journal', 'date_parked': fields.Date.today()}
        self._assert_told('contract.parked', 'look', contract, values)

    def test_invoice_that_could_not_be_posted_is_told(self):
        move = self.env['account.move'].create(
            {'move_type': 'out_invoice', 'partner_id': self.customer.id}
        )
        self._assert_told('contract.invoices', 'look', move, {'crm_contract_error': 'No tax'})

    def test_run_that_stands_still_is_told(self):
        before = self._find('contract.runs').count
        run = self.env['crm.contract.billing.run'].sudo().create({})
        self.assertEqual(self._find('contract.runs').count, before)
        old = fields.Datetime.now() - timedelta(hours=4)
        self.env.cr.execute(
            SQL('UPDATE crm_contract_billing_run SET write_date = %s WHERE id = %s', old, run.id)
        )
        line = self._find('contract.runs')
        self.assertEqual((line.state, line.count), ('act', before + 1))
        run.state = 'stopped'
        self.env.flush_all()
        self.assertEqual(self._find('contract.runs').count, before)

    def test_jobs_of_the_addon_are_looked_at(self):
        self.assertEqual(len(self._find('job.crm_contracts.ir_cron_bill_contracts')), 1)
