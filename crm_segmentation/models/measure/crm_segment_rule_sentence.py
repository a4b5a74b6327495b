from odoo import api, fields, models
from odoo.tools import formatLang


class CrmSegmentRule(models.Model):
    """Reads a rule aloud: "Invoiced amount · in the last 12 months · is at least 10,000 €"."""

    _inherit = 'crm.segment.rule'

    value_unit = fields.Char(
        string='Unit', compute='_compute_value_unit', help='What the values are counted in.'
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
    )
    @api.depends_context('lang')
    def _compute_display_name(self):
        for rule in self:
            parts = (rule.metric_id.name, rule._get_period_words(), rule._get_condition_words())
            rule.display_name = ' · '.join(part for part in parts if part)

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
        if not is_rank and self.metric_id.aggregate == 'days_since_last':
            return self.env._('%(count)s days', count=text)
        return text

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
        if self.metric_id.aggregate == 'days_since_last':
            return self.env._('days')
        return self._get_currency().symbol

    def _get_currency(self):
        """Return the currency in which the metric is measured, empty if it is no amount."""
        metric = self.metric_id.sudo()
        model = self.env.get(metric.model)
        field = model is not None and model._fields.get(metric.measure)
        if not field or field.type != 'monetary':
            return self.env['res.currency']
        segment = self.segment_id
        company = segment._get_measure_company() if segment else self.env.company
        return company.sudo().currency_id
