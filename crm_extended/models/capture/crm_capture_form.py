import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core import capture


class RateExceeded(UserError):
    """The form, or one sender, took as many posts as it may in this hour.

    reason: one of those for which ``crm.capture.suspect`` keeps a post.
    """

    def __init__(self, message, reason='rate'):
        super().__init__(message)
        self.reason = reason


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
    thank_you_url = fields.Char(
        string='Thank-You Page',
        help='Where a visitor is sent after the form; the only address to which we redirect.',
    )
    rate_limit = fields.Integer(
        string='Posts per Hour',
        required=True,
        default=60,
        help='What comes beyond that in one hour is kept aside, and who looks after the form is '
        'told.',
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
        self.check_access('write')
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
