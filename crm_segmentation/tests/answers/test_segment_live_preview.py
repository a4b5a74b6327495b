from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from ..common import SegmentCase


@tagged('post_install', '-at_install')
@freeze_time('2026-06-15 10:00:00')
class TestSegmentLivePreview(SegmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log_calls(cls.alba, '2026-06-14 10:00:00', '2026-06-10 10:00:00')
        cls.log_calls(cls.brisa, '2026-06-01 10:00:00')

    def test_unsaved_rules_are_measured(self):
        segment = self.create_rule_segment('call_count', ('>=', 1))
        rule = segment.rule_ids

        def count(*commands, **values):
            self.env.invalidate_all()  # as between two requests
            return segment.action_preview_draft({'rule_ids': commands, **values})['count']

        won = self.prepare_rule(self.env.ref('crm_segmentation.metric_won_revenue'), '>=', 1)
        self.assertEqual(count(), 2)
        self.assertEqual(count(Command.update(rule.id, {'value': 2})), 1)
        self.assertEqual(count(Command.create(won)), 0)
        self.assertEqual(count(Command.create(won), match='any'), 2)
        self.assertEqual(count(Command.delete(rule.id)), 4)
        self.assertEqual(
            count(Command.update(rule.id, {'operator': 'top_percent', 'value': 25})), 1
        )
        self.assertEqual(rule.value, 1)
        self.assertFalse(segment.membership_ids)

    def test_rule_that_is_still_written_is_left_out(self):
        values = {'name': 'New', 'domain': "[('ref', '=like', 'SEG-%')]"}
        values['rule_ids'] = [Command.create({'period_count': 3})]
        segments = self.env['crm.segment'].with_user(self.manager)
        self.assertEqual(segments.action_preview_draft(values)['count'], 4)

    def test_count_that_takes_too_long_is_given_up(self):
        """The limit is met by a criterion that never ends in time."""
        segment = self.create_segment()
        query = segment._get_target_query()
        query.add_where(SQL('pg_sleep(10) IS NOT NULL'))
        model = self.env.registry['crm.segment']
        self.patch(model, '_get_target_query', lambda _self: query)
        self.patch(model, '_get_draft_milliseconds', lambda _self: 50)
        with self.assertRaisesRegex(UserError, 'more than'):
            segment.action_preview_draft({})
        self.assertEqual(self.alba.name, 'Alba', 'the transaction goes on')

    def test_counting_uses_the_rights_of_who_edits(self):
        secret = self.win(self.alba, 100)
        self.env['ir.rule'].create(
            {
                'name': 'Hide one',
                'model_id': self.env['ir.model']._get('crm.lead').id,
                'domain_force': [('id', '!=', secret.id)],
            }
        )
        metric = self.env.ref('crm_segmentation.metric_won_revenue')
        segment = self.create_segment(
            scope='both', rule_ids=[Command.create(self.prepare_rule(metric, '>=', 1))]
        )
        segment.sudo().author_id = self.env.uid
        self.assertEqual(segment.sudo()._preview(), {segment.id: 1})
        self.assertEqual(segment.action_preview_draft({})['count'], 0)


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
