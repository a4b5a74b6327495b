import random

from odoo.tests import Form, freeze_time, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
@freeze_time('2026-06-15 10:00:00')
class TestSegmentExplainGroups(SegmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log_calls(cls.alba, '2026-06-14 10:00:00', '2026-06-10 10:00:00')
        cls.log_calls(cls.brisa, '2026-04-01 10:00:00')

    def test_dialogue_says_of_each_group_why(self):
        calls, meetings = (
            self.env.ref(f'crm_segmentation.metric_{name}')
            for name in ('call_count', 'meeting_count')
        )
        rule = self.prepare_rule
        segment = self.create_rule_segment(
            'call_count',
            rule_ids=[
                (0, 0, {'match': 'some', 'match_count': 2}),
                (0, 0, {**rule(calls, '>=', 2), 'level': 1}),
                (0, 0, {'match': 'none', 'level': 1}),
                (0, 0, {**rule(calls, '=', 0), 'level': 2}),
                (0, 0, {**rule(meetings, '>=', 1), 'level': 1}),
                (0, 0, {'match': 'any'}),
            ],
        )
        action = segment.action_explain()
        dialogues = self.env[action['res_model']].with_user(self.manager)
        form = Form(dialogues.with_context(**action['context']))
        form.partner_id = self.alba
        lines = [
            (line['level'], line['name'], line['measured'], line['holds'])
            for line in form.line_ids._records[1:-3]
        ]
        self.assertEqual(
            lines,
            [
                (0, 'All of these', 'hold: 1', True),
                (1, 'At least 2 of these', 'hold: 2', True),
                (2, 'Calls held · is at least 2', '2', True),
                (2, 'None of these', 'hold: 0', True),
                (3, 'Calls held · is 0', '2', False),
                (2, 'Meetings · is at least 1', '0', False),
            ],
        )
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.alba)

    def test_group_that_rests_on_what_is_hidden_is_hidden(self):
        """The salesperson does not see that Brisa was won, but sees that nobody met her."""
        self.win(self.brisa, 100).user_id = self.manager
        won, meetings = (
            self.env.ref(f'crm_segmentation.metric_{name}')
            for name in ('won_revenue', 'meeting_count')
        )
        rules = [
            (0, 0, {**self.prepare_rule(won, '>=', 50), 'level': 1}),
            (0, 0, {**self.prepare_rule(meetings, '>', 5), 'level': 1}),
        ]
        segment = self.create_rule_segment(
            'call_count', rule_ids=[(0, 0, {'match': 'any'}), *rules]
        )
        group = segment.rule_ids[0]

        def read():
            return segment.with_user(self.salesman)._explain(self.brisa)[self.brisa.id][group.id]

        self.assertEqual(read(), {'value': None, 'holds': None, 'hidden': True})
        self.assertTrue(segment._explain(self.brisa)[self.brisa.id][group.id]['holds'])
        group.match = 'all'
        self.assertEqual(read(), {'value': None, 'holds': False, 'hidden': False})

    def test_explanation_of_groups_agrees_with_membership(self):
        chance = random.Random(7)
        metric = self.env.ref('crm_segmentation.metric_call_count')
        partners = self.env['res.partner'].create(
            [{'name': f'Random {number}', 'ref': 'SEG-RANDOM'} for number in range(12)]
        )
        for partner in partners:
            self.log_calls(partner, *['2026-05-05 10:00:00'] * chance.randint(0, 4))
        kinds = ('all', 'any', 'some', 'none')
        taken = 0
        for _round in range(12):
            lines, level, is_group = [], 0, False
            for _line in range(8):
                level = chance.randint(0, min(level + is_group, 3))
                is_group = chance.random() < 0.4
                line = self.prepare_rule(metric, chance.choice(('>=', '=')), chance.randint(0, 3))
                if is_group:
                    line = {'match': chance.choice(kinds), 'match_count': chance.randint(1, 3)}
                lines.append((0, 0, {**line, 'level': level}))
            segment = self.create_segment(
                domain="[('ref', '=', 'SEG-RANDOM')]",
                scope='both',
                match=chance.choice(kinds),
                rule_ids=lines,
            )
            segment.action_apply()
            explained = segment._explain(partners)
            holders = partners.filtered(
                lambda partner, told=explained: told[partner.id][0]['holds']
            )
            with self.subTest(rules=segment.rule_ids.mapped('display_name')):
                self.assertEqual(self.open_partners(segment), holders)
            taken += bool(holders) and holders != partners
        self.assertGreater(taken, 4)
