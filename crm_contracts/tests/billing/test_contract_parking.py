from odoo import Command
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractParking(ItemCase):
    """What the scheduled billing left out is tried again every day, and told once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract.write(
            {
                'line_ids': [Command.create(cls.monthly(date_start='2026-03-01'))],
                'rate_ids': [Command.delete(cls.contract.rate_ids.filtered('price_unit')[0].id)],
            }
        )

    def run_on(self, day):
        with freeze_time(day):
            self.run_cron()

    def get_activities(self, with_done=False):
        billing = self.env.ref('crm_contracts.mail_activity_type_billing')
        activities = self.env['mail.activity'].with_context(active_test=not with_done)
        return activities.search(
            [('res_id', '=', self.contract.id), ('activity_type_id', '=', billing.id)]
        )

    def get_billed(self, kind):
        return sum(self.live(self.contract).filtered(lambda row: row.kind == kind).mapped('amount'))

    def test_hour_without_rate_does_not_keep_the_next_fees_waiting(self):
        self.book(self.ben, 2, '2026-02-10')
        self.run_on('2026-03-10')
        self.assertIn('no rate for Ben', self.contract.billing_error)
        activity = self.get_activities()
        self.assertEqual(activity.user_id, self.salesman)
        self.run_on('2026-03-11')
        self.run_on('2026-04-01')
        self.assertEqual(self.get_billed('recurring'), 200.0)
        self.assertIn('no rate for Ben', self.contract.billing_error)
        self.assertEqual(self.get_activities(with_done=True), activity, 'told once')

    def test_what_was_mended_elsewhere_is_billed_the_next_day(self):
        self.book(self.ben, 2, '2026-02-10')
        self.run_on('2026-03-10')
        self.ben.job_id = self.developer_job
        self.run_on('2026-03-10')
        self.assertFalse(self.get_billed('time'), 'once a day')
        self.run_on('2026-03-11')
        self.assertEqual(self.get_billed('time'), 162.5)
        self.assertFalse(self.contract.billing_error)
        self.assertFalse(self.contract.date_parked)
        self.assertFalse(self.get_activities())

    def test_what_solves_itself_parks_no_contract(self):
        self.contract.rate_ids = [Command.create(self.rate(price_unit=50.0))]
        self.book(self.ben, -2, '2026-02-10')
        self.run_on('2026-03-10')
        (entry,) = self.contract._preview_billing('2026-03-10')
        self.assertTrue(entry['held'] and entry['waits'])
        self.assertEqual(self.get_billed('recurring'), 100.0)
        self.assertFalse(self.contract.billing_error)
        self.assertFalse(self.contract.date_parked)
        self.assertFalse(self.get_activities())

    def test_another_reason_takes_the_place_of_the_one_before(self):
        self.book(self.ben, 2, '2026-02-10')
        self.run_on('2026-03-10')
        self.ben.name = 'Benjamin'
        self.run_on('2026-03-11')
        self.assertIn('no rate for Benjamin', self.contract.billing_error)
        self.assertIn('Benjamin', self.get_activities().note)
        self.assertEqual(len(self.get_activities()), 1)

    def test_what_is_touched_is_tried_again_the_same_day(self):
        self.book(self.ben, 2, '2026-02-10')
        self.run_on('2026-03-10')
        self.contract.rate_ids = [
            Command.create(self.rate(price_unit=50.0, product_uom_id=self.hour.id))
        ]
        self.run_on('2026-03-10')
        self.assertEqual(self.get_billed('time'), 100.0)

    def test_whole_contract_that_was_refused_is_tried_again_too(self):
        currency = self.setup_other_currency('CAD', rates=[])
        currency.rate_ids.unlink()
        self.contract.currency_id = currency
        self.run_on('2026-03-10')
        self.assertIn('CAD', self.contract.billing_error)
        currency.rate_ids = [Command.create({'name': '2026-01-01', 'rate': 2.0})]
        self.run_on('2026-03-11')
        self.assertFalse(self.contract.billing_error)
        self.assertEqual(self.get_billed('recurring'), 100.0)
