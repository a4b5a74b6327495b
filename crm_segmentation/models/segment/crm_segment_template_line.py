from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.crm_extended.tools.criteria import check_readable, parse_criteria

from .reasons import say_reason


class CrmSegmentTemplateLine(models.Model):
    """One segment of a template."""

    _name = 'crm.segment.template.line'
    _description = 'Segment of a Template'
    _inherit = ['crm.linked.mixin']
    _order = 'template_id, sequence, id'
    _parent_link = 'template_id'

    template_id = fields.Many2one(
        'crm.segment.template', required=True, ondelete='cascade', index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True, help='Name of the segment and of its tag.')
    domain = fields.Char(string='Criteria', default='[]')
    scope = fields.Selection(
        selection=lambda self: self.env['crm.segment']._fields['scope'].selection,
        default='both',
        required=True,
    )
    match = fields.Selection(
        selection=lambda self: self.env['crm.segment']._fields['match'].selection,
        default='all',
        required=True,
    )
    match_count = fields.Integer(
        string='How Many', default=2, help='How many of the rules must hold at least.'
    )
    roll_up = fields.Boolean(string='Measure Whole Companies', default=True)
    rules = fields.Json(
        default=list,
        help='List of rules: `metric` is an external id, the rest are fields of a rule. A group '
        'has no metric, and those in it a `level`.',
    )

    @api.constrains('domain')
    def _check_domain(self):
        """Refuse criteria that their writer may not ask; what somebody makes of them is his."""
        partners = self.env['res.partner'].with_user(self.env.user)
        for line in self:
            try:
                domain = parse_criteria(line.domain)
                if not partners.env.su:  # what is shipped may speak of apps that come later
                    domain.validate(partners)
            except (ValueError, TypeError) as error:
                raise ValidationError(
                    self.env._(
                        'The criteria of "%(segment)s" cannot be used: %(reason)s.',
                        segment=line.name,
                        reason=say_reason(self.env, error),
                    )
                ) from error
            if not partners.env.su:
                check_readable(domain, partners)

    def _get_metrics(self):
        """Return the metrics of all rules, with None for one that does not exist."""
        return [
            self.env.ref(rule['metric'], raise_if_not_found=False)
            for line in self
            for rule in line.rules or []
            if 'metric' in rule
        ]

    def _prepare_segment(self):
        self.ensure_one()
        return {
            'name': self.name,
            'sequence': self.sequence,
            'domain': repr(list(self._get_customers_domain())),
            'scope': self.scope,
            'match': self.match,
            'match_count': self.match_count,
            'roll_up': self.roll_up,
            'rule_ids': [Command.create(self._prepare_rule(rule)) for rule in self.rules or []],
        }

    def _get_customers_domain(self):
        """Return the criteria without our own people, unless they speak of them."""
        criteria = parse_criteria(self.domain)
        asked = {condition.field_expr for condition in criteria.iter_conditions()}
        own = Domain.TRUE if 'crm_is_own' in asked else Domain('crm_is_own', '=', False)
        return own & criteria

    def _prepare_rule(self, rule):
        values = {name: value for name, value in rule.items() if name != 'metric'}
        if 'metric' in rule:
            values['metric_id'] = self.env.ref(rule['metric']).id
        return values

    def _find_or_create_tags(self):
        """Return {name of a segment: tag of that name}."""
        tags = self.env['res.partner.category']
        known = tags.search([('name', 'in', self.mapped('name'))])
        missing = set(self.mapped('name')) - set(known.mapped('name'))
        known += tags.create([{'name': name} for name in sorted(missing)])
        return {tag.name: tag for tag in reversed(known)}
