from odoo import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..billing_common import BillingCase

LOGGER = 'odoo.addons.crm_extended.models.shared.crm_batch_mixin'


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractBillingRun(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contracts = cls.env['crm.contract'].create(
            [cls.prepare_contract(cls.monthly()) for _number in range(3)]
        )
        cls.good, cls.broken, cls.late = cls.contracts
        cls.late.line_ids.date_start = '2026-04-01'

    def _break(self, contract):
        """Give the contract a currency that nobody gave a rate."""
        currency = self.setup_other_currency('CAD', rates=[])
        currency.rate_ids.unlink()
        contract.currency_id = currency

    def _activities(self, contract):
        billing = self.env.ref('crm_contracts.mail_activity_type_billing')
        return contract.activity_ids.filtered(lambda a: a.activity_type_id == billing)

    def test_run_bills_all_that_is_due_and_a_second_one_nothing(self):
        self.run_cron()
        self.assertEqual([len(self.live(c)) for c in self.contracts], [3, 3, 0])
        self.run_cron()
        self.assertEqual([len(self.live(c)) for c in self.contracts], [3, 3, 0])
        self.assertEqual(str(self.good.next_billing_date), '2026-04-01')

    def test_broken_contract_is_parked_with_its_reason_and_stops_nobody(self):
        self._break(self.broken)
        with mute_logger(LOGGER):
            self.run_cron()
        self.assertEqual([len(self.live(c)) for c in self.contracts], [3, 0, 0])
        self.assertIn('CAD', self.broken.billing_error)
        self.assertRecordValues(self._activities(self.broken), [{'user_id': self.salesman.id}])
        self.run_cron()
        self.assertEqual(len(self._activities(self.broken)), 1, 'it is left out until touched')

    def test_parked_contract_is_tried_again_when_it_is_touched(self):
        for touch in (
            lambda: self.broken.write({'currency_id': self.env.company.currency_id.id}),
            lambda: self.broken.line_ids.write({'quantity': 2}),
            lambda: self.broken.write({'line_ids': [Command.create(self.milestone())]}),
        ):
            self.broken._park_billing(ValueError('x'))
            self.assertTrue(self._activities(self.broken))
            touch()
            self.assertFalse(self.broken.billing_error)
            self.assertFalse(self._activities(self.broken))
        self.run_cron()
        self.assertTrue(self.live(self.broken))

    def test_button_bills_a_parked_contract(self):
        self.broken._park_billing(ValueError('x'))
        self.run_cron()
        self.assertFalse(self.live(self.broken))
        self.assertTrue(self.broken._bill())
        self.assertFalse(self.broken.billing_error)

    def test_what_a_credit_gave_back_is_due(self):
        self.run_cron()
        move = self.live(self.good).move_line_ids.move_id
        move.action_post()
        self.credit(move, quantity=0.5)
        self.assertLessEqual(str(self.good.next_billing_date), '2026-03-10')
        self.run_cron()
        self.assertEqual(sum(self.live(self.good).mapped('amount')), 300.0)
