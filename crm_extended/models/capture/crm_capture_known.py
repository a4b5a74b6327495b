from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ...core.people import collect, get_keys, get_name_words, get_person

# Who is called what: the person, else the company.
_NAMES = {'crm.lead': ('contact_name', 'partner_name'), 'res.partner': ('name',)}


class Known(NamedTuple):
    """What is known of one person: records that the user may read, and how many others."""

    leads: models.BaseModel
    partners: models.BaseModel
    hidden_count: int


class CrmCaptureKnown(models.AbstractModel):
    """Tells which of the people that are captured are known already.

    The e-mail address counts, or the phone number together with the name: colleagues share a
    switchboard. Equality of normalised addresses and numbers lets indexes answer, however many
    people are asked for and however many are known.
    """

    _name = 'crm.capture.known'
    _description = 'People Known Already'

    @api.model
    def _get_person(self, emails, phones, name=''):
        """Return the person of addresses and numbers that are normalised; leave out empty ones.

        :param name: of the person, else of the company; nothing where none is known
        """
        return get_person(emails, phones, name)

    @api.model
    def _find(self, people):
        """Return what is known of each of the people, in their order.

        Archived and lost records count. Those that the user may not read are told as a number,
        as long as they belong to the companies that he works in.
        """
        leads = self._find_records('crm.lead', people)
        partners = self._find_records('res.partner', people)
        seen_leads, seen_partners = self._get_readable(leads), self._get_readable(partners)
        return [
            self._prepare_known(
                self._collect(leads, person),
                self._collect(partners, person),
                seen_leads,
                seen_partners,
            )
            for person in people
        ]

    @api.model
    def _find_records(self, model_name, people):
        """Return ``{address or number: {id: words of the name}}`` in one query."""
        emails, phones = get_keys(people)
        domain = Domain('email_normalized', 'in', emails) | Domain('phone_sanitized', 'in', phones)
        domain &= Domain('company_id', 'in', [*self.env.companies.ids, False])
        found = defaultdict(dict)
        # in the name of all: what a colleague knows is worth a hint
        records_sudo = self.env[model_name].sudo().with_context(active_test=False)
        keys, names = ('email_normalized', 'phone_sanitized'), _NAMES[model_name]
        for record in records_sudo.search_fetch(domain, [*keys, *names], order='id'):
            words = get_name_words(next(filter(None, map(record.__getitem__, names)), ''))
            for key in keys:
                found[record[key]][record.id] = words
        return model_name, found

    @api.model
    def _collect(self, records, person):
        model_name, found = records
        return self.env[model_name].browse(collect(found, person))

    @api.model
    def _get_readable(self, records):
        model_name, found = records
        ids = set().union(*found.values())
        return self.env[model_name].browse(sorted(ids))._filtered_access('read')

    @api.model
    def _prepare_known(self, leads, partners, seen_leads, seen_partners):
        hidden = len(leads - seen_leads) + len(partners - seen_partners)
        return Known(leads & seen_leads, partners & seen_partners, hidden)
