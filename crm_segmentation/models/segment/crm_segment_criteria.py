from functools import partial

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

SCOPES = {
    'contacts': Domain('is_company', '=', False),
    'companies': Domain('is_company', '=', True),
    'both': Domain.TRUE,
}
MATCHES = {'all': SQL(' AND '), 'any': SQL(' OR ')}


class CrmSegment(models.Model):
    """Compiles a segment to one query of contacts."""

    _inherit = 'crm.segment'

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
        return any((self.domain, self.rule_ids, self.parent_ids, self.not_parent_ids))

    # === RULES === #

    def _get_population_domain(self):
        """Return the domain of the contacts that rules look at and ranks are taken within."""
        criteria = self._read_criteria(self.domain, self._get_author_partners())
        return criteria & SCOPES[self.scope] & self._get_company_domain()

    def _get_population_query(self):
        return self._search_as_author(self._get_population_domain())

    def _get_rules_domain(self, partners=None):
        """Return the domain of the rules.

        :param partners: SQL of the ids, in parentheses, of the only contacts that are measured
        """
        if not self._get_complete_rules():
            return Domain.TRUE
        return Domain.custom(to_sql=partial(self._get_rules_condition, partners))

    def _get_rules_condition(self, partners, _model, _alias, query):
        conditions = [rule._join(self, query, partners)[1] for rule in self._get_complete_rules()]
        return SQL('(%s)', MATCHES[self.match].join(conditions))

    def _get_complete_rules(self):
        """Return the rules without those that somebody is still writing."""
        return self.rule_ids.filtered(lambda rule: rule.metric_id and rule.operator)

    def _get_measured_column(self):
        """Return the column of a contact that leads to whom the rules measure."""
        return 'commercial_partner_id' if self.roll_up else 'id'
