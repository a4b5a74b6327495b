from odoo import Command, fields
from odoo.tests import freeze_time

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..common import ServiceCommon

WEEKDAYS = '01234'
EVERY_DAY = '0123456'
CRON = 'crm_claims.ir_cron_service_sla'


class ServiceSlaCommon(ServiceCommon):
    """Office hours in Madrid for the repairs team; 2 March 2026 is a Monday in winter time.

    Local 09:00-14:00 and 15:00-18:00 is 08:00-13:00 and 14:00-17:00 UTC in winter.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['service.sla.policy'].search([]).active = False
        cls.office = cls.create_calendar('Office', WEEKDAYS, [(9, 14), (15, 18)])
        cls.always = cls.create_calendar('Always', EVERY_DAY, [(0, 24)])
        cls.repairs.calendar_id = cls.office

    @classmethod
    def create_calendar(cls, name, days, spans, tz='Europe/Madrid', **values):
        return cls.env['resource.calendar'].create(
            {
                'name': name,
                'tz': tz,
                'attendance_ids': [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                'name': f'{day} {hour_from}',
                                'dayofweek': day,
                                'hour_from': hour_from,
                                'hour_to': hour_to,
                                'day_period': 'full_day',
                            }
                        )
                        for day in days
                        for hour_from, hour_to in spans
                    ),
                ],
                'global_leave_ids': [Command.clear()],
                **values,
            }
        )

    @classmethod
    def create_policy(cls, **values):
        return cls.env['service.sla.policy'].create(
            {
                'name': 'Four hours, two days',
                'first_response_hours': 4,
                'resolution_hours': 16,
                'warning_hours': 2,
                'team_id': cls.repairs.id,
                **values,
            }
        )

    def at(self, moment, function, *args, **kwargs):
        """Do something at a moment and save it there."""
        with freeze_time(moment):
            result = function(*args, **kwargs)
            self.env.flush_all()
            self.env.invalidate_all()
        return result

    def get_clock(self, case, target='resolution'):
        return case.sudo().sla_clock_ids.filtered(lambda clock: clock.target == target)

    def assertDeadline(self, case, moment, target='resolution'):
        self.assertEqual(self.get_clock(case, target).deadline, fields.Datetime.to_datetime(moment))

    def move(self, case, kind):
        case.write({'stage_id': self.stages[kind].id})


class ServiceSlaNoticeCommon(ServiceSlaCommon, CronMixinCase):
    """Runs the scheduled action at a moment and looks at what it told."""

    def run_cron(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()

    def get_notices(self, case):
        return self.env['mail.message'].search(
            [
                ('model', '=', case._name),
                ('res_id', '=', case.id),
                ('message_type', '=', 'user_notification'),
                ('subject', 'not ilike', 'assigned'),
            ],
            order='id',
        )

    def get_activities(self, case):
        return case.activity_ids.filtered('automated')
