import random

from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
@freeze_time('2026-06-15 10:00:00')
class TestSegmentExplain(SegmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.everybody = cls.alba | cls.brisa | cls.cierzo | cls.duna
        cls.log_calls(cls.alba, '2026-06-14 10:00:00', '2026-06-10 10:00:00')
        cls.log_calls(cls.brisa, '2026-04-01 10:00:00')

    def answers(self, segment, partners):
        """Return [(value, holds)] of the first rule for each partner."""
        explained = segment._explain(partners)
        rule = segment.rule_ids[:1].id
        return [
            (explained[partner.id][rule]['value'], explained[partner.id][rule]['holds'])
            for partner in partners
        ]

    def test_value_and_whether_it_holds(self):
        segment = self.create_rule_segment('call_count', ('>=', 2))
        self.assertEqual(
            self.answers(segment, self.everybody),
            [(2, True), (1, False), (0, False), (0, False)],
        )
        segment.rule_ids.write({'operator': '=', 'value': 0})
        self.assertEqual(self.answers(segment, self.cierzo), [(0, True)])

    def test_never_has_no_value_and_is_long_ago(self):
        segment = self.create_rule_segment('days_since_last_contact', ('>=', 30))
        self.assertEqual(
            self.answers(segment, self.alba | self.brisa | self.cierzo),
            [(1, False), (75, True), (None, True)],
        )

    def test_contacts_outside_the_criteria_are_measured_too(self):
        segment = self.create_rule_segment(
            'call_count', ('>=', 2), domain="[('ref', '=', 'SEG-FR')]"
        )
        self.assertEqual(self.answers(segment, self.alba), [(2, True)])
        parts = segment._explain_parts(self.alba | self.cierzo)
        self.assertFalse(parts[self.alba.id]['criteria'])
        self.assertTrue(parts[self.cierzo.id]['criteria'])

    def test_whole_company_is_explained_with_its_total(self):
        employee = self.env['res.partner'].create(
            {'name': 'Employee', 'parent_id': self.brisa.id, 'ref': 'SEG-ES'}
        )
        self.log_calls(employee, '2026-06-01 10:00:00')
        segment = self.create_rule_segment('call_count', ('>=', 2), roll_up=True)
        self.assertEqual(self.answers(segment, self.brisa | employee), [(2, True), (2, True)])

    def test_explanation_agrees_with_membership(self):
        """Random calls, amounts and rules: who satisfies all of them is a member."""
        chance = random.Random(19)
        partners = self.env['res.partner'].create(
            [{'name': f'Random {number}', 'ref': 'SEG-RANDOM'} for number in range(40)]
        )
        for partner in partners:
            days = [chance.randint(1, 28) for _call in range(chance.randint(0, 4))]
            self.log_calls(
                partner, *(f'2026-0{chance.randint(2, 5)}-{day:02} 10:00:00' for day in days)
            )
            self.win(
                partner, *(chance.randint(1, 9) * 100 for _deal in range(chance.randint(0, 3)))
            )
        metrics = {
            'call_count': 4,
            'won_revenue': 1500,
            'days_since_last_contact': 120,
            'meeting_count': 1,
        }
        for _round in range(15):
            rules = []
            for name in chance.sample(sorted(metrics), 2):
                metric = self.env.ref(f'crm_segmentation.metric_{name}')
                operator = chance.choice(
                    ['>=', '>', '<=', '<', '=', '!=', 'between', 'top_percent', 'quantile']
                )
                value = chance.randint(0, metrics[name])
                if operator in ('top_percent', 'quantile'):
                    value = chance.randint(1, 5)
                period = chance.choice([(0, False), (2, 'month'), (60, 'day')])
                top = 5 if operator == 'quantile' else value + metrics[name] / 2
                rules.append((0, 0, self.prepare_rule(metric, operator, value, top, period)))
            match = chance.choice(['all', 'any'])
            segment = self.create_segment(
                domain="[('ref', '=', 'SEG-RANDOM')]", scope='both', match=match, rule_ids=rules
            )
            segment.action_apply()
            self.assertEqual(segment._preview(), {segment.id: segment.member_count})
            combine = all if match == 'all' else any
            explained = segment._explain(partners)
            holders = partners.filtered(
                lambda partner, explained=explained, combine=combine: combine(
                    answer['holds'] for line, answer in explained[partner.id].items() if line
                )
            )
            with self.subTest(rules=segment.rule_ids.mapped('display_name'), match=match):
                self.assertEqual(self.open_partners(segment), holders)

    def test_queries_do_not_grow_with_the_contacts(self):
        partners = self.env['res.partner'].create([{'name': 'Many'}] * 500)
        segment = self.create_rule_segment('call_count', ('>=', 2), ('<', 9))
        segment.with_user(self.salesman)._explain(partners[:1])

        def count_queries(asked):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            segment.with_user(self.salesman)._explain(asked)
            return self.cr.sql_log_count - before

        self.assertEqual(count_queries(partners[:10]), count_queries(partners))

    # === WHO SEES WHAT === #

    def test_reader_gets_only_what_the_documents_show(self):
        """The salesperson sees the own opportunities alone, the author all of them."""
        own = self.win(self.alba, 100)
        own.user_id = self.salesman
        self.win(self.brisa, 100).user_id = self.manager
        segment = self.create_rule_segment('won_revenue', ('>=', 50))
        rule = segment.rule_ids.id
        answers = segment.with_user(self.salesman)._explain(self.alba | self.brisa | self.cierzo)
        self.assertEqual(
            answers[self.alba.id][rule], {'value': 100, 'holds': True, 'hidden': False}
        )
        self.assertEqual(
            answers[self.brisa.id][rule], {'value': None, 'holds': None, 'hidden': True}
        )
        self.assertEqual(
            answers[self.cierzo.id][rule], {'value': 0, 'holds': False, 'hidden': False}
        )
        self.assertEqual(segment._explain(self.brisa)[self.brisa.id][rule]['value'], 100)

    def test_unreadable_model_is_hidden_altogether(self):
        segment = self.create_rule_segment('call_count', ('>=', 1)).sudo()
        metric = self.env['crm.segment.metric'].create(
            {'name': 'Rules made', 'model': 'ir.rule', 'partner_path': 'create_uid.partner_id'}
        )
        segment.write({'author_id': self.env.uid})
        segment.rule_ids.metric_id = metric
        answers = segment.with_user(self.manager)._explain(self.alba)
        self.assertTrue(answers[self.alba.id][segment.rule_ids.id]['hidden'])
        for refused in (
            lambda: segment.with_user(self.manager)._preview(),
            lambda: segment.with_user(self.manager).action_preview(),
            lambda: segment.with_user(self.manager).action_apply(),
        ):
            with self.assertRaises(AccessError):
                refused()
        segment.action_apply()

    def test_explaining_is_for_salespeople(self):
        segment = self.create_rule_segment('call_count', ('>=', 1))
        self.assertTrue(segment.with_user(self.salesman).action_explain())
        for groups in ('base.group_user', 'base.group_portal'):
            user = new_test_user(self.env, login=groups, groups=groups)
            with self.assertRaises(AccessError):
                segment.with_user(user).action_explain()
            with self.assertRaises(AccessError):
                self.env['crm.segment.explanation'].with_user(user).create(
                    {'segment_id': segment.id}
                )

    # === THE DIALOGUE === #

    def test_dialogue_answers_for_the_chosen_contact(self):
        segment = self.create_rule_segment(
            'call_count',
            ('>=', 2, 0, (3, 'month')),
            ('<', 1000),
            exclude_partner_ids=self.brisa.ids,
        )
        segment.action_apply()
        form = self.open_dialogue(segment, self.manager)
        self.assertFalse(form.line_ids._records)
        form.partner_id = self.alba
        lines = [(line['name'], line['measured'], line['holds']) for line in form.line_ids._records]
        self.assertEqual(
            lines,
            [
                ('Criteria', False, True),
                ('All of these', 'hold: 2', True),
                ('Calls held · in the last 3 months · is at least 2', '2', True),
                ('Calls held · is less than 1,000', '2', True),
                ('Always included', False, False),
                ('Always excluded, or taken by the group', False, False),
                ('Member now', False, True),
            ],
        )
        self.assertEqual(form.reason, 'criteria')
        form.partner_id = self.brisa
        self.assertFalse(form.reason)

    def test_dialogue_says_who_enters_and_leaves_next(self):
        segment = self.create_rule_segment('call_count', ('>=', 2))
        form = self.open_dialogue(segment, self.manager)
        self.assertFalse(form.verdict)

        def read_verdict(partner):
            self.env.invalidate_all()
            form.partner_id = self.cierzo
            form.partner_id = partner
            return form.verdict

        self.assertEqual(
            read_verdict(self.alba),
            'Does not belong to the segment yet, and enters when it is applied next.',
        )
        segment.action_apply()
        self.assertEqual(read_verdict(self.alba), 'Belongs to the segment.')
        self.assertEqual(read_verdict(self.brisa), 'Does not belong to the segment.')
        segment.rule_ids.value = 3
        self.assertEqual(
            read_verdict(self.alba), 'Belongs to the segment, and leaves when it is applied next.'
        )
        segment.mode = 'additive'
        self.assertEqual(read_verdict(self.alba), 'Belongs to the segment.')
        segment.exclude_partner_ids = self.alba
        self.assertIn('leaves', read_verdict(self.alba))

    def test_verdict_tells_no_more_than_the_lines(self):
        """The salesperson may not see the opportunity for which Alba will enter."""
        self.win(self.alba, 100).user_id = self.manager
        segment = self.create_rule_segment('won_revenue', ('>=', 50))
        form = self.open_dialogue(segment, self.salesman)
        form.partner_id = self.alba
        self.assertEqual(form.verdict, 'Does not belong to the segment.')

    def test_dialogue_says_what_is_not_visible(self):
        segment = self.create_rule_segment('call_count', ('>=', 2))
        form = self.open_dialogue(segment, self.salesman)
        form.partner_id = self.alba
        hidden = [line for line in form.line_ids._records if line['is_hidden']]
        self.assertEqual(
            [(line['name'], line['measured']) for line in hidden],
            [
                ('All of these', 'not visible to you'),
                ('Calls held · is at least 2', 'not visible to you'),
            ],
        )

    def open_dialogue(self, segment, user):
        action = segment.with_user(user).action_explain()
        return Form(self.env[action['res_model']].with_user(user).with_context(**action['context']))
