from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core.duplicates import Card, find_matches, find_pairs, get_traits

_LIMIT = 50  # contacts that are looked at, where a crowd shares something


class ResPartner(models.Model):
    """Says while a contact is typed that it may be there already; refuses nothing."""

    _inherit = 'res.partner'

    crm_similar_ids = fields.Many2many(
        comodel_name='res.partner',
        string='Similar Contacts',
        compute='_compute_crm_similar',
        groups='sales_team.group_sale_salesman',
        help='Contacts that you may see and that may be the same, and were not said to be others.',
    )
    crm_similar_links = fields.Html(
        string='Similar Contacts as Links',
        compute='_compute_crm_similar',
        sanitize=False,
        groups='sales_team.group_sale_salesman',
    )

    @api.depends(
        'name',
        'is_company',
        'type',
        'email_normalized',
        'phone_sanitized',
        'vat',
        'city',
        'country_id',
        'parent_id',
        'company_id',
    )
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_crm_similar(self):
        """Compare with what is found through indexes, in the same few queries for one or many."""
        cards = [contact._get_crm_card(-index) for index, contact in enumerate(self, start=1)]
        similar = self._find_crm_similar(cards)
        for contact, card in zip(self, cards, strict=True):
            found = self.browse(sorted(similar.get(card.id, ())))
            contact.crm_similar_ids = found
            contact.crm_similar_links = found._get_crm_links()

    def _get_crm_card(self, new_id):
        """Return what of a contact is compared, as it is being typed.

        :param new_id: the id of the card of a contact that has none yet
        """
        if self.type not in (False, 'contact'):
            return Card(self._origin.id or new_id)  # an address is no contact
        company = self.commercial_partner_id._origin - self._origin
        above = (self.parent_id | self.parent_id.parent_id)._origin
        return Card(
            id=self._origin.id or new_id,
            name=self.name or '',
            is_company=self.is_company,
            email=self.email_normalized or '',
            phones=self._get_crm_numbers(),
            tax_number=(not company and self.vat) or '',
            country=self.country_id.code or '',
            city=self.city or '',
            owner=self.company_id.id or 0,
            above=(*(above - company).ids, *company.ids),
        )

    def _get_crm_numbers(self):
        names = ['phone_sanitized', *self._phone_get_number_fields()]
        return tuple(filter(None, (self[name] for name in names)))

    @api.model
    def _find_crm_similar(self, cards):
        """Return ``{id of a card: ids of contacts}`` that the user sees and that may be it."""
        traits = set().union(*map(get_traits, cards))
        found = self._search_crm_similar(cards, traits) if traits else self.browse()
        others = self.env['crm.duplicate.contact'].sudo()._read_cards(found.ids)
        known = {card.id: card for card in [*others, *cards]}
        apart = self.env['crm.duplicate'].sudo()._get_apart(known)
        similar = {}
        for match in find_matches(known.values()):
            for pair in find_pairs(match, known):
                if frozenset(pair) not in apart:
                    for id_, other in (pair, pair[::-1]):
                        if other > 0:
                            similar.setdefault(id_, set()).add(other)
        return similar

    @api.model
    def _search_crm_similar(self, cards, traits):
        """Return contacts with any of the traits; what was saved just now by address and number."""
        limit = _LIMIT * len(cards)
        rows = self.env.execute_query(self._get_crm_similar_query(traits, limit))
        emails = [card.email for card in cards if card.email]
        numbers = [number for card in cards for number in card.phones]
        return self.search(
            Domain('id', 'in', [id_ for (id_,) in rows])
            | Domain('email_normalized', 'in', emails)
            | Domain('phone_sanitized', 'in', numbers),
            limit=limit,
        )

    @api.model
    def _get_crm_similar_query(self, traits, limit):
        return SQL(
            """SELECT DISTINCT partner_id FROM crm_duplicate_trait
                WHERE (value, kind) IN %s LIMIT %s""",
            tuple((trait.value, trait.kind) for trait in traits),
            limit,
        )

    def _get_crm_links(self):
        """Return the contacts as links that leave what is being typed alone."""
        return Markup(', ').join(
            Markup('<a href="/odoo/res.partner/{}" target="_blank">{}</a>').format(
                contact.id, contact.display_name
            )
            for contact in self
        )
