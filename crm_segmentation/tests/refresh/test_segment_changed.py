from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentChanged(SegmentCase):
    def test_what_decides_differs_from_what_was_applied(self):
        segment = self.create_rule_segment('call_count', ('=', 0))
        used = self.create_segment(name='Used')
        segment.domain = "[('ref', '=', 'SEG-FR')]"
        self.assertFalse(segment.is_changed, 'nothing was applied yet')
        for change in (
            {'domain': "[('ref', '=', 'SEG-ES')]"},
            {'mode': 'additive'},
            {'include_partner_ids': self.duna.ids},
            {'exclude_partner_ids': self.duna.ids},
            {'parent_ids': used.ids},
            {'rule_ids': [Command.update(segment.rule_ids.id, {'value': 1})]},
        ):
            with self.subTest(change=change):
                segment.action_apply()
                self.assertFalse(segment.is_changed)
                segment.write({'name': 'Renamed', 'color': 3, 'category_id': False})
                self.assertFalse(segment.is_changed)
                segment.write(change)
                self.assertTrue(segment.is_changed)
        self.assertFalse(segment.copy().is_changed)

    def test_rules_and_metrics_are_part_of_it(self):
        metric = self.env.ref('crm_segmentation.metric_call_count').copy()
        segment = self.create_segment()
        segment.action_apply()
        rule = self.env['crm.segment.rule'].create(
            {'segment_id': segment.id, **self.prepare_rule(metric, '>=', 1)}
        )
        self.assertTrue(segment.is_changed)
        segment.action_apply()
        metric.domain = "[('state', '=', 'planned')]"
        self.assertTrue(segment.is_changed)
        segment.action_apply()
        rule.unlink()
        self.assertTrue(segment.is_changed)

    def test_a_change_in_a_group_is_one_of_all(self):
        group = self.env['crm.segment.group'].with_user(self.manager).create({'name': 'A/B'})
        first = self.create_segment(name='A', group_id=group.id, sequence=1)
        second = self.create_segment(name='B', group_id=group.id, sequence=2)
        alone = self.create_segment(name='Alone')
        pair = first | second
        for change in ({'sequence': 5}, {'scope': 'both'}, {'active': False}, {'group_id': False}):
            with self.subTest(change=change):
                (pair | alone).action_apply()
                first.write(change)
                self.assertTrue(second.is_changed)
                first.write({'active': True, 'group_id': group.id})
        (pair | alone).action_apply()
        alone.sequence = 7
        self.assertFalse(any((pair | alone).mapped('is_changed')))

    def test_nobody_writes_it_himself(self):
        segment = self.create_segment()
        with self.assertRaises(AccessError):
            segment.is_changed = True

    def test_difference_lists_who_enters_and_leaves(self):
        segment = self.create_segment()
        segment.action_apply()
        segment.domain = "[('name', 'in', ('Alba', 'Cierzo')), ('ref', '=like', 'SEG-%')]"
        preview = (
            self.env['crm.segment.preview']
            .with_user(self.manager)
            .create({'segment_id': segment.id})
        )
        partners = self.env['res.partner']
        self.assertEqual(partners.search(preview.action_view_entering()['domain']), self.cierzo)
        self.assertEqual(partners.search(preview.action_view_leaving()['domain']), self.brisa)
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.alba | self.cierzo)
        with self.assertRaises(AccessError):
            preview.with_user(self.salesman).action_view_entering()
