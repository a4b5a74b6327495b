from functools import partial

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

MATCHES = {'all': SQL(' AND '), 'any': SQL(' OR ')}


class CrmSegment(models.Model):
    """What a segment measures of its contacts: its rules, joined as it says."""

    _inherit = 'crm.segment'

    def _check_measured_models(self):
        """Let nobody count what the documents behind the rules would not show them."""
        for metric in (self | self.group_id.segment_ids).sudo().rule_ids.metric_id:
            if metric.model in self.env:
                self.env[metric.model].check_access('read')

    def _get_asked_criteria(self):
        criteria = super()._get_asked_criteria()
        if self.mode == 'manual':
            return criteria
        return criteria + [(metric.model, metric.domain) for metric in self.rule_ids.metric_id]

    def _get_rules_domain(self, partners=None):
        rules = super()._get_rules_domain(partners)
        if not self._get_complete_rules():
            return rules
        return rules & Domain.custom(to_sql=partial(self._get_rules_condition, partners))

    def _get_rules_condition(self, partners, _model, _alias, query):
        conditions = [rule._join(self, query, partners)[1] for rule in self._get_complete_rules()]
        return SQL('(%s)', MATCHES[self.match].join(conditions))

    def _get_complete_rules(self):
        """Return the rules without those that somebody is still writing."""
        return self.rule_ids.filtered(lambda rule: rule.metric_id and rule.operator)
