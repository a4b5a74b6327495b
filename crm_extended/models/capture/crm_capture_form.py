import logging
import secrets
from functools import partial

from markupsafe import Markup
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.tools import escape_psql, plaintext2html
from odoo.tools.mail import email_split_and_format

from ...core import capture
from ...core.text import clean_email

_logger = logging.getLogger(__name__)

POST_CLEANERS = {**capture.CLEANERS, 'email': partial(clean_email, email_split_and_format)}
# A stranger may invent names for campaigns, channels and sources; so many a day are created.
NEW_NAMES_PER_DAY = 20


class RateExceeded(UserError):
    """The form took as many posts as it may in this hour."""


class CrmCaptureForm(models.Model):
    """A form on a website of ours or of others that posts to us and makes leads."""

    _name = 'crm.capture.form'
    _description = 'Website Form'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin', 'crm.counter.mixin']
    _order = 'name, id'
    _check_company_auto = True

    # === DEFAULTS === #

    def _default_medium_id(self):
        return self.env['utm.medium']._fetch_or_create_utm_medium('website')

    # === FIELDS === #

    name = fields.Char(required=True)
    active = fields.Boolean(default=True, help='An archived form takes no posts.')
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self._new_token(),
        help='The secret part of the address to which the website posts.',
    )
    url = fields.Char(string='Address', compute='_compute_url')
    html_snippet = fields.Text(string='HTML', compute='_compute_html_snippet')
    thank_you_url = fields.Char(
        string='Thank-You Page',
        help='Where a visitor is sent after the form; the only address to which we redirect.',
    )
    rate_limit = fields.Integer(
        string='Posts per Hour',
        required=True,
        default=60,
        help='More than this in one hour are refused.',
    )
    # What the leads get
    company_id = fields.Many2one(
        comodel_name='res.company',
        required=True,
        default=lambda self: self.env.company,
    )
    team_id = fields.Many2one(
        comodel_name='crm.team',
        string='Sales Team',
        check_company=True,
        ondelete='set null',
        domain=[('use_leads', '=', True)],
    )
    user_id = fields.Many2one(
        comodel_name='res.users',
        string='Salesperson',
        check_company=True,
        ondelete='set null',
        domain=[('share', '=', False)],
        help='Without one, the leads go to the leader of the team.',
    )
    medium_id = fields.Many2one(
        comodel_name='utm.medium',
        string='Channel',
        ondelete='set null',
        default=lambda self: self._default_medium_id(),
        help='The channel of leads whose post names none.',
    )
    campaign_id = fields.Many2one(
        comodel_name='utm.campaign',
        ondelete='set null',
        help='The campaign of leads whose post names none.',
    )
    source_id = fields.Many2one(
        comodel_name='utm.source',
        ondelete='set null',
        help='The source of leads whose post names none.',
    )
    lead_ids = fields.One2many(
        comodel_name='crm.lead',
        inverse_name='crm_capture_form_id',
        string='Leads',
    )
    lead_count = fields.Integer(compute='_compute_lead_count')

    _token_unique = models.Constraint('UNIQUE (token)', 'Each form has a token of its own.')
    _rate_limit_positive = models.Constraint(
        'CHECK (rate_limit > 0)',
        'A form takes at least one post per hour.',
    )

    # === COMPUTE === #

    @api.depends('token')
    def _compute_url(self):
        base_url = self.get_base_url()
        for form in self:
            form.url = f'{base_url}/crm/capture/{form.token}'

    @api.depends('url', 'thank_you_url')
    def _compute_html_snippet(self):
        for form in self:
            form.html_snippet = (
                self.env['ir.qweb']
                ._render(
                    'crm_extended.crm_capture_form_snippet',
                    {'form': form, 'trap': capture.TRAP_FIELD},
                )
                .strip()
            )

    @api.depends('lead_ids')
    def _compute_lead_count(self):
        """Count the leads that the user may see: who has no leads sees none."""
        leads = self.env['crm.lead'].with_context(active_test=False)
        counts = {}
        if leads.has_access('read'):
            made = [('crm_capture_form_id', 'in', self.ids)]
            counts = dict(leads._read_group(made, ['crm_capture_form_id'], ['__count']))
        for form in self:
            form.lead_count = counts.get(form._origin, 0)

    # === CONSTRAINS === #

    @api.constrains('thank_you_url')
    def _check_thank_you_url(self):
        for form in self.filtered('thank_you_url'):
            if not capture.is_complete_address(form.thank_you_url):
                raise ValidationError(
                    self.env._(
                        'The thank-you page of %(form)s must be a complete address, '
                        'for example https://www.example.com/thanks.',
                        form=form.name,
                    )
                )

    # === ACTIONS === #

    def action_regenerate_token(self):
        """Give the forms new addresses; what is posted to the old ones is refused."""
        for form in self:
            # sudo: a token is drawn, never typed
            form.sudo().token = self._new_token()
        return True

    def action_view_leads(self):
        """Open the leads that the button counts."""
        return self._get_crm_list_action(
            'crm.crm_lead_all_leads',
            [('crm_capture_form_id', 'in', self.ids)],
            {'active_test': False, 'create': False},
        )

    # === BUSINESS === #

    @api.model
    def _new_token(self):
        return secrets.token_urlsafe(24)

    @api.model
    def _find_by_token(self, token):
        """Return the open form of the token, in its company and the language of its users."""
        # the database would choke on a null character, instead of not finding it
        form = self.search([('token', '=', token)], limit=1) if token.isprintable() else self
        language = form.user_id.lang or form.company_id.partner_id.lang
        return form.with_company(form.company_id).with_context(lang=language)

    def _capture(self, raw_post):
        """Make a lead, or what else the form is for, of what was posted.

        :param dict raw_post: the fields as they came
        :return: the reference to tell the sender
        :raise UserError: nothing useful was posted
        :raise RateExceeded: too many posts in this hour
        """
        self.ensure_one()
        post = self._clean_post(raw_post)
        if raw_post.get(capture.TRAP_FIELD):
            _logger.info('Website form %s (%s): a machine fell into the trap', self.name, self.id)
            return secrets.token_hex(5).upper()
        with self.env.cr.savepoint():
            reference, is_new = self.env['crm.capture.post']._remember(self, post)
            if is_new:
                reference = self._create_within_rate(post, reference)
        return reference

    @api.model
    def _clean_post(self, raw_post):
        """Return the known fields as text of limited length; refuse an empty post."""
        if no_text := capture.find_no_text(raw_post):
            raise UserError(self.env._('%(field)s must be a text.', field=no_text))
        post = capture.clean_post(raw_post, POST_CLEANERS)
        if not capture.is_telling(post):
            raise UserError(
                self.env._(
                    'Nothing was sent. Please give at least a name, an email address or a message.',
                )
            )
        return post

    def _create_within_rate(self, post, reference):
        windows = self.env['crm.capture.window']
        with windows._counted(self, 'post', self.rate_limit) as has_room:
            if not has_room:
                raise RateExceeded(self.env._('Too many requests. Please try again in an hour.'))
            reference = self._create_document(post, reference)
            self.env.flush_all()
        return reference

    def _create_document(self, post, reference):
        """Make a lead of the post, and return the reference to tell the sender.

        Override for forms that make something else.
        """
        self._create_lead(post, reference)
        return reference

    def _create_lead(self, post, reference):
        utm_values, unknown_names = self._get_utm_values(post)
        values = self._prepare_lead_values(post, unknown_names)
        lead = self.env['crm.lead'].create(
            {
                **values,
                **utm_values,
                'crm_capture_reference': reference,
            }
        )
        lead._assign_userless_lead_in_team(self.env._('website form'))
        return lead

    def _prepare_lead_values(self, post, unknown_names=()):
        """Return the values of the lead; open to more fields of the post."""
        self.ensure_one()
        return {
            'type': 'lead',
            'name': capture.get_title(post) or self._get_default_title(capture.get_sender(post)),
            'contact_name': post['contact_name'],
            'email_from': post['email'],
            'phone': post['phone'],
            'partner_name': post['company'],
            'description': self._prepare_description(post['message'], unknown_names),
            'company_id': self.company_id.id,
            'team_id': self.team_id.id,
            'user_id': self.user_id.id,
            'crm_capture_form_id': self.id,
        }

    @api.model
    def _get_default_title(self, sender):
        if sender:
            return self.env._('Request from %(sender)s', sender=sender)
        return self.env._('Request from the website')

    @api.model
    def _prepare_description(self, message, unknown_names):
        note = plaintext2html(message) if message else Markup()
        for parameter, name in unknown_names:
            note += Markup('<p>%s: %s</p>') % (parameter, name)
        return note

    def _get_utm_values(self, post):
        """Return the campaign, channel and source of the lead, and the names left over.

        All three are always given: core would take missing ones from the cookies of the
        visitor, and create what it finds there.
        """
        values, unknown_names = {}, []
        for parameter, field_name, _cookie in self.env['utm.mixin'].tracking_fields():
            if field_name not in self._fields:
                continue
            record, name = self[field_name], post.get(parameter)
            if name:
                found = self._find_or_create_utm(record._name, name)
                record = found or record
                if not found:
                    unknown_names.append((parameter, name))
            values[field_name] = record.id
        return values, unknown_names

    def _find_or_create_utm(self, model_name, name):
        """Return the campaign, channel or source of the name, nothing when too many are new."""
        records = self.env[model_name].with_context(active_test=False)
        found = records.search([('name', '=ilike', escape_psql(name))], limit=1)
        if not found and model_name == 'utm.medium':
            found = records._find_crm_channel(name)
        if found:
            return found
        windows = self.env['crm.capture.window']
        with windows._counted(self, 'name', NEW_NAMES_PER_DAY) as has_room:
            return self._create_utm(records, name) if has_room else found

    def _create_utm(self, records, name):
        values = {'name': name}
        if 'is_auto_campaign' in records._fields:
            values.update(is_auto_campaign=True, user_id=self.user_id.id or self.create_uid.id)
        try:
            with self.env.cr.savepoint():
                return records.create(values)
        except UniqueViolation as error:
            # somebody created it meanwhile: the server tries again and finds it
            raise ConcurrencyError from error
