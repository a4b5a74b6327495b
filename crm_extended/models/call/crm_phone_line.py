import logging
import secrets
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from ...core.phone_post import BadPost, read_post

_logger = logging.getLogger(__name__)

# What a call is noted with: a flood of mails and reminders would follow otherwise.
QUIET = {
    'mail_activity_automation_skip': True,
    'mail_create_nolog': True,
    'mail_create_nosubscribe': True,
    'tracking_disable': True,
}
# A call without a reference is the one of the same number that began at most so long ago.
LONGEST_CALL = timedelta(hours=4)


class CallRateExceeded(UserError):
    """The line noted as many calls as it may in this hour."""


class CrmPhoneLine(models.Model):
    """A telephone system that tells us of its calls, whoever made it."""

    _name = 'crm.phone.line'
    _description = 'Phone Line'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin', 'crm.counter.mixin']
    _order = 'name, id'
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True, help='An archived line takes no messages.')
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self._new_token(),
        help='The secret part of the address to which the telephone system posts.',
    )
    url = fields.Char(string='Address', compute='_compute_url')
    company_id = fields.Many2one(
        comodel_name='res.company',
        required=True,
        default=lambda self: self.env.company,
    )
    rate_limit = fields.Integer(
        string='Calls per Hour',
        required=True,
        default=600,
        help='More new calls than this in one hour are refused.',
    )
    extension_ids = fields.One2many(
        comodel_name='crm.phone.extension',
        inverse_name='line_id',
        string='Extensions',
        copy=True,
    )
    user_ids = fields.Many2many(
        comodel_name='res.users',
        string='All Others Ring At',
        domain=[('share', '=', False)],
        help='Who is shown the calls of extensions that are not in the list.',
    )
    call_count = fields.Integer(compute='_compute_call_count')

    _token_unique = models.Constraint('UNIQUE (token)', 'Each line has a token of its own.')
    _rate_limit_positive = models.Constraint(
        'CHECK (rate_limit > 0)', 'A line takes at least one call per hour.'
    )

    # === COMPUTE === #

    @api.depends('token')
    def _compute_url(self):
        base_url = self.get_base_url()
        for line in self:
            line.url = f'{base_url}/crm/phone/{line.token}'

    def _compute_call_count(self):
        """Count the calls that the user may see."""
        groups = self.env['crm.call']._read_group(
            [('phone_line_id', 'in', self.ids)], ['phone_line_id'], ['__count']
        )
        counts = dict(groups)
        for line in self:
            line.call_count = counts.get(line._origin, 0)

    # === ACTIONS === #

    def action_regenerate_token(self):
        """Give the lines new addresses; what is posted to the old ones is refused."""
        self.check_access('write')
        for line in self:
            # sudo: a token is drawn, never typed
            line.sudo().token = self._new_token()
        return True

    def action_view_calls(self):
        """Open the calls that the button counts."""
        return self._get_crm_list_action(
            'crm_extended.crm_call_action_all',
            [('phone_line_id', 'in', self.ids)],
            {'create': False},
        )

    # === MESSAGES === #

    @api.model
    def _new_token(self):
        return secrets.token_urlsafe(24)

    @api.model
    def _find_by_token(self, token):
        """Return the open line of the token as the program sees it, in its company."""
        # the database would choke on a null character, instead of not finding it
        line = self.search([('token', '=', token)], limit=1) if token.isprintable() else self
        lines = self.with_user(SUPERUSER_ID).with_company(line.company_id)
        lines = lines.with_context(**QUIET, lang=line.company_id.partner_id.lang)
        return lines.browse(line.id)

    def _receive(self, raw):
        """Note what the telephone system tells of a call, and tell it to whom it rings at.

        :param dict raw: the message as it came
        :return: the call
        :raise UserError: the message is not understood
        :raise CallRateExceeded: too many new calls in this hour
        """
        self.ensure_one()
        post = self._read_post(raw)
        users = self.extension_ids._find_users(post.extension) or self.user_ids
        call = self._find_call(post) or self._create_call(post, users)
        call._follow_phone(post, users)
        call._tell_phone_users()
        return call

    @api.model
    def _read_post(self, raw):
        try:
            return read_post(raw)
        except BadPost as error:
            [told] = error.args
            if told:
                raise UserError(
                    self.env._('"%(value)s" is no state or direction of a call.', value=told)
                ) from error
            raise UserError(
                self.env._('The state is missing: ringing, answered, ended or missed.')
            ) from error

    def _find_call(self, post):
        domain = [('phone_line_id', '=', self.id)]
        if post.reference:
            domain += [('phone_reference', '=', post.reference)]
        else:
            domain += [
                ('phone', '=', post.number),
                ('phone_state', 'in', ('ringing', 'answered')),
                ('create_date', '>', fields.Datetime.now() - LONGEST_CALL),
            ]
        return self.env['crm.call'].search(domain, limit=1)

    def _create_call(self, post, users):
        self._check_rate()
        try:
            with self.env.cr.savepoint():
                return self.env['crm.call'].create(self._prepare_call_values(post, users))
        except UniqueViolation as error:
            # two messages of one call at once: the server tries again and finds it
            raise ConcurrencyError from error

    def _prepare_call_values(self, post, users):
        return {
            'direction': post.direction,
            'date': fields.Datetime.now(),
            'phone': post.number,
            'user_id': users.id if len(users) == 1 else False,
            'company_id': self.company_id.id,
            'phone_line_id': self.id,
            'phone_reference': post.reference or secrets.token_hex(8),
            'phone_state': 'ringing',
            'phone_user_ids': users.ids,
        }

    def _check_rate(self):
        last_hour = fields.Datetime.now() - timedelta(hours=1)
        noted = [('phone_line_id', '=', self.id), ('create_date', '>', last_hour)]
        if self.env['crm.call'].search_count(noted, limit=self.rate_limit) >= self.rate_limit:
            _logger.warning('Phone line %s (%s): too many calls', self.name, self.id)
            raise CallRateExceeded(
                self.env._('Too many calls. Please try again in an hour.'),
            )
