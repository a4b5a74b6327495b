from odoo.exceptions import UserError
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
