from odoo import api, fields, models
from odoo.tools import SQL

from ...core.duplicates import CROWD, Card, Match, Trait, get_traits, get_words

# How many ids are looked through at once for contacts that changed.
_STRIDE = 20_000


class CrmDuplicateContact(models.Model):
    """Which state of a contact was compared with the others, and by what it can be found.

    A contact is compared again when it was written since: whatever changed, in whatever order
    transactions end.
    """

    _name = 'crm.duplicate.contact'
    _description = 'Compared Contact'
    _log_access = False
    _rec_name = 'partner_id'

    partner_id = fields.Many2one(
        comodel_name='res.partner',
        string='Contact',
        required=True,
        readonly=True,
        ondelete='cascade',
    )
    date = fields.Datetime(
        string='State of',
        readonly=True,
        help='When the contact was last written before it was compared, in UTC.',
    )

    _partner_unique = models.Constraint('UNIQUE (partner_id)', 'A contact is compared once.')

    # === WHAT CHANGED === #

    @api.model
    def _find_changed(self, after, limit):
        """Return the ids of contacts that changed since they were compared, in their order.

        It walks through ids in strides: the plan and the time of each do not depend on how many
        contacts there are.

        :param after: the id after which to begin
        :param limit: how many are enough
        """
        self.env['res.partner'].flush_model()
        [[last]] = self.env.execute_query(SQL('SELECT COALESCE(MAX(id), 0) FROM res_partner'))
        changed = []
        while after < last and len(changed) < limit:
            changed += self._find_changed_between(after, after + _STRIDE)
            after += _STRIDE
        return changed[:limit]

    def _find_changed_between(self, after, until):
        rows = self.env.execute_query(
            SQL(
                """SELECT partner.id
                     FROM res_partner AS partner
                LEFT JOIN crm_duplicate_contact AS compared
                          ON compared.partner_id = partner.id
                         AND compared.partner_id > %(after)s
                         AND compared.partner_id <= %(until)s
                    WHERE partner.id > %(after)s AND partner.id <= %(until)s
                      AND (compared.id IS NULL OR compared.date IS DISTINCT FROM partner.write_date)
                 ORDER BY partner.id""",
                after=after,
                until=until,
            )
        )
        return [partner_id for (partner_id,) in rows]

    @api.model
    def _forget(self, partner_ids):
        """Let the contacts be compared again."""
        for table in ('crm_duplicate_contact', 'crm_duplicate_trait'):
            self.env.cr.execute(
                SQL(
                    'DELETE FROM %s WHERE partner_id = ANY(%s)',
                    SQL.identifier(table),
                    list(partner_ids),
                )
            )

    @api.model
    def _remember(self, partner_ids):
        """Note what the contacts can be found by, as they are now."""
        self._forget(partner_ids)
        self.env.cr.execute(
            SQL(
                """INSERT INTO crm_duplicate_contact (partner_id, date)
                   SELECT id, write_date FROM res_partner WHERE id = ANY(%s)""",
                list(partner_ids),
            )
        )
        rows = [
            (card.id, trait.kind, trait.value, ' '.join(get_words(card)))
            for card in self._read_cards(partner_ids)
            for trait in sorted(get_traits(card))
        ]
        columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
        self.env.cr.execute(
            SQL(
                """INSERT INTO crm_duplicate_trait (partner_id, kind, value, name)
                   SELECT * FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[])""",
                *columns,
            )
        )

    # === CARDS === #

    @api.model
    def _read_cards(self, partner_ids):
        """Return what is compared of the contacts; addresses and archived ones are left out.

        In one query, whoever may see them.
        """
        partners = self.env['res.partner']
        numbers = [name for name in partners._phone_get_number_fields() if name != 'phone']
        rows = self.env.execute_query(
            SQL(
                """SELECT partner.id, partner.name, partner.is_company, partner.email_normalized,
                          ARRAY[partner.phone_sanitized, partner.phone %s],
                          CASE WHEN partner.commercial_partner_id = partner.id
                               THEN partner.vat END,
                          country.code, partner.city, partner.company_id,
                          ARRAY[partner.parent_id, parent.parent_id, CASE
                          WHEN partner.commercial_partner_id != partner.id
                          THEN partner.commercial_partner_id END]
                     FROM res_partner AS partner
                LEFT JOIN res_partner AS parent ON parent.id = partner.parent_id
                LEFT JOIN res_country AS country ON country.id = partner.country_id
                    WHERE partner.id = ANY(%s) AND partner.active
                      AND COALESCE(partner.type, 'contact') = 'contact'""",
                SQL().join(
                    SQL(', %s', SQL.identifier('partner', name))
                    for name in numbers
                    if partners._fields[name].store
                ),
                list(partner_ids),
            )
        )
        return [self._prepare_card(*row) for row in rows]

    @api.model
    def _prepare_card(
        self, id_, name, is_company, email, phones, tax_number, country, city, owner, above
    ):
        return Card(
            id=id_,
            name=name or '',
            is_company=bool(is_company),
            email=email or '',
            phones=tuple(filter(None, phones)),
            tax_number=tax_number or '',
            country=country or '',
            city=city or '',
            owner=owner or 0,
            above=tuple(filter(None, above)),
        )

    # === MATCHES === #

    @api.model
    def _find_matches(self, partner_ids):
        """Return what the contacts share with any others.

        A name that a crowd shares tells nothing; of what else a crowd shares, those of one name.
        """
        rows = self.env.execute_query(self._get_matches_query(partner_ids))
        return [Match(Trait(kind, value), is_crowded, ids) for kind, value, is_crowded, ids in rows]

    @api.model
    def _get_matches_query(self, partner_ids):
        return SQL(
            """WITH wanted AS MATERIALIZED (
                   SELECT DISTINCT kind, value FROM crm_duplicate_trait
                    WHERE partner_id = ANY(%(ids)s)
               ), shared AS (
                   SELECT trait.*,
                          COUNT(*) OVER (PARTITION BY trait.kind, trait.value) AS number
                     FROM wanted
                     JOIN crm_duplicate_trait AS trait USING (value, kind)
               )
               SELECT kind, value, number > %(crowd)s, ARRAY_AGG(partner_id)
                 FROM shared
                WHERE number > 1 AND (kind != 'name' OR number <= %(crowd)s)
             GROUP BY kind, value, number, CASE WHEN number > %(crowd)s THEN name END
               HAVING COUNT(*) > 1""",
            ids=list(partner_ids),
            crowd=CROWD,
        )


class CrmDuplicateTrait(models.Model):
    """An address, number or name by which a contact is found."""

    _name = 'crm.duplicate.trait'
    _description = 'Trait of a Contact'
    _log_access = False
    _rec_name = 'value'

    partner_id = fields.Many2one(
        comodel_name='res.partner',
        string='Contact',
        required=True,
        readonly=True,
        index=True,
        ondelete='cascade',
    )
    kind = fields.Char(required=True, readonly=True)
    value = fields.Char(required=True, readonly=True)
    name = fields.Char(
        readonly=True, help='The words of the name of the contact, without titles and legal forms.'
    )

    _value_idx = models.Index('(value, kind)')
