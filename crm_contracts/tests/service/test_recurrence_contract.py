from datetime import date

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from ..common import ContractCase

AGENT = 'crm_claims.crm_claims_group_agent'


@tagged('post_install', '-at_install')
class TestRecurrenceContract(ContractCase):
    """Visits on the first of each month under a contract of 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = new_test_user(cls.env, 'visits_agent', AGENT)
        cls.team = cls.env['service.team'].create(
            {'name': 'Repairs', 'member_ids': [Command.set(cls.agent.ids)]}
        )
        with freeze_time('2026-01-02'):
            cls.contract = cls.create_running()
        cls.recurrence = cls.env['service.recurrence'].create(
            {
                'name': 'Maintenance',
                'partner_id': cls.contact.id,
                'team_id': cls.team.id,
                'date_start': '2026-01-01',
                'contract_id': cls.contract.id,
            }
        )

    def make_on(self, day):
        with freeze_time(f'{day} 05:00:00'):
            if self.recurrence.date_due and self.recurrence.date_due <= date.fromisoformat(day):
                self.recurrence._make_due_cases()
        tickets = self.env['service.ticket'].search([('recurrence_id', '=', self.recurrence.id)])
        return [day.month for day in tickets.sorted('recurrence_date').mapped('recurrence_date')]

    def test_visits_are_under_the_contract_and_leave_its_suspension_out(self):
        self.assertEqual(self.make_on('2026-02-01'), [2])
        ticket = self.env['service.ticket'].search([('recurrence_id', '=', self.recurrence.id)])
        self.assertEqual(ticket.contract_id, self.contract)
        with freeze_time('2026-02-10'):
            self.contract.action_suspend(date(2026, 2, 20), date(2026, 3, 20))
        self.assertEqual(self.make_on('2026-03-01'), [2])
        self.assertEqual(self.recurrence.date_next, date(2026, 4, 1))
        self.assertEqual(self.make_on('2026-04-01'), [2, 4])

    def test_visits_end_with_the_contract(self):
        self.make_on('2026-12-01')
        self.assertEqual(self.make_on('2027-01-01'), [12], 'nothing was agreed for then')
        self.assertEqual(self.recurrence.date_next, date(2027, 2, 1))
        self.contract.action_close()
        self.assertFalse(self.recurrence.date_next)
        self.assertFalse(self.recurrence.date_due)

    def test_contract_is_one_of_the_customers(self):
        other = self.create_running(partner_id=self.env['res.partner'].create({'name': 'X'}).id)
        with self.assertRaisesRegex(ValidationError, 'contract of another customer'):
            self.recurrence.contract_id = other

    def test_agent_who_may_not_read_the_contract_changes_the_visits(self):
        with Form(self.recurrence.with_user(self.agent)) as form:
            form.advance_days = 3
        self.assertEqual(self.recurrence.advance_days, 3)

    def test_button_of_the_contract_opens_what_it_counts(self):
        contract = self.contract.with_user(self.salesman)
        self.assertEqual(contract.service_recurrence_count, 1)
        action = contract.action_view_service_recurrences()
        found = self.env['service.recurrence'].search(action['domain'])
        self.assertEqual(found, self.recurrence)
        self.assertEqual(action['context']['default_partner_id'], self.customer.id)
