from odoo.tests import Form, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentSentence(SegmentCase):
    """Rules as a salesperson reads them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('es_ES')
        company = cls.env['res.company'].create(
            {'name': 'Segment Company B', 'currency_id': cls.env.ref('base.EUR').id}
        )
        cls.segment = cls.env['crm.segment'].create({'name': 'Rules', 'company_id': company.id})

    def _read(self, metric, operator, value, lang='en_US', **values):
        rule = self.env['crm.segment.rule'].create(
            {
                'segment_id': self.segment.id,
                'metric_id': self.env.ref(f'crm_segmentation.metric_{metric}').id,
                'operator': operator,
                'value': value,
                **values,
            }
        )
        return rule.with_context(lang=lang).display_name.replace('\N{NO-BREAK SPACE}', ' ')

    def test_amount_in_a_period_reads_as_a_sentence(self):
        period = {'period_count': 12, 'period_unit': 'month'}
        self.assertEqual(
            self._read('invoiced_amount', '>=', 10000, **period),
            'Invoiced amount · in the last 12 months · is at least 10,000 €',
        )
        self.assertEqual(
            self._read('invoiced_amount', '>=', 10000, lang='es_ES', **period),
            'Importe facturado · en los últimos 12 meses · es al menos 10.000 €',
        )

    def test_current_period_reads_as_a_sentence(self):
        self.assertEqual(
            self._read('call_count', '>=', 2, calendar_period='quarter'),
            'Calls held · this quarter · is at least 2',
        )

    def test_days_ranks_and_ranges_have_words_of_their_own(self):
        self.assertEqual(
            self._read('days_since_last_contact', '>', 90),
            'Days since the last contact · is more than 90 days',
        )
        self.assertEqual(
            self._read('days_since_last_contact', '>', 1),
            'Days since the last contact · is more than 1 day',
        )
        self.assertEqual(
            self._read('invoiced_amount', 'top_percent', 10, period_count=1, period_unit='year'),
            'Invoiced amount · in the last year · is in the top 10 %',
        )
        self.assertEqual(
            self._read('call_count', 'between', 1, value_to=2.5),
            'Calls held · is between 1 and 2.50',
        )
        self.assertEqual(
            self._read('call_count', 'quantile', 4, value_to=5), 'Calls held · scores 4 to 5 of 5'
        )

    def test_values_say_what_they_are_counted_in(self):
        form = Form(self.env['crm.segment.rule'].with_context(default_segment_id=self.segment.id))
        form.metric_id = self.env.ref('crm_segmentation.metric_invoiced_amount')
        self.assertEqual(form.value_unit, '€')
        form.operator = 'top_percent'
        self.assertEqual(form.value_unit, '%')
        form.operator = '>='
        form.metric_id = self.env.ref('crm_segmentation.metric_days_since_last_contact')
        self.assertEqual(form.value_unit, 'days')
        form.metric_id = self.env.ref('crm_segmentation.metric_call_count')
        self.assertFalse(form.value_unit)
