from odoo import models
from odoo.fields import Domain
from odoo.tools import html2plaintext

# What of a contact is about the person; where it comes from and its language stay for the counts.
PERSONAL_FIELDS = (
    'email',
    'phone',
    'street',
    'street2',
    'zip',
    'city',
    'function',
    'website',
    'vat',
    'comment',
    'company_name',
    'image_1920',
)
LEAD_FIELDS = (
    'contact_name',
    'partner_name',
    'email_from',
    'phone',
    'street',
    'street2',
    'zip',
    'city',
    'function',
    'website',
    'description',
    'crm_vat',
    'crm_capture_page',
    'crm_capture_referrer',
    'crm_capture_clicks',
)
CALL_FIELDS = ('phone', 'description', 'recording_url')
CONSENT_FIELDS = ('email', 'address', 'address_confirmed')
SUSPECT_FIELDS = ('email', 'phone', 'content', 'raw_post', 'address', 'languages')
MESSAGE_FIELDS = ('subject', 'body', 'email_from')
# What a person writes is his wherever it stands; what he signs is said by the program, and stays.
WRITTEN_TYPES = ('email', 'out_of_office')


class ResPartner(models.Model):
    """What is known about people, wherever it stands.

    Who is no contact is asked for by a new record with an address or a number, never saved. A
    document without customer is theirs that has their address, or a number that nobody else has.
    """

    _inherit = 'res.partner'

    # === WHERE IT STANDS === #

    def _get_crm_personal_data(self):
        """Declare where data of these people stands. To be extended by upper addons.

        :return: [(records, names of their fields that are about the person)]; what the program
            may read, not the user: who asks has a right to all of it
        """
        posts = self._find_crm_personal_posts
        return [
            (self._origin.sudo(), self._get_crm_personal_fields()),
            (self._find_crm_personal('crm.lead'), ('name', *LEAD_FIELDS)),
            (self._find_crm_personal('crm.call'), ('name', *CALL_FIELDS)),
            (posts('crm.capture.consent'), CONSENT_FIELDS),
            (posts('crm.capture.suspect'), ('name', *SUSPECT_FIELDS)),
        ]

    def _get_crm_kept_data(self):
        """Declare what names these people and stays as it is: agreements, decisions, lists.

        :return: as ``_get_crm_personal_data``; to be extended by upper addons
        """
        # sudo: who asks what is known is to hear of everything
        groups = self.env['crm.duplicate'].sudo().search([('partner_ids', 'in', self.ids)])
        return [(groups, ('reason', 'state'))]

    def _get_crm_traces(self):
        """Declare what goes as a whole where these people are forgotten: it is about nothing else.

        :return: as ``_get_crm_personal_data``; to be extended by upper addons
        """
        # sudo: who asks what is known is to hear of everything
        visits = self.env['crm.visit'].sudo().search([('partner_id', 'in', self.ids)])
        leads, emails = self._find_crm_personal('crm.lead'), self._get_crm_emails()
        merges = self.env['crm.lead.merge'].sudo().search([('lead_id', 'in', leads.ids)])
        merges |= self.env['crm.lead.merge.source'].sudo()._find_of_people(self, emails).merge_id
        own = self._origin.sudo().crm_merge_ids
        own |= self.env['crm.duplicate.merge.source'].sudo()._find_of_people(self, emails).merge_id
        return [(visits, ('name', 'date')), (merges, ('date',)), (own, ('date',))]

    def _get_crm_whole_data(self):
        """Return all of it, as ``_get_crm_personal_data``."""
        return [
            *self._get_crm_personal_data(),
            *self._get_crm_kept_data(),
            *self._get_crm_traces(),
        ]

    def action_privacy_lookup(self):
        """Let Odoo's look-up know the number, too, if it is of this contact alone."""
        action = super().action_privacy_lookup()
        # a number that others have finds them, too: who wants that types it
        phone = self.phone if self._get_crm_own_numbers() else False
        action['context'] = {**action['context'], 'default_crm_phone': phone}
        return action

    def _get_crm_personal_fields(self):
        """Return what of the contacts themselves is about the person; upper addons keep more."""
        return ('name', *PERSONAL_FIELDS)

    # === FINDING === #

    def _find_crm_personal(self, model_name):
        """Return the documents of these people: theirs, or nobody's and from them."""
        # sudo: who asks what is known is to hear of everything
        documents = self.env[model_name].sudo().with_context(active_test=False)
        from_them = self._get_crm_sender_domain(documents)
        return documents.search(
            Domain('partner_id', 'in', self.ids) | Domain('partner_id', '=', False) & from_them
        )

    def _get_crm_sender_domain(self, documents):
        """Return what has one of their addresses, or none and one of their own numbers."""
        has_address = 'email_normalized' in documents._fields
        domain = Domain.FALSE
        if has_address:
            domain |= Domain('email_normalized', 'in', self._get_crm_emails())
        if isinstance(documents, self.env.registry['crm.call.number.mixin']):
            found = documents._find_by_numbers(self._get_crm_own_numbers())
            called = Domain('id', 'in', [one.id for some in found.values() for one in some])
            domain |= called & Domain('email_normalized', '=', False) if has_address else called
        return domain

    def _find_crm_personal_posts(self, model_name):
        """Return what these people sent from websites: it knows an address or number, nobody."""
        posts = self.env[model_name].sudo()
        emails, numbers = self._get_crm_emails(), set(self._get_crm_own_numbers())
        wrote = Domain('email', 'in', emails)
        if 'lead_id' in posts._fields:
            # several people may have a mailbox: the lead says which of them it was
            others = [('email_normalized', 'in', emails), ('id', 'not in', self.ids)]
            wrote &= Domain('lead_id', 'not any', [('partner_id', 'any', others)])
            wrote |= Domain('lead_id', 'in', self._find_crm_personal('crm.lead').ids)
        found = posts.search(wrote)
        if 'phone' in posts._fields and numbers:
            called = posts.search([('email', '=', False), ('phone', '!=', False)])
            found |= called.filtered(
                lambda post: numbers & set(self._get_international_numbers(post.phone))
            )
        return found

    def _find_crm_personal_messages(self, documents):
        """Return what was written on these documents, and the mails of these people anywhere.

        What they signed or answered on documents that stay is said there by the program: it stays.
        """
        domain = Domain('author_id', 'in', self.ids) & Domain('message_type', 'in', WRITTEN_TYPES)
        for records, _names in documents:
            domain |= Domain('model', '=', records._name) & Domain('res_id', 'in', records.ids)
        return self.env['mail.message'].sudo().search(domain)

    def _get_crm_emails(self):
        return sorted(set(filter(None, self.mapped('email_normalized'))))

    def _get_crm_own_numbers(self):
        """Return their numbers that nobody else has: a switchboard tells of no single person."""
        numbers = set(filter(None, self.mapped('phone_sanitized')))
        for partner in self:
            numbers.update(self._get_international_numbers(partner.phone or ''))
        # sudo: who else has a number counts, whoever may see him
        everybody = self.env['res.partner'].sudo().with_context(active_test=False)
        owners = everybody._find_by_numbers(sorted(numbers))
        return sorted(number for number in numbers if owners[number] <= self._origin.sudo())

    # === TELLING === #

    def _get_crm_known(self):
        """Return what is known, for printing: [(title, [(name, [(label, value)])])]."""
        self._check_crm_privacy()
        messages = self._find_crm_personal_messages(self._get_crm_personal_data())
        known = []
        for records, names in [*self._get_crm_whole_data(), (messages, MESSAGE_FIELDS)]:
            rows = [(record.display_name, _get_values(record, names)) for record in records]
            if rows:
                known.append((self.env['ir.model']._get(records._name).name, rows))
        return known


def _get_values(record, names):
    """Return [(label, text)] of the fields that are filled."""
    labels = record.fields_get(names, attributes=('string', 'type'))
    values = []
    for name in names:
        value, kind = record[name], labels[name]['type']
        if value and kind != 'binary':
            values.append(
                (labels[name]['string'], html2plaintext(value) if kind == 'html' else str(value))
            )
    return values
