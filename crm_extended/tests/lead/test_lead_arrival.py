from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..common import NOW, CrmExtendedCase


@freeze_time(NOW)
@tagged('post_install', '-at_install')
class TestLeadArrival(CrmExtendedCase):
    """What comes in without a salesperson goes to the members of its team in turn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id.tz = 'Europe/Madrid'
        cls.team.member_ids = cls.salesman | cls.colleague
        cls.team.crm_arrival = 'turn'
        cls.members = {
            user: cls.team.crm_team_member_ids.filtered(lambda member, u=user: member.user_id == u)
            for user in cls.salesman | cls.colleague
        }

    def _arrive(self, number=1, **values):
        values = {'name': 'From outside', 'user_id': False, 'team_id': self.team.id, **values}
        leads = self.env['crm.lead'].with_user(self.env.ref('base.public_user')).sudo()
        return leads.create([values] * number)

    def _rest(self, user):
        """Give the user a calendar of its own that is closed now."""
        nights = {'name': 'Night', 'hour_from': 20, 'hour_to': 23, 'day_period': 'afternoon'}
        calendar = self.env['resource.calendar'].create(
            {
                'name': 'Nights',
                'tz': 'Europe/Madrid',
                'attendance_ids': [
                    Command.create({**nights, 'dayofweek': str(day)}) for day in range(5)
                ],
            }
        )
        self.env['resource.resource'].create(
            {'name': user.name, 'user_id': user.id, 'calendar_id': calendar.id}
        )

    def test_members_take_turns_over_mails_forms_and_batches(self):
        order = []
        for hour in range(9, 13):
            with freeze_time(datetime(2026, 3, 11, hour)):
                order.append(self._arrive().user_id)
        self.assertEqual(order[0], order[2])
        self.assertEqual(order[1], order[3])
        self.assertEqual(set(order), {self.salesman, self.colleague})
        batch = self._arrive(5)
        self.assertEqual(sorted(len(leads) for leads in batch.grouped('user_id').values()), [2, 3])
        self.assertEqual(batch.user_id, self.salesman | self.colleague)

    def test_who_is_at_work_comes_first_and_nobody_waits_for_the_morning(self):
        self._rest(self.salesman)
        self.assertEqual(self._arrive(3).user_id, self.colleague)
        with freeze_time(datetime(2026, 3, 15, 3)):
            self.assertEqual(self._arrive(2).user_id, self.salesman | self.colleague)

    def test_who_pauses_is_archived_or_takes_something_else_is_passed_over(self):
        self.members[self.salesman].assignment_optout = True
        self.assertEqual(self._arrive(2).user_id, self.colleague)
        self.members[self.salesman].assignment_optout = False
        self.members[self.colleague].assignment_domain = "[('country_id.code', '=', 'PT')]"
        self.assertEqual(self._arrive(2).user_id, self.salesman)
        portugal = self.env.ref('base.pt')
        self.assertIn(self.colleague, self._arrive(2, country_id=portugal.id).user_id)
        self.salesman.active = False
        self.assertFalse(self._arrive().user_id)

    def test_members_of_another_company_are_passed_over(self):
        other = self.env['res.company'].create({'name': 'Ebro Portugal'})
        self.colleague.company_ids |= other
        leads = self._arrive(2, company_id=other.id)
        self.assertEqual(leads.user_id, self.colleague)

    def test_who_has_somebody_keeps_it_and_history_is_left_alone(self):
        self.assertEqual(self._arrive(user_id=self.manager.id).user_id, self.manager)
        imported = self.env['crm.lead'].with_context(import_file=True)
        self.assertFalse(
            imported.create({'name': 'Old', 'user_id': False, 'team_id': self.team.id}).user_id
        )
        self.team.crm_arrival = 'none'
        self.assertFalse(self._arrive().user_id)
