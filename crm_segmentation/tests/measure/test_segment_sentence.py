from odoo import Command
from odoo.exceptions import AccessError, ValidationError
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


@tagged('post_install', '-at_install')
class TestSegmentDraft(SegmentCase):
    """Counting while the criteria are still edited."""

    def test_unsaved_values_are_counted_and_nothing_is_written(self):
        segment = self.create_segment()
        preview = segment.action_preview_draft({'domain': "[('ref', '=', 'SEG-FR')]"})
        self.assertEqual(preview, {'count': 1, 'names': ['Cierzo']})
        self.assertEqual(segment.domain, "[('ref', '=', 'SEG-ES')]")
        self.assertFalse(segment.membership_ids)

    def test_new_segment_is_counted_before_it_exists(self):
        metric = self.env.ref('crm_segmentation.metric_call_count')
        preview = (
            self.env['crm.segment']
            .with_user(self.manager)
            .action_preview_draft(
                {
                    'name': 'New',
                    'mode': 'dynamic',
                    'scope': 'both',
                    'match': 'all',
                    'domain': "[('ref', '=', 'SEG-ES')]",
                    'rule_ids': [
                        Command.create({'metric_id': metric.id, 'operator': '=', 'value': 0})
                    ],
                    'exclude_partner_ids': [Command.link(self.alba.id)],
                }
            )
        )
        self.assertEqual(preview['count'], 2)
        self.assertEqual(preview['names'], ['Brisa', 'Duna'])

    def test_group_and_other_segments_count_in(self):
        group = self.env['crm.segment.group'].create({'name': 'A/B'})
        first = self.create_segment(group_id=group.id, sequence=1)
        other = self.create_segment(name='Other', domain="[('ref', '=like', 'SEG-%')]")
        self.assertEqual(
            other.action_preview_draft({'group_id': group.id, 'sequence': 2})['names'], ['Cierzo']
        )
        first.action_apply()
        self.env.invalidate_all()
        preview = other.action_preview_draft({'parent_ids': [Command.link(first.id)]})
        self.assertEqual(preview['names'], ['Alba', 'Brisa'])

    def test_criteria_that_do_not_compile_say_why(self):
        segment = self.create_segment()
        with self.assertRaisesRegex(ValidationError, 'gone'):
            segment.action_preview_draft({'domain': "[('gone', '=', 1)]"})

    def test_counting_is_for_who_may_edit(self):
        segment = self.create_segment()
        with self.assertRaises(AccessError):
            segment.with_user(self.salesman).action_preview_draft({})
        with self.assertRaises(AccessError):
            self.env['crm.segment'].with_user(self.salesman).action_preview_draft({})
