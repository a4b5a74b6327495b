from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_extended.tools.numbers import format_number

from ...core.prices import Rule

# The fields that make a rule.
RULE_FIELDS = (
    'revision_type',
    'revision_percentage',
    'revision_index_id',
    'revision_reference',
    'revision_lag',
    'revision_has_cap',
    'revision_cap',
    'revision_has_floor',
    'revision_floor',
    'revision_rounding',
)


class CrmContractRevisionRuleMixin(models.AbstractModel):
    """By what prices are revised: the same for contracts, templates and whoever asks for all."""

    _name = 'crm.contract.revision.rule.mixin'
    _description = 'Price Revision Rule'

    company_id = fields.Many2one('res.company')
    revision_type = fields.Selection(
        selection='_selection_revision_type',
        string='Price Revision',
        required=True,
        default='none',
        help='By what the prices change with each new term.',
    )
    revision_percentage = fields.Float(
        string='Percentage', help='Percent added to the prices; more than -100.'
    )
    revision_index_id = fields.Many2one(
        'crm.contract.index', string='Index', check_company=True, ondelete='restrict'
    )
    revision_reference = fields.Selection(
        [('previous', 'Previous revision'), ('base', 'Base month')],
        string='Compared With',
        required=True,
        default='previous',
        help='Previous revision: price in force x index / index at the last revision.\n'
        'Base month: base price x index / index of the base month. What a cap or floor cuts is '
        'made up for later, and rounding never adds up.',
    )
    revision_lag = fields.Integer(
        string='Months Before',
        help='Which value counts: the one of so many months before the first day of the new '
        'prices. Zero: the one of the same month.',
    )
    revision_has_cap = fields.Boolean(string='Has a Cap')
    revision_cap = fields.Float(
        string='Cap (%)', help='The most that a revision by index adds to the prices in force.'
    )
    revision_has_floor = fields.Boolean(string='Has a Floor')
    revision_floor = fields.Float(
        string='Floor (%)',
        help='The least that a revision by index adds to the prices in force; zero: they never '
        'fall.',
    )
    revision_rounding = fields.Float(
        string='Rounded To',
        min_display_digits=2,
        help="Unit prices are multiples of this, in the contract's currency, like 0.05 or 1. "
        'Zero: rounded as the currency.',
    )

    _revision_limits_ordered = models.Constraint(
        'CHECK (NOT (revision_has_cap AND revision_has_floor) OR revision_cap >= revision_floor)',
        'The cap of a price revision cannot be lower than its floor.',
    )
    _revision_percentages_possible = models.Constraint(
        'CHECK (revision_percentage > -100 AND revision_cap > -100 AND revision_floor > -100)',
        'A price revision cannot take 100 percent or more off the prices.',
    )
    _revision_steps_positive = models.Constraint(
        'CHECK (revision_lag >= 0 AND revision_rounding >= 0)',
        'The months before and the rounding of a price revision cannot be negative.',
    )

    @api.model
    def _selection_revision_type(self):
        """Return by what prices may be revised; override to offer something else."""
        labels = {
            'none': self.env._('None'),
            'percentage': self.env._('Percentage'),
            'index': self.env._('Index'),
        }
        return list(labels.items())

    @api.constrains('revision_type', 'revision_index_id')
    def _check_revision_index(self):
        if self.filtered(lambda rule: rule.revision_type == 'index' and not rule.revision_index_id):
            raise ValidationError(self.env._('Choose the index by which the prices are revised.'))

    def _get_rule(self) -> Rule:
        """Return what calculates by the rule."""
        self.ensure_one()
        return Rule(
            self.revision_type,
            self.revision_percentage,
            is_from_base=self.revision_type == 'index' and self.revision_reference == 'base',
            lag=self.revision_lag,
            floor=self.revision_floor if self.revision_has_floor else None,
            cap=self.revision_cap if self.revision_has_cap else None,
        )

    def _get_revision_text(self) -> str:
        """Return the rule in words, in the language of the environment."""
        self.ensure_one()
        if self.revision_type == 'percentage':
            return self.env._(
                'With each new term by %(percent)s %%',
                percent=format_number(self.env, self.revision_percentage),
            )
        compared = dict(self._fields['revision_reference']._description_selection(self.env))
        parts = [
            self.env._('With each new term by the index %s', self.revision_index_id.name),
            self.env._('compared with: %s', compared[self.revision_reference].lower()),
            self._get_lag_text(),
            self.env._('at most %(percent)s %%', percent=format_number(self.env, self.revision_cap))
            if self.revision_has_cap
            else '',
            self.env._(
                'at least %(percent)s %%', percent=format_number(self.env, self.revision_floor)
            )
            if self.revision_has_floor
            else '',
        ]
        return ', '.join(filter(None, parts))

    def _get_lag_text(self) -> str:
        if self.revision_lag == 1:
            return self.env._('values of the month before')
        if not self.revision_lag:
            return ''
        return self.env._('values of %(count)s months before', count=self.revision_lag)
