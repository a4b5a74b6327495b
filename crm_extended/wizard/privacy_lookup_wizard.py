from odoo import Command, fields, models
from odoo.fields import Domain


class PrivacyLookupWizard(models.TransientModel):
    """Odoo's look-up of what is known about a person finds all that ours find, too.

    By itself it looks for addresses and links that a deleted contact leaves behind: no numbers, no
    merges, no visits, nothing that only goes with its contact.
    """

    _inherit = 'privacy.lookup.wizard'

    crm_phone = fields.Char(
        string='Phone',
        help='Contacts with this number are found, and what came from it without a contact.',
    )

    def action_lookup(self):
        action = super().action_lookup()
        told = {(line.res_model, line.res_id) for line in self.line_ids}
        found = [
            record
            for records in self._find_crm_records()
            for record in records
            if (record._name, record.id) not in told
        ]
        self.line_ids = [Command.create(self._prepare_crm_line(record)) for record in found]
        return action

    def _find_crm_records(self):
        """Return the records of each model that are about the person, each once."""
        people = self._find_crm_people()
        found = {}
        for records, _names in people._get_crm_whole_data():
            found[records._name] = found.get(records._name, records) | records
        return found.values()

    def _find_crm_people(self):
        """Return the contacts with the address or number, and one for who is no contact."""
        partners = self.env['res.partner'].with_context(active_test=False)
        stranger = partners.new({'email': self.email, 'phone': self.crm_phone})
        has_address = Domain('email_normalized', 'in', stranger._get_crm_emails())
        numbers = stranger._get_international_numbers(self.crm_phone or '')
        called = partners._find_by_numbers(numbers)
        return partners.search(has_address).union(*called.values(), stranger)

    def _prepare_crm_line(self, record):
        return {
            'res_model_id': self.env['ir.model']._get_id(record._name),
            'res_id': record.id,
            'is_active': 'active' not in record or record.active,
        }
