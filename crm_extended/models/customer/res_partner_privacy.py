from odoo import api, models
from odoo.exceptions import AccessError, UserError
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
SILENT = {'tracking_disable': True, 'mail_notrack': True, 'mail_create_nolog': True}


class ResPartner(models.Model):
    """What is known about a person: printed when asked for, forgotten without losing counts.

    Documents stay, with their dates, amounts and states; what is about the person goes.
    """

    _inherit = 'res.partner'

    # === WHAT IS KNOWN === #

    def _get_crm_personal_data(self):
        """Declare where data of these people stands. To be extended by upper addons.

        :return: [(records, names of their fields that are about the person)]; what the program
            may read, not the user: who asks has a right to all of it
        """
        documents = [(self.sudo(), self._get_crm_personal_fields())]
        documents += [
            (self._find_crm_personal('crm.lead'), ('name', *LEAD_FIELDS)),
            (self._find_crm_personal('crm.call'), ('name', *CALL_FIELDS)),
            (self._find_crm_personal_posts('crm.capture.consent'), CONSENT_FIELDS),
            (self._find_crm_personal_posts('crm.capture.suspect'), ('name', *SUSPECT_FIELDS)),
        ]
        return documents

    def _get_crm_personal_fields(self):
        """Return what of the contacts themselves is about the person; upper addons keep more."""
        return ('name', *PERSONAL_FIELDS)

    def _find_crm_personal(self, model_name):
        """Return the documents of these people: theirs, or nobody's and from their address."""
        # sudo: who asks what is known is to hear of everything
        documents = self.env[model_name].sudo().with_context(active_test=False)
        domain = Domain('partner_id', 'in', self.ids)
        emails = [email for email in self.mapped('email_normalized') if email]
        if emails and 'email_normalized' in documents._fields:
            domain |= Domain('partner_id', '=', False) & Domain('email_normalized', 'in', emails)
        return documents.search(domain)

    def _find_crm_personal_posts(self, model_name):
        """Return what these people sent from websites: it knows an address, and nobody else."""
        emails = [email for email in self.mapped('email_normalized') if email]
        return self.env[model_name].sudo().search([('email', 'in', emails)])

    def _find_crm_personal_messages(self, documents):
        """Return what was written on these documents, and the mails of these people anywhere.

        What they signed or answered on documents that stay is said there by the program: it stays.
        """
        domain = Domain('author_id', 'in', self.ids) & Domain('message_type', '=', 'email')
        for records, _names in documents:
            domain |= Domain('model', '=', records._name) & Domain('res_id', 'in', records.ids)
        return self.env['mail.message'].sudo().search(domain)

    def _get_crm_known(self):
        """Return what is known, for printing: [(title, [(name, [(label, value)])])]."""
        self._check_crm_privacy()
        documents = self._get_crm_personal_data()
        messages = self._find_crm_personal_messages(documents)
        known = []
        for records, names in [*documents, (messages, MESSAGE_FIELDS)]:
            rows = [(record.display_name, _get_values(record, names)) for record in records]
            if rows:
                known.append((self.env['ir.model']._get(records._name).name, rows))
        return known

    # === FORGETTING === #

    def _anonymise(self):
        """Forget who these people are; counts, dates, amounts and documents stay.

        :raise UserError: for who can log in
        :raise AccessError: for who is no sales administrator
        """
        self._check_crm_privacy()
        documents = self._get_crm_personal_data()
        messages = self._find_crm_personal_messages(documents)
        self._forget_crm_merges()
        self._forget_files(documents)
        messages.write({'subject': False, 'body': '', 'email_from': False})
        messages.tracking_value_ids.filtered(_is_personal_change).unlink()
        for records, names in documents:
            _forget(records.with_context(**SILENT), names)
        self.sudo().with_context(**SILENT).active = False
        self._message_log_batch(
            {partner.id: self.env._('Who this was has been forgotten.') for partner in self}
        )

    def _check_crm_privacy(self):
        if not self.env.user.has_group('sales_team.group_sale_manager'):
            raise AccessError(self.env._('Only sales administrators may do this.'))
        self.check_access('write')
        users = self.with_context(active_test=False).user_ids
        if users:
            raise UserError(
                self.env._(
                    '%(people)s can log in: delete the users first.', people=users.mapped('name')
                )
            )

    @api.model
    def _forget_files(self, documents):
        domain = Domain.OR(
            Domain('res_model', '=', records._name) & Domain('res_id', 'in', records.ids)
            for records, _names in documents
        )
        self.env['ir.attachment'].sudo().search(domain & Domain('res_field', '=', False)).unlink()


def _is_personal_change(value):
    """Say whether a tracked change is about a person; those of stages and the like are counted."""
    field = value.field_id
    return field.ttype in ('char', 'text', 'html') or field.relation == 'res.partner'


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


def _forget(records, names):
    """Empty the fields; a name becomes one that tells nothing."""
    records.write({name: False for name in names if name != 'name'})
    if 'name' in names:
        for record in records:
            record.name = record.env._('Anonymous %s', record.id)
