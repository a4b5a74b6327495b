from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, hmac

from ...core.values import read_value

# So many mails of a form an address gets in a day: strangers type those of others, too.
MAILS_PER_DAY = 3


class CrmCaptureForm(models.Model):
    """What a form asks visitors to agree to, and what it answers them by itself."""

    _inherit = 'crm.capture.form'

    consent_text = fields.Text(
        string='Consent',
        help='The sentence beside a checkbox of the form, for example that the visitor has read '
        'how you treat his data. Without it the form has no checkbox. Paste the HTML again '
        'after changing it: what is sent from the old one counts for the old sentence.',
    )
    consent_required = fields.Boolean(
        string='Needed',
        default=True,
        help='Who does not agree is asked to; otherwise it is only noted who did.',
    )
    consent_text_ids = fields.One2many(
        comodel_name='crm.capture.consent.text',
        inverse_name='form_id',
        string='Wordings',
    )
    consent_version = fields.Integer(string='Number of the Wording', compute='_compute_consent')
    is_double_opt_in = fields.Boolean(
        string='Confirm by Mail',
        help='Who sends the form gets a mail with a link; the lead tells whether he followed it.',
    )
    answer_template_id = fields.Many2one(
        comodel_name='mail.template',
        string='Automatic Answer',
        domain=[('model', '=', 'crm.lead')],
        ondelete='set null',
        help='Is sent to who fills in the form, in his language; with a confirmation by mail, '
        'after that. No address gets more than 3 mails of a form in a day.',
    )

    @api.depends('consent_text_ids.version')
    def _compute_consent(self):
        for form in self:
            form.consent_version = max(form.consent_text_ids.mapped('version'), default=0)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        forms = super().create(vals_list)
        forms._keep_wordings()
        return forms

    def write(self, vals):
        result = super().write(vals)
        if 'consent_text' in vals:
            self._keep_wordings()
        return result

    def _keep_wordings(self):
        """Keep each sentence that visitors were shown, under its number."""
        # sudo: the history is the program's
        self.env['crm.capture.consent.text'].sudo().create(
            [
                {
                    'form_id': form.id,
                    'version': form.consent_version + 1,
                    'text': form.consent_text,
                }
                for form in self.filtered('consent_text')
                if form.consent_text != form._get_newest_wording().text
            ]
        )

    # === CONSENT === #

    def _check_post(self, post):
        if self.consent_text and self.consent_required and not self._is_agreed(post):
            raise UserError(
                self.env._('Please agree to this first: %(text)s', text=self.consent_text)
            )
        return super()._check_post(post)

    @api.model
    def _is_agreed(self, post):
        return read_value('boolean', post['consent'] or 'no') is True

    def _complete_document(self, reference, post, visit):
        super()._complete_document(reference, post, visit)
        is_agreed = bool(self.consent_text) and self._is_agreed(post)
        if not (is_agreed or self.is_double_opt_in or self.answer_template_id):
            return
        document = self._find_document(reference)
        lead = document if document._name == 'crm.lead' else self.env['crm.lead']
        must_confirm = self.is_double_opt_in and bool(email_normalize(post['email']))
        consent = self.env['crm.capture.consent']
        if is_agreed or must_confirm:
            values = self._prepare_consent(post, visit, is_agreed)
            consent = consent.create({**values, 'lead_id': lead.id, 'reference': reference})
        if not must_confirm:
            self._answer(lead)
        elif self._may_mail(post['email']):
            consent._send_request()

    def _prepare_consent(self, post, visit, is_agreed):
        wording = self._get_wording(post) if is_agreed else self.consent_text_ids.browse()
        return {
            'form_id': self.id,
            'company_id': self.company_id.id,
            'email': email_normalize(post['email']) or post['email'],
            'date': visit.moment or fields.Datetime.now(),
            'address': visit.address,
            'text': wording.text,
            'version': wording.version,
        }

    def _get_wording(self, post):
        """Return the wording that the visitor was shown: the HTML tells its number."""
        told = read_value('integer', post['consent_version'] or '0')
        shown = self.consent_text_ids.filtered(lambda wording: wording.version == told)
        return shown or self._get_newest_wording()

    def _get_newest_wording(self):
        return self.consent_text_ids.sorted('version')[-1:]

    # === ANSWER === #

    def _answer(self, lead):
        """Send the automatic answer of the form in the language of the visitor."""
        template = self.answer_template_id
        if lead and template and self._may_mail(lead.email_from):
            template.with_context(lang=lead.lang_id.code or self.env.lang).send_mail(
                lead.id, email_layout_xmlid='mail.mail_notification_light'
            )

    def _may_mail(self, email):
        """Count a mail to an address, and tell whether it may still be sent today."""
        address = email_normalize(email or '')
        if not address:
            return False
        key = hmac(self.env(su=True), 'crm_capture_mail', address)
        with self.env['crm.capture.window']._counted(self, 'mail', MAILS_PER_DAY, key) as has_room:
            return has_room
