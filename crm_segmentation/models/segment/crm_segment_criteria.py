from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .reasons import CRITERIA_ERRORS, say_reason

SCOPES = {
    'contacts': Domain('is_company', '=', False),
    'companies': Domain('is_company', '=', True),
    'both': Domain.TRUE,
}
# Writing one of these makes the writer answer for the criteria.
AUTHORED_FIELDS = {
    'company_id',
    'domain',
    'match',
    'match_count',
    'mode',
    'roll_up',
    'rule_ids',
    'scope',
}


class CrmSegment(models.Model):
    """Compiles a segment to one query of contacts: those that the author of its criteria sees."""

    _name = 'crm.segment'
    _inherit = ['crm.author.mixin', 'crm.segment']

    @api.constrains(
        'author_id', 'company_id', 'domain', 'match', 'match_count', 'mode', 'roll_up', 'scope'
    )
    def _check_domain(self):
        """Refuse criteria that do not compile for their author.

        Compiling checks fields, operators and the author's rights on every model of the path.
        """
        for segment in self:
            try:
                segment._get_target_query()
            except CRITERIA_ERRORS as error:
                raise ValidationError(
                    self.env._(
                        'The criteria of the segment "%(segment)s" cannot be used: %(reason)s. '
                        'Correct them with the criteria editor.',
                        segment=segment.name,
                        reason=say_reason(self.env, error),
                    )
                ) from error

    @api.model
    def _get_authored_fields(self):
        return super()._get_authored_fields() | AUTHORED_FIELDS

    def _answer_for(self, env):
        """Make the user of an environment, who changed what is measured, the author."""
        if env.su:
            return
        others = self.sudo().exists().filtered(lambda segment: segment.author_id != env.user)
        others.author_id = env.user

    def _as_reader(self):
        """Return an unsaved copy whose criteria see what the user sees, as their author would."""
        self.ensure_one()
        return self.new(origin=self)

    def _is_read_by_author(self):
        return self.env.su or self.env.user == self.sudo().author_id

    def _get_author_partners(self):
        """Return the contacts with the rights, language, time zone and companies that apply."""
        self.ensure_one()
        return self._as_author('res.partner', self._get_companies(), active_test=True)

    def _get_companies(self):
        """Return the companies whose contacts and documents the criteria look at."""
        author = self._get_author()
        if self.company_id:
            return self.sudo().company_id
        if author._is_superuser():
            return author.company_id | author.company_id.search(Domain.TRUE)
        return author.company_id | author.company_ids

    def _get_measure_company(self):
        """Return the company whose currency the rules speak of."""
        self.ensure_one()
        return self._get_companies()[:1]

    # === QUERY === #

    def _get_target_query(self, partners=None, barred=None):
        """Compile the segment to the query of its contacts.

        The result depends on the segment alone, not on who applies it.

        :param partners: SQL of the ids, in parentheses, of the only contacts that matter
        :param barred: domain of who is never a member, where it is known already
        """
        query = self._search_as_author(self._get_target_domain(partners, barred))
        if partners:
            query.add_where(SQL('%s IN %s', SQL.identifier(query.table, 'id'), partners))
        return query

    def _search_as_author(self, domain):
        """Return the query of the contacts of a domain that the author of the criteria sees."""
        return self._get_author_partners()._search(domain)

    def _get_target_domain(self, partners=None, barred=None):
        """Return the domain of the contacts that should be members."""
        if barred is None:
            barred = self._get_barred_domain()
        return self._get_own_domain(partners) & ~barred

    def _get_own_domain(self, partners=None):
        """Return the domain of the contacts that match, whoever is barred."""
        self.ensure_one()
        domain = self._get_criteria_domain(partners) | self._get_hand_domain('include_partner_ids')
        return domain & self._get_company_domain()

    def _get_hand_domain(self, field_name):
        partners = self.sudo().with_context(active_test=False)[field_name]
        return Domain('id', 'in', partners.ids)

    def _get_company_domain(self):
        if not self.company_id:
            return Domain.TRUE
        return Domain(self.env['res.partner']._check_company_domain(self.company_id))

    def _get_criteria_domain(self, partners=None):
        """Return the domain of the criteria alone; extended by whoever adds kinds of criteria."""
        self.ensure_one()
        if self.mode == 'manual' or not self._has_criteria():
            return Domain.FALSE
        rules = self._get_rules_domain(partners)
        return self._get_population_domain() & self._get_parents_domain() & rules

    def _has_criteria(self):
        """Say whether anything is asked for; criteria that were emptied ask as little as none."""
        asks = ''.join((self.domain or '').split()) not in ('', '[]')
        return any((asks, self._has_rules(), self.parent_ids, self.not_parent_ids))

    # === RULES === #

    def _get_population_domain(self):
        """Return the domain of the contacts that rules look at and ranks are taken within."""
        criteria = self._read_criteria(self.domain, self._get_author_partners())
        return criteria & SCOPES[self.scope] & self._get_company_domain()

    def _get_population_query(self):
        return self._search_as_author(self._get_population_domain())

    def _get_rules_domain(self, partners=None):
        """Return the domain of the rules; extended by what measures them.

        :param partners: SQL of the ids, in parentheses, of the only contacts that are measured
        """
        return Domain.TRUE

    def _has_rules(self):
        """Say whether anything is measured; extended by what measures."""
        return False

    def _get_measured_column(self):
        """Return the column of a contact that leads to whom the rules measure."""
        return 'commercial_partner_id' if self.roll_up else 'id'

    def _get_measured_ids_sql(self, partners):
        """Return the SQL of the ids, in parentheses, of whom the rules measure for contacts."""
        measured = partners.sudo().commercial_partner_id if self.roll_up else partners
        return SQL('%s', tuple(measured.ids) or (None,))
