import secrets

from odoo import api, fields, models

# What a lead says of the confirmation of its address.
WAITING, CONFIRMED = 'waiting', 'confirmed'


class CrmCaptureConsentText(models.Model):
    """What visitors were asked to agree to: each wording is kept, with its number."""

    _name = 'crm.capture.consent.text'
    _description = 'Wording of a Consent'
    _inherit = ['crm.program.mixin']
    _order = 'form_id, version desc'
    _rec_name = 'text'

    form_id = fields.Many2one(
        comodel_name='crm.capture.form',
        required=True,
        readonly=True,
        index=True,
        ondelete='cascade',
    )
    version = fields.Integer(required=True, readonly=True)
    text = fields.Text(required=True, readonly=True)

    _version_unique = models.Constraint(
        'UNIQUE (form_id, version)',
        'Each wording of a form has its own number.',
    )


class CrmCaptureConsent(models.Model):
    """Who agreed to what, when and from where; and whether the address was confirmed."""

    _name = 'crm.capture.consent'
    _description = 'Consent'
    _inherit = ['crm.program.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'email'

    lead_id = fields.Many2one(
        comodel_name='crm.lead',
        readonly=True,
        index='btree_not_null',
        ondelete='set null',
        help='The lead that the post became; what was agreed to is kept without it, too.',
    )
    form_id = fields.Many2one(
        comodel_name='crm.capture.form',
        string='Website Form',
        readonly=True,
        index='btree_not_null',
        ondelete='set null',
    )
    company_id = fields.Many2one(comodel_name='res.company', required=True, readonly=True)
    reference = fields.Char(readonly=True, help='What the visitor was told.')
    email = fields.Char(readonly=True, index='btree_not_null')
    date = fields.Datetime(string='Sent on', required=True, readonly=True)
    address = fields.Char(string='IP Address', readonly=True)
    text = fields.Text(
        string='Agreed to',
        readonly=True,
        help='The wording that stood beside the checkbox; empty where only the address was to be '
        'confirmed.',
    )
    version = fields.Integer(readonly=True, help='The number of the wording on its form.')
    date_confirmed = fields.Datetime(string='Confirmed on', readonly=True)
    address_confirmed = fields.Char(string='IP Address of the Confirmation', readonly=True)
    token = fields.Char(
        readonly=True,
        copy=False,
        index='btree_not_null',
        groups='base.group_system',
        default=lambda self: secrets.token_urlsafe(24),
    )
    confirm_url = fields.Char(
        compute='_compute_confirm_url', compute_sudo=True, groups='base.group_system'
    )

    @api.depends('token')
    def _compute_confirm_url(self):
        base_url = self.get_base_url()
        for consent in self:
            consent.confirm_url = f'{base_url}/crm/capture/confirm/{consent.token}'

    @api.model
    def _find_by_token(self, token):
        return self.search([('token', '=', token)], limit=1) if token.isprintable() else self

    def _send_request(self):
        """Ask the owner of the address to confirm it."""
        self.ensure_one()
        template = self.env.ref('crm_extended.crm_capture_confirm_template')
        template.send_mail(self.id, email_layout_xmlid='mail.mail_notification_light')
        self.lead_id.crm_capture_confirmation = WAITING

    def _confirm(self, address):
        """Note that the owner of the address confirmed it; the first time counts."""
        self.ensure_one()
        if self.date_confirmed:
            return
        self.write({'date_confirmed': fields.Datetime.now(), 'address_confirmed': address})
        self.lead_id.crm_capture_confirmation = CONFIRMED
        self.form_id._answer(self.lead_id)

    def _get_language(self):
        """Return the language that the visitor reads, as far as it is known."""
        return self.lead_id.lang_id.code or self.company_id.partner_id.lang


class CrmLead(models.Model):
    """What the person behind a lead agreed to."""

    _inherit = 'crm.lead'

    crm_capture_confirmation = fields.Selection(
        selection=[(WAITING, 'To be confirmed'), (CONFIRMED, 'Confirmed')],
        string='Email Address',
        readonly=True,
        copy=False,
        help='Whether who sent the website form followed the link in the mail that he got.',
    )
    crm_capture_consent_ids = fields.One2many(
        comodel_name='crm.capture.consent',
        inverse_name='lead_id',
        string='Consents',
        groups='sales_team.group_sale_salesman',
    )
