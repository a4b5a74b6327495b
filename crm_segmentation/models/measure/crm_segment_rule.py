from odoo import api, fields, models
from odoo.tools import formatLang

from ...core.answers import Condition, get_number
from .crm_segment_metric_value import DAYS

PERCENTAGES = ('share', 'change_percent')


class CrmSegmentRule(models.Model):
    """What a metric of a contact must be: in a period, compared with a value or with others.

    Read aloud: "Invoiced amount · in the last 12 months · is at least 10,000 €".
    """

    _name = 'crm.segment.rule'
    _description = 'Segment Rule'
    _inherit = 'crm.linked.mixin'
    _order = 'segment_id, sequence, id'
    _parent_link = 'segment_id'

    segment_id = fields.Many2one('crm.segment', required=True, ondelete='cascade', index=True)
    sequence = fields.Integer(default=10)
    metric_id = fields.Many2one(
        'crm.segment.metric',
        ondelete='cascade',
        index=True,
        domain=[('is_available', '=', True)],
    )
    period_count = fields.Integer(
        string='In the Last',
        help='Only documents dated in that many days, months or years up to now count, '
        'the first day included.',
    )
    period_unit = fields.Selection(
        [('day', 'days'), ('month', 'months'), ('year', 'years')],
        string='Period',
        help='Empty means always.',
    )
    calendar_period = fields.Selection(
        [('month', 'month'), ('quarter', 'quarter'), ('year', 'year')],
        string='Since the Start of This',
        help='Only documents dated since the first day of the current month, quarter or year '
        'count, up to now.',
    )
    operator = fields.Selection(
        [
            ('>=', 'at least'),
            ('>', 'more than'),
            ('<=', 'at most'),
            ('<', 'less than'),
            ('=', 'exactly'),
            ('!=', 'not'),
            ('between', 'between'),
            ('top_percent', 'in the top … %'),
            ('quantile', 'with a score of 1 to 5'),
        ],
        required=True,
        default='>=',
        help='The days since the last of somebody without any are longer than every number. '
        'Ranks are taken within the criteria of the segment, the highest first, the fewest days '
        'first; of equals the contact that was created first. A score of 5 '
        'are the best fifth of those who have documents.',
    )
    value = fields.Float(
        help='Compared with the metric: a number, an amount in the currency of the company, days, '
        'a percentage for the top, the lowest score.',
    )
    value_to = fields.Float(
        string='To', help='The highest value between, or the highest score; both included.'
    )
    value_unit = fields.Char(
        string='Unit', compute='_compute_value_unit', help='What the values are counted in.'
    )

    _period_complete = models.Constraint(
        'CHECK ((period_unit IS NULL) = (coalesce(period_count, 0) = 0) '
        'AND coalesce(period_count, 0) >= 0)',
        'A period has a positive number and a unit; leave both empty for always.',
    )
    _period_single = models.Constraint(
        'CHECK (calendar_period IS NULL OR period_unit IS NULL)',
        'A rule looks either at the last days, months or years or at the current month, quarter '
        'or year: empty one of the two.',
    )
    _between_ordered = models.Constraint(
        "CHECK (operator NOT IN ('between', 'quantile') OR value <= value_to)",
        'The first value must not be higher than the second.',
    )
    _percentage_possible = models.Constraint(
        "CHECK (operator <> 'top_percent' OR (value > 0 AND value <= 100))",
        'A top is more than 0 % and at most 100 %.',
    )
    _score_possible = models.Constraint(
        "CHECK (operator <> 'quantile' OR (value >= 1 AND value_to <= 5))",
        'Scores go from 1 to 5.',
    )

    @api.depends('metric_id', 'operator', 'segment_id.company_id')
    def _compute_value_unit(self):
        for rule in self:
            rule.value_unit = rule._get_value_unit()

    @api.depends(
        'metric_id',
        'period_count',
        'period_unit',
        'calendar_period',
        'operator',
        'value',
        'value_to',
        'match',
        'match_count',
    )
    @api.depends_context('lang')
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = rule._get_sentence()

    @api.constrains(
        'metric_id',
        'period_count',
        'period_unit',
        'calendar_period',
        'operator',
        'value',
        'value_to',
        'level',
        'match',
        'match_count',
        'sequence',
    )
    def _check_segments(self):
        """Refuse rules that do not compile for the author of the segment."""
        self.segment_id._check_domain()
        self.segment_id._check_asked()

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules.segment_id._answer_for(self.env)
        return rules

    def write(self, vals):
        segments = self.segment_id
        result = super().write(vals)
        (segments | self.segment_id)._answer_for(self.env)
        return result

    def unlink(self):
        segments = self.segment_id
        result = super().unlink()
        segments._answer_for(self.env)
        return result

    # === EXPLANATION === #

    def _prepare_explanation(self, answer):
        """Return the line that tells what :meth:`crm.segment._explain` answered."""
        return {
            'name': self.display_name,
            'measured': self._get_answer_text(answer),
            'holds': bool(answer['holds']),
            'is_hidden': answer['hidden'],
        }

    def _get_answer_text(self, answer):
        if answer['hidden']:
            return self.env._('not visible to you')
        if answer['value'] is not None:
            return self._format_value(answer['value'])
        is_ago = self.metric_id.aggregate in ('days_since_last', 'days_since_first')
        return self.env._('never') if is_ago else self.env._('nothing')

    def _to_answer(self, value):
        return get_number(self.metric_id.aggregate, value)

    # === CONDITION === #

    def _get_condition(self):
        self.ensure_one()
        return Condition(self.operator, self.value, self.value_to)

    def _holds_without_documents(self):
        """Say whether a contact satisfies the rule of which there is no document."""
        return self._get_condition().holds_without_documents(self.metric_id.aggregate)

    # === SENTENCE === #

    def _get_sentence(self):
        if self.match:
            return self.segment_id._get_match_words(self.match, self.match_count)
        parts = (self.metric_id.name, self._get_period_words(), self._get_condition_words())
        return ' · '.join(part for part in parts if part)

    def _get_period_words(self):
        current = {
            'month': self.env._('this month'),
            'quarter': self.env._('this quarter'),
            'year': self.env._('this year'),
        }
        return current.get(self.calendar_period) or self._get_last_words()

    def _get_last_words(self):
        count = self.period_count
        if count == 1:
            words = {
                'day': self.env._('in the last day'),
                'month': self.env._('in the last month'),
                'year': self.env._('in the last year'),
            }
        else:
            words = {
                'day': self.env._('in the last %(count)s days', count=count),
                'month': self.env._('in the last %(count)s months', count=count),
                'year': self.env._('in the last %(count)s years', count=count),
            }
        return words.get(self.period_unit)

    def _get_condition_words(self):
        low, high = self._format_value(self.value), self._format_value(self.value_to)
        words = {
            '>=': self.env._('is at least %(value)s', value=low),
            '>': self.env._('is more than %(value)s', value=low),
            '<=': self.env._('is at most %(value)s', value=low),
            '<': self.env._('is less than %(value)s', value=low),
            '=': self.env._('is %(value)s', value=low),
            '!=': self.env._('is not %(value)s', value=low),
            'between': self.env._(
                'is between %(value)s and %(value_to)s', value=low, value_to=high
            ),
            'top_percent': self.env._('is in the top %(value)s %%', value=low),
            'quantile': self.env._(
                'scores %(value)s to %(value_to)s of 5', value=low, value_to=high
            ),
        }
        return words.get(self.operator)

    def _format_value(self, value):
        """Return a number of the rule in the language of the user, with its unit."""
        is_rank = self.operator in ('top_percent', 'quantile')
        currency = None if is_rank else self._get_currency()
        text = self._format_number(value, currency)
        if is_rank:
            return text
        if self.metric_id.aggregate in DAYS:
            if value == 1:
                return self.env._('1 day')
            return self.env._('%(count)s days', count=text)
        return self.env._('%(number)s %%', number=text) if self._is_percentage() else text

    def _format_number(self, value, currency=None):
        is_round = float(value).is_integer()
        return formatLang(
            self.env,
            value,
            currency_obj=currency,
            rounding_unit='units' if is_round else 'decimals',
        )

    def _get_value_unit(self):
        if self.operator == 'top_percent':
            return '%'
        if self.operator == 'quantile':
            return False
        if self.metric_id.aggregate in DAYS:
            return self.env._('days')
        if self._is_percentage():
            return '%'
        return self._get_currency().symbol

    def _is_percentage(self):
        return self.metric_id.aggregate in PERCENTAGES

    def _get_currency(self):
        """Return the currency in which the metric is measured, empty if it is no amount."""
        metric = self.metric_id.sudo()
        model = self.env.get(metric.model)
        field = model is not None and model._fields.get(metric.measure)
        is_amount = metric.aggregate not in ('count', 'count_distinct', *DAYS)
        if not (field and is_amount) or field.type != 'monetary' or self._is_percentage():
            return self.env['res.currency']
        segment = self.segment_id
        company = segment._get_measure_company() if segment else self.env.company
        return company.sudo().currency_id
