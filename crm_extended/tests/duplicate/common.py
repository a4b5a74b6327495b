from ..common import CrmExtendedCase


class DuplicateCase(CrmExtendedCase):
    """Contacts are compared as the hourly job does it, without its commits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.duplicates = cls.env['crm.duplicate']
        cls.contacts = cls.env['crm.duplicate.contact']

    @classmethod
    def _new(cls, name, **values):
        return cls.env['res.partner'].create({'name': name, **values})

    def _compare(self, *contacts):
        """Compare contacts that were given, else all that changed."""
        self.env.flush_all()
        ids = [contact.id for contact in contacts]
        self.duplicates._compare(ids or self.contacts._find_changed(0, 10**6))
        self.env.invalidate_all()

    def _get_groups(self, *contacts):
        """Return the open groups with any of the contacts, as {ids of contacts: reason}."""
        ids = [contact.id for contact in contacts]
        groups = self.duplicates.search([('partner_ids', 'in', ids), ('state', '=', 'open')])
        return {frozenset(group.partner_ids.ids): group.reason for group in groups}

    def _get_group(self, contact, state='open'):
        return self.duplicates.search(
            [('partner_ids', 'in', contact.ids), ('state', '=', state)]
        ).with_user(self.manager)
