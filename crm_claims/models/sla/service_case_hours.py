from odoo import api, fields, models

from ...core.clock import HOUR


class ServiceCaseMixin(models.AbstractModel):
    """How much working time passed until a case was answered and closed, whatever was promised."""

    _inherit = 'service.case.mixin'

    hours_to_first_response = fields.Float(
        string='Hours to First Response',
        compute='_compute_hours_to_first_response',
        store=True,
        aggregator='avg',
        help='Working hours of the team from opening to the first response.',
    )
    hours_to_close = fields.Float(
        string='Hours to Close',
        compute='_compute_hours_to_close',
        store=True,
        aggregator='avg',
        help='Working hours of the team from opening to closing; waiting for the customer counts.',
    )

    @api.depends('date_open', 'date_first_response')
    def _compute_hours_to_first_response(self):
        hours = self._get_working_hours_until('date_first_response')
        for case in self:
            case.hours_to_first_response = hours.get(case, 0)

    @api.depends('date_open', 'date_closed')
    def _compute_hours_to_close(self):
        hours = self._get_working_hours_until('date_closed')
        for case in self:
            case.hours_to_close = hours.get(case, 0)

    def _get_working_hours_until(self, name):
        """Return {case: working hours from opening to a date} of those that have the date."""
        cases = self.filtered(lambda case: case.date_open and case[name])
        start = min(cases.mapped('date_open'), default=False)
        times = {
            key: group[:1]._get_service_calendar()._get_service_working_time(key[1], start)
            for key, group in cases.grouped(lambda case: (case.team_id, case.company_id)).items()
        }
        return {
            case: times[case.team_id, case.company_id].count(case.date_open, case[name]) / HOUR
            for case in cases
        }

    def _get_service_calendar(self):
        """Return the calendar that the case is worked on by: the team's, else the company's."""
        calendars = self.team_id.calendar_id | self.company_id.resource_calendar_id
        return calendars._filter_with_service_hours()[:1]
