from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentDefiner(SegmentCase):
    """Somebody of marketing, who sells nothing, defines segments within the own rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.definer = new_test_user(
            cls.env,
            login='segment_definer',
            groups='crm_segmentation.crm_segmentation_group_definer',
        )
        cls.segments = cls.env['crm.segment'].with_user(cls.definer)

    def test_who_defines_segments_makes_previews_and_applies_them(self):
        group = self.env['crm.segment.group'].with_user(self.definer).create({'name': 'A, B'})
        segment = self.segments.create(
            {'name': 'Spain', 'domain': "[('ref', '=', 'SEG-ES')]", 'group_id': group.id}
        )
        self.assertEqual(segment.author_id, self.definer)
        self.assertTrue(segment.can_preview)
        segment.action_preview()
        preview = self.env['crm.segment.preview'].with_user(self.definer)
        dialogue = preview.create({'segment_id': segment.id})
        self.assertEqual(dialogue.enter_count, 3)
        self.assertTrue(dialogue.can_apply)
        dialogue.action_apply()
        self.assertEqual(self.open_partners(segment), self.alba | self.brisa | self.duna)
        self.assertEqual(self.alba.with_user(self.definer).crm_segment_ids, segment)
        metric = self.env['crm.segment.metric'].with_user(self.definer)
        self.assertTrue(
            metric.create({'name': 'People', 'model': 'res.partner', 'partner_path': 'parent_id'})
        )

    def test_criteria_see_what_who_defines_them_sees(self):
        metric = self.env.ref('crm_segmentation.metric_won_revenue')
        rule = {'metric_id': metric.id, 'operator': '>=', 'value': 1}
        for values in (
            {'rule_ids': [Command.create(rule)]},
            {'domain': "[('opportunity_ids.expected_revenue', '>', 1)]"},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex((AccessError, ValidationError), '.'),
                self.cr.savepoint(),
            ):
                self.segments.create({'name': 'Secret', **values})

    def test_figures_are_empty_for_who_may_read_no_documents(self):
        figures = self.env['crm.segment.report'].with_user(self.definer)
        self.assertFalse(figures.search([]))
        totals = ['__count', 'won_revenue:sum', 'ticket_count:sum', 'customer_count:count_distinct']
        groups = figures._read_group([], ['segment_id', 'date:month'], totals)
        self.assertEqual(groups, [])
        self.assertTrue(figures.get_view(view_type='pivot'))

    def test_nobody_changes_contacts_by_a_segment_who_may_not_change_them(self):
        segment = self.create_segment()
        with self.assertRaisesRegex(AccessError, 'salesperson'), self.cr.savepoint():
            segment.with_user(self.definer).enter_user_id = self.salesman
        segment.enter_user_id = self.salesman
        with self.assertRaisesRegex(AccessError, 'salesperson'), self.cr.savepoint():
            segment.with_user(self.definer).domain = "[('ref', '=', 'SEG-FR')]"
        self.definer.group_ids += self.env.ref('base.group_partner_manager')
        segment.with_user(self.definer).domain = "[('ref', '=', 'SEG-FR')]"
        self.assertEqual(segment.author_id, self.definer)

    def test_menus_lead_to_segments_and_contacts_and_to_nothing_of_sales(self):
        menus = self.env['ir.ui.menu'].with_user(self.definer).load_menus(False)
        shown, left = set(), [self.env.ref('crm.crm_menu_root').id]
        while left:
            shown.add(menu_id := left.pop())
            left += menus[menu_id]['children']
        models = {menus[menu_id]['action_model'] for menu_id in shown} - {False}
        self.assertEqual(models, {'ir.actions.act_window'})
        actions = self.env['ir.actions.act_window'].browse(
            {menus[menu_id]['action_id'] for menu_id in shown} - {False}
        )
        others = {model for model in actions.mapped('res_model') if 'crm.segment' not in model}
        self.assertEqual(others, {'res.partner'})
        for name in ('menu', 'metric_menu', 'group_menu', 'report_menu', 'template_menu'):
            self.assertIn(self.env.ref(f'crm_segmentation.crm_segment_{name}').id, shown)
