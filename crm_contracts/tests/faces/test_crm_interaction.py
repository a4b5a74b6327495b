from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import ContractCase


@freeze_time('2026-06-15 09:00:00')
@tagged('post_install', '-at_install')
class TestCrmInteraction(ContractCase):
    def _rows(self, user, kind='contract'):
        domain = [('commercial_partner_id', '=', self.customer.id), ('kind', '=', kind)]
        return self.env['crm.interaction'].with_user(user).search(domain, order='date')

    def _milestones(self):
        self.env.invalidate_all()
        return [
            (row.event, row.date.date(), row.is_planned, row.is_overdue)
            for row in self._rows(self.salesman)
        ]

    def test_milestones_follow_the_life_of_the_contract(self):
        contract = self.create_contract(partner_id=self.contact.id)
        self.assertFalse(self._milestones())
        contract.action_confirm()
        signed = ('signed', date(2026, 1, 1), False, False)
        self.assertEqual(self._milestones(), [signed, ('ended', date(2026, 12, 31), True, False)])
        contract._renew(date_end=date(2027, 12, 31))
        renewed = ('renewed', date(2027, 1, 1), True, False)
        self.assertEqual(
            self._milestones(), [signed, renewed, ('ended', date(2027, 12, 31), True, False)]
        )

    def test_contract_past_its_end_is_overdue_until_it_is_closed(self):
        contract = self.create_running(date_end='2026-05-31')
        self.assertEqual(self._milestones()[-1], ('ended', date(2026, 5, 31), True, True))
        contract.action_close()
        self.assertEqual(self._milestones()[-1], ('ended', date(2026, 6, 15), False, False))

    def test_next_invoice_is_planned_and_overdue_until_it_is_made(self):
        contract = self.create_running(
            line_ids=[(0, 0, {'name': 'Support', 'price_unit': 10.0, 'date_start': '2026-06-20'})]
        )
        self.assertIn(('invoice_due', date(2026, 6, 20), True, False), self._milestones())
        with freeze_time('2026-07-01 09:00:00'):
            self.assertIn(('invoice_due', date(2026, 6, 20), True, True), self._milestones())
        contract.action_cancel()
        self.assertNotIn('invoice_due', [event for event, *_rest in self._milestones()])

    def test_row_opens_its_contract(self):
        contract = self.create_running()
        rows = self._rows(self.salesman)
        self.assertEqual(rows.mapped('event'), ['signed', 'ended'])
        for row in rows:
            action = row.action_open()
            self.assertEqual((action['res_model'], action['res_id']), (contract._name, contract.id))
            self.assertEqual((row.user_id, row.name), (self.salesman, contract.name))

    def test_rights_on_contracts_hold(self):
        self.create_running()
        rows = self._rows(self.overseer)
        self.assertEqual(len(rows), 2)
        self.assertFalse(self._rows(self.colleague))
        with self.assertRaises(AccessError):
            rows.with_user(self.colleague).read(['name'])

    def test_activities_of_contracts_are_interactions(self):
        contract = self.create_running()
        contract.activity_schedule('mail.mail_activity_data_todo', user_id=self.overseer.id)
        self.assertEqual(len(self._rows(self.salesman, 'activity')), 1)
        self.assertFalse(self._rows(self.colleague, 'activity'))
