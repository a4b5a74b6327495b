from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import plaintext2html

from ...core import capture


class CrmCaptureForm(models.Model):
    """The lead that a post becomes."""

    _inherit = 'crm.capture.form'

    def _create_document(self, post, reference):
        """Make a lead of the post, and return the reference to tell the sender.

        Override for forms that make something else.
        """
        self._create_lead(post, reference)
        return reference

    def _create_lead(self, post, reference):
        utm_values, unknown_names = self._get_utm_values(post)
        own_values, unread = self._get_own_values(post)
        values = self._prepare_lead_values(post, [*unknown_names, *unread])
        lead = self.env['crm.lead'].create(
            {
                **values,
                **own_values,
                **utm_values,
                'crm_capture_reference': reference,
            }
        )
        lead._assign_userless_lead_in_team(self.env._('website form'))
        return lead

    def _get_own_values(self, post):
        """Return the values of what the map of the form names, and what is no value there."""
        texts = {
            name: post[name] for name in post.keys() - capture.POST_FIELDS.keys() if post[name]
        }
        return self.env['crm.lead']._prepare_crm_capture_values(texts, self.team_id)

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
            'function': post['function'],
            'website': post['website'],
            'street': post['street'],
            'city': post['city'],
            'zip': post['zip'],
            'lang_id': self._get_language(post['lang']).id,
            'description': self._prepare_description(capture.get_message(post), unknown_names),
            'company_id': self.company_id.id,
            'team_id': self.team_id.id,
            'user_id': self.user_id.id,
            'crm_capture_form_id': self.id,
            'crm_capture_page': post['page'],
            'crm_capture_referrer': post['referrer'],
            'crm_capture_clicks': post['clicks'],
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

    @api.model
    def _get_language(self, code):
        """Return the installed language that is nearest to what the visitor reads, if any."""
        installed = [lang for lang, _name in self.env['res.lang'].get_installed()]
        return self.env['res.lang']._get_data(code=capture.find_language(code, installed))


class CrmLead(models.Model):
    """Where the visitor came from who sent a form."""

    _inherit = 'crm.lead'

    crm_capture_page = fields.Char(
        string='Page',
        readonly=True,
        copy=False,
        help='The first page of the website that the visitor saw, or that of the form.',
    )
    crm_capture_referrer = fields.Char(
        string='Came From',
        readonly=True,
        copy=False,
        help='The page of others that led the visitor to the website.',
    )
    crm_capture_clicks = fields.Text(
        string='Clicks',
        readonly=True,
        copy=False,
        help='The identifiers by which advertising networks know the click (gclid and the like), '
        'one a line: for reporting to them what became of it.',
    )
