from odoo import api, fields, models

from ...core import capture
from ...core.post_body import flatten
from ...core.post_names import CLICKS, FIELDS, get_key
from .crm_capture_reading import OWN_NAMES

# What a visitor did not type himself, though it comes with what he typed.
UNSEEN_FIELDS = {
    'page', 'referrer', 'lang', 'consent_version', 'utm_campaign', 'utm_medium', 'utm_source',
}  # fmt: skip
# A text longer than this gets several lines.
LINE_LENGTH = 80
# Where Odoo keeps the public half of the keys of its captchas.
CAPTCHA_KEYS = {'turnstile': 'cf.turnstile_site_key', 'recaptcha': 'recaptcha_public_key'}
CAPTCHA_NAMES = {'recaptcha_token_response', 'turnstile_captcha', 'cf-turnstile-response'}


class CrmCaptureForm(models.Model):
    """The HTML that a website pastes, and the page that a visitor reads."""

    _inherit = 'crm.capture.form'

    html_snippet = fields.Text(string='HTML', compute='_compute_html')
    html_tracker = fields.Text(
        string='HTML for Every Page',
        compute='_compute_html',
        help='Remembers campaign, first page and where the visitor came from until he sends a '
        'form. The HTML of the form holds it too.',
    )
    has_captcha = fields.Boolean(
        string='Captcha',
        help='Ask Google reCAPTCHA or Cloudflare Turnstile whether a person sends the form, as '
        'far as they are installed and have keys in the settings. Only what is sent from the '
        'HTML to paste has such a proof: leave it off where a service posts.',
    )

    @api.depends(
        'url',
        'thank_you_url',
        'file_limit',
        'consent_text',
        'consent_required',
        'consent_text_ids.version',
        'has_captcha',
    )
    def _compute_html(self):
        tracker = self._render_html('crm_extended.crm_capture_tracker', {})
        for form in self:
            form.html_tracker = tracker
            form.html_snippet = form._render_html(
                'crm_extended.crm_capture_form_snippet',
                {
                    'form': form,
                    'trap': capture.TRAP_FIELD,
                    'captcha': form._get_captcha_keys(),
                },
            )

    @api.model
    def _render_html(self, template, values):
        return self.env['ir.qweb']._render(template, values).strip()

    def _get_captcha_keys(self):
        """Return the public keys of the captchas, which every page that has one shows."""
        parameters_sudo = self.env['ir.config_parameter'].sudo()
        return {
            name: self.has_captcha and parameters_sudo.get_param(key)
            for name, key in CAPTCHA_KEYS.items()
        }

    # === WHAT A VISITOR READS === #

    def _prepare_page(self, typed):
        """Return what the page shows of the form: what was typed, to be sent again.

        :param typed: the post as it came, None where nothing is to be sent again
        """
        fields_typed = [
            self._prepare_typed(name, text)
            for name, text in flatten(typed or {})
            if name not in OWN_NAMES - {'redirect'} and name not in CAPTCHA_NAMES
        ]
        return {
            'company_sudo': self.company_id,
            'form': self,
            'typed': [one for one in fields_typed if one['field'] not in ('consent', 'seconds')],
            'captcha': self._get_captcha_keys(),
        }

    @api.model
    def _prepare_typed(self, name, text):
        key = get_key(name)
        field = FIELDS.get(key)
        is_unseen = field in UNSEEN_FIELDS or key in CLICKS or name in OWN_NAMES
        return {
            'name': name,
            'field': field,
            'text': text,
            'label': name.replace('_', ' ').capitalize(),
            'kind': 'hidden' if is_unseen else 'email' if field == 'email' else 'text',
            'is_long': field == 'message' or len(text) > LINE_LENGTH or '\n' in text,
        }
