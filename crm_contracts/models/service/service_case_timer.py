from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ...core.timer import get_booked_hours, is_forgotten


class ServiceCaseMixin(models.AbstractModel):
    """Time that is taken while one works: started and stopped on the case, booked by stopping."""

    _inherit = 'service.case.mixin'

    _timer_link = None  # the field of timers that names the case

    crm_timer_start = fields.Datetime(
        string='Timer',
        compute='_compute_crm_timer_start',
        search='_search_crm_timer_start',
        help="Since when the user's own timer runs on the case. Empty: it does not.",
    )

    @api.depends_context('uid')
    def _compute_crm_timer_start(self):
        timer = self._get_own_timer()
        case = timer and timer._get_case()
        for record in self:
            is_running = case and case._name == record._name and case == record._origin
            record.crm_timer_start = timer.date_start if is_running else False

    @api.model
    def _search_crm_timer_start(self, operator, value):
        if operator != 'in' or set(value) != {False}:
            return NotImplemented
        case = self._get_own_timer()[self._timer_link]
        return Domain('id', 'not in', case.ids)

    # === ACTIONS === #

    def action_start_timer(self):
        """Let the user's timer run on the case; one that runs on another is stopped and booked.

        :raises AccessError: for who may not work on the case
        :raises UserError: if no time can be booked on it
        """
        self.ensure_one()
        self.check_access('write')
        self._check_time_bookable()
        self._take_turn_with(self)
        timer = self._get_own_timer()
        if timer and timer._get_case() == self:
            return False
        told = timer._get_case()._stop_timer(timer) if timer else False
        # sudo: timers are the program's, so that nobody makes up a start
        self.env['service.timer'].sudo().create(
            {
                'user_id': self.env.uid,
                'date_start': fields.Datetime.now(),
                self._timer_link: self.id,
            }
        )
        self.invalidate_model(['crm_timer_start'])
        return told

    def action_stop_timer(self):
        """Stop the user's timer and book its time on the case.

        Whole minutes, or what the team rounds up to, on the day of the start in the user's zone.
        One that was forgotten, see `is_forgotten`, books nothing, and neither does one on a case
        that takes no time any more: it stops and says so.
        """
        self.ensure_one()
        self._take_turn_with(self)
        timer = self._get_own_timer()
        if not timer or timer._get_case() != self:
            return False
        return self._stop_timer(timer)

    # === BUSINESS METHODS === #

    def _get_own_timer(self):
        """Return the timer of the user, readable."""
        # sudo: it is the user's own
        return self.env['service.timer'].sudo().search([('user_id', '=', self.env.uid)])

    def _check_time_bookable(self):
        """Refuse at the start what would be refused at the end."""
        self._prepare_time()
        self.env['account.analytic.line'].check_access('create')
        if not self.env.user.with_company(self.company_id).employee_id:
            raise UserError(
                self.env._(
                    'Time is booked for employees, and you are none in %(company)s yet. Ask who '
                    'manages the employees to link your user.',
                    company=self.company_id.display_name,
                )
            )

    def _stop_timer(self, timer):
        """Book what a timer ran on the case, and say it."""
        # sudo: who may have started it there books it, even if the case went to others meanwhile
        case = self.sudo()
        start, end = timer.date_start, fields.Datetime.now()
        timer.unlink()
        case.invalidate_model(['crm_timer_start'])
        if is_forgotten(start, end):
            return case._tell_forgotten(start)
        hours = get_booked_hours(start, end, case.team_id.timer_minutes)
        try:
            with self.env.cr.savepoint():
                case.env['account.analytic.line'].create(case._prepare_timed(start, hours))
        except UserError as error:
            # nobody is kept from starting another by what became of this case
            return case._tell_unbooked(hours, error)
        return case._tell_booked(hours)

    def _prepare_timed(self, start, hours):
        """Return the values of a timesheet of a timer; override to say more."""
        return {
            self._time_link: self.id,
            'name': self.name,
            'date': fields.Datetime.context_timestamp(self, start).date(),
            'unit_amount': hours,
            'employee_id': self.env.user.with_company(self.company_id).employee_id.id,
        }

    def _tell_booked(self, hours):
        return self._tell_timer(
            self.env._(
                '%(time)s h booked on %(case)s',
                time=self._format_hours(hours),
                case=self.display_name,
            )
        )

    def _tell_unbooked(self, hours, error):
        return self._tell_timer(
            self.env._(
                'The timer is stopped, and its %(time)s h are not booked on %(case)s: %(reason)s',
                time=self._format_hours(hours),
                case=self.display_name,
                reason=str(error),
            ),
            kind='danger',
        )

    @api.model
    def _format_hours(self, hours):
        return self.env['ir.qweb.field.float_time'].value_to_html(hours, {})

    def _tell_forgotten(self, start):
        return self._tell_timer(
            self.env._(
                'The timer ran since %(moment)s and was forgotten: nothing is booked. Enter the '
                'hours on %(case)s yourself.',
                moment=format_datetime(self.env, start, dt_format='short'),
                case=self.display_name,
            ),
            kind='warning',
        )

    def _tell_timer(self, message, kind='success'):
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'message': message,
                'type': kind,
                'next': {'type': 'ir.actions.act_window_close'},
            },
        }


class ServiceTicket(models.Model):
    _inherit = 'service.ticket'

    _timer_link = 'ticket_id'


class ServiceClaim(models.Model):
    _inherit = 'service.claim'

    _timer_link = 'claim_id'
