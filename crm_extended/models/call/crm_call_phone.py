from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools.constants import GC_UNLINK_LIMIT

from ...core.phone_post import get_next_state

# What a call has become when the telephone says so.
STATES = {'answered': 'held', 'ended': 'held', 'missed': 'not_held'}
NOTIFICATION = 'crm_extended.phone_call'
# A telephone system that never tells the end of a call: it was not answered.
FORGOTTEN_AFTER = timedelta(hours=4)


class CrmCall(models.Model):
    """A call that a telephone system tells of: one record from the first ring to the recording."""

    _inherit = 'crm.call'

    phone_line_id = fields.Many2one(
        comodel_name='crm.phone.line',
        readonly=True,
        copy=False,
        ondelete='set null',
        groups='sales_team.group_sale_manager',
    )
    phone_reference = fields.Char(
        string='Reference on the Phone',
        readonly=True,
        copy=False,
        help='What the telephone system calls this call.',
    )
    phone_state = fields.Selection(
        selection=[
            ('ringing', 'Ringing'),
            ('answered', 'Talking'),
            ('ended', 'Ended'),
            ('missed', 'Missed'),
        ],
        string='On the Phone',
        readonly=True,
        copy=False,
    )
    phone_answered = fields.Datetime(string='Answered', readonly=True, copy=False)
    phone_user_ids = fields.Many2many(
        comodel_name='res.users',
        relation='crm_call_phone_user_rel',
        string='Rang At',
        readonly=True,
        copy=False,
    )
    recording_url = fields.Char(
        string='Recording',
        readonly=True,
        copy=False,
        help='Where the telephone system keeps what was said.',
    )

    _phone_reference_unique = models.UniqueIndex(
        '(phone_line_id, phone_reference) WHERE phone_reference IS NOT NULL',
        'The telephone system told of this call before.',
    )
    _phone_line_created_idx = models.Index(
        '(phone_line_id, create_date) WHERE phone_line_id IS NOT NULL'
    )

    # === COMPUTE === #

    @api.depends('partner_id', 'lead_id', 'phone', 'phone_state')
    def _compute_name(self):
        """Name a call of somebody unknown by the number."""
        for call in self:
            if call.phone_state and not (call.name or call.partner_id or call.lead_id):
                number = call.phone or self.env._('a hidden number')
                call.name = self.env._('Call with %(customer)s', customer=number)
        return super()._compute_name()

    @api.depends('phone_state')
    def _compute_is_overdue(self):
        """Nobody is late while the phone rings."""
        result = super()._compute_is_overdue()
        self.filtered(lambda call: call.phone_state == 'ringing').is_overdue = False
        return result

    def _search_is_overdue(self, operator, value):
        domain = super()._search_is_overdue(operator, value)
        if domain is NotImplemented:
            return domain
        return domain & Domain('phone_state', '!=', 'ringing')

    # === BUSINESS === #

    def _needs_reminder(self):
        """Nobody plans a call that rings."""
        return super()._needs_reminder() and self.phone_state != 'ringing'

    def _follow_phone(self, post, users):
        """Bring the call to where the telephone says that it is.

        :param post: ``core.phone_post.PhonePost``
        :param users: whom it rings at, or who answered
        """
        self.ensure_one()
        values = self._prepare_phone_values(post, users)
        if state := self._get_state_on_phone(values.get('phone_state')):
            values['state'] = state
        if values:
            self.write(values)

    def _prepare_phone_values(self, post, users):
        values = {}
        then = get_next_state(self.phone_state, post.state, post.seconds)
        if then != self.phone_state:
            values['phone_state'] = then
        if then == 'answered' and not self.phone_answered:
            values['phone_answered'] = fields.Datetime.now()
        if then != 'ringing' and post.state == 'answered' and len(users) == 1:
            values['user_id'] = users.id
        if post.recording and post.recording != self.recording_url:
            values['recording_url'] = post.recording
        if new_users := users - self.phone_user_ids:
            values['phone_user_ids'] = [Command.link(user.id) for user in new_users]
        if hours := self._get_hours_on_phone(post, then):
            values['duration'] = hours
        return values

    def _get_hours_on_phone(self, post, then):
        """Return how long the call took as it was measured, 0 if it is noted or not known yet."""
        if self.duration or then != 'ended':
            return 0
        seconds = post.seconds
        if not seconds and self.phone_answered:
            seconds = (fields.Datetime.now() - self.phone_answered).total_seconds()
        return seconds / 3600

    def _get_state_on_phone(self, phone_state):
        """Return the state that the call gets, none if somebody noted another one before."""
        state = STATES.get(phone_state)
        return state if state and self.state == 'planned' else None

    def _tell_phone_users(self):
        """Tell the pages of all whom the call rings at: which call, and nothing of it."""
        self.ensure_one()
        message = {
            'call_id': self.id,
            'state': self.phone_state,
            'user_id': self.user_id.id if self.phone_state != 'ringing' else False,
        }
        self.phone_user_ids._bus_send(NOTIFICATION, message)

    @api.autovacuum
    def _gc_ringing_calls(self):
        """Note as missed what rings for hours: the telephone system never told the end."""
        domain = [
            ('phone_state', 'in', ('ringing', 'answered')),
            ('create_date', '<', fields.Datetime.now() - FORGOTTEN_AFTER),
        ]
        forgotten = self.search(domain, limit=GC_UNLINK_LIMIT)
        for phone_state, calls in forgotten.grouped('phone_state').items():
            told = 'ended' if phone_state == 'answered' else 'missed'
            calls.filtered(lambda call: call.state == 'planned').write({'state': STATES[told]})
            calls.phone_state = told
