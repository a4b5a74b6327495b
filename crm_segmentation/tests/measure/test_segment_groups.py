from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..common import SegmentCase


@tagged('post_install', '-at_install')
@freeze_time('2026-06-15 10:00:00')
class TestSegmentGroups(SegmentCase):
    """Calls: two of Alba, one of Brisa; Cierzo and Alba were won; nobody did anything with Duna."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log_calls(cls.alba, '2026-06-14 10:00:00', '2026-06-10 10:00:00')
        cls.log_calls(cls.brisa, '2026-06-01 10:00:00')
        cls.win(cls.cierzo, 500)
        cls.win(cls.alba, 500)
        cls.calls, cls.won = (
            cls.env.ref(f'crm_segmentation.metric_{name}') for name in ('call_count', 'won_revenue')
        )
        cls.everybody = cls.alba | cls.brisa | cls.cierzo | cls.duna

    def called(self, value, level=1, operator='>='):
        return {**self.prepare_rule(self.calls, operator, value), 'level': level}

    def was_won(self, level=1):
        return {**self.prepare_rule(self.won, '>=', 1), 'level': level}

    def create_outline(self, *lines, **values):
        return self.create_segment(
            **{
                'domain': "[('ref', '=like', 'SEG-%')]",
                'scope': 'both',
                'rule_ids': [Command.create(line) for line in lines],
                **values,
            }
        )

    def assertTakes(self, members, *lines, **values):
        segment = self.create_outline(*lines, **values)
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), members)
        return segment

    def test_each_kind_of_group(self):
        for kind, members in (
            ({'match': 'all'}, self.alba),
            ({'match': 'any'}, self.alba | self.brisa | self.cierzo),
            ({'match': 'some', 'match_count': 2}, self.alba),
            ({'match': 'some', 'match_count': 1}, self.alba | self.brisa | self.cierzo),
            ({'match': 'some', 'match_count': 3}, self.env['res.partner']),
            ({'match': 'none'}, self.duna),
        ):
            with self.subTest(**kind):
                self.assertTakes(members, kind, self.called(1), self.was_won())
                self.assertTakes(members, self.called(1, level=0), self.was_won(0), **kind)

    def test_groups_within_groups(self):
        """Called twice, or: called and not won."""
        self.assertTakes(
            self.alba | self.brisa,
            {'match': 'any'},
            self.called(2),
            {'match': 'all', 'level': 1},
            self.called(1, level=2),
            {'match': 'none', 'level': 2},
            self.was_won(level=3),
        )

    def test_what_stands_further_out_is_not_in_the_group(self):
        outside = self.called(1, level=0)
        self.assertTakes(self.alba, {'match': 'any'}, self.was_won(), outside)
        self.assertTakes(
            self.alba | self.brisa | self.cierzo, {'match': 'any'}, self.was_won(), self.called(1)
        )

    def test_order_of_the_list_decides_and_not_of_its_making(self):
        segment = self.create_outline(
            {**self.called(1, level=0), 'sequence': 3}, {**self.was_won(0), 'sequence': 2}
        )
        segment.write(
            {
                'rule_ids': [
                    Command.create({'match': 'none', 'sequence': 1}),
                    *(Command.update(rule.id, {'level': 1}) for rule in segment.rule_ids),
                ]
            }
        )
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.duna)

    def test_group_without_rules_does_not_count(self):
        for match in ('all', 'any', 'some', 'none'):
            with self.subTest(match=match):
                empty = ({'match': match}, {'match': match, 'level': 1})
                self.assertTakes(self.alba | self.brisa, *empty, self.called(1, 0), match='all')
                self.assertTakes(self.alba | self.brisa, *empty, self.called(1, 0), match='any')
                self.assertTakes(self.cierzo | self.duna, *empty, self.called(1, 0), match='none')
        nobody = self.env['res.partner']
        self.assertTakes(nobody, {'match': 'any'}, domain=False)
        self.assertTakes(self.everybody, {'match': 'any'})

    def test_copy_takes_the_groups_along(self):
        segment = self.create_outline({'match': 'none'}, self.called(1), self.was_won())
        copy = segment.copy()
        copy.action_apply()
        self.assertEqual(self.open_partners(copy), self.duna)

    # === WHILE EDITING === #

    def test_what_is_edited_is_counted_in_its_order(self):
        segment = self.create_outline(self.called(1, level=0), self.was_won(0))

        def count(*commands):
            values = {'rule_ids': list(commands)}
            return segment.action_preview_draft(values)['count']

        self.assertEqual(count(), 1)
        first, second = segment.rule_ids
        group = Command.create({'match': 'none', 'sequence': 0})
        inside = [
            Command.update(first.id, {'level': 1, 'sequence': 1}),
            Command.update(second.id, {'level': 1, 'sequence': 2}),
        ]
        self.assertEqual(count(group, *inside), 1)
        segment.write({'rule_ids': [group, *inside]})
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.duna)

    def test_form_makes_a_group(self):
        with Form(self.env['crm.segment'].with_user(self.manager)) as form:
            form.name = 'Grouped'
            form.domain = "[('ref', '=like', 'SEG-%')]"
            with form.rule_ids.new() as line:
                line.match = 'none'
            with form.rule_ids.new() as line:
                line.metric_id = self.calls
                line.operator = '>='
                line.value = 1
        segment = form.save()
        self.assertEqual(
            segment.rule_ids.mapped('display_name'), ['None of these', 'Calls held · is at least 1']
        )

    # === WHAT IS REFUSED === #

    def test_line_that_stands_too_far_in_is_refused_with_its_words(self):
        for lines in (
            (self.called(1),),
            ({'match': 'any'}, self.called(1, level=2)),
            (self.called(1, level=0), self.called(1)),
        ):
            with (
                self.subTest(lines=lines),
                self.assertRaisesRegex(ValidationError, 'Calls held.*indented too far'),
                self.cr.savepoint(),
            ):
                self.create_outline(*lines)
        segment = self.create_outline({'match': 'any'}, self.called(1))
        group = segment.rule_ids[0]
        removal = {'rule_ids': [Command.delete(group.id)]}
        with self.assertRaisesRegex(ValidationError, 'indented too far'), self.cr.savepoint():
            segment.write(removal)
        with self.assertRaisesRegex(ValidationError, 'indented too far'):
            segment.action_preview_draft(removal)

    def test_impossible_lines_are_refused_by_the_database(self):
        group = self.create_outline({'match': 'any'}, self.called(1)).rule_ids[0]
        for values in (
            {'level': 5},
            {'level': -1},
            {'metric_id': self.calls.id},
            {'match': False},
            {'match': 'some', 'match_count': 0},
        ):
            with (
                self.subTest(**values),
                self.assertRaises(CheckViolation),
                mute_logger('odoo.sql_db'),
                self.cr.savepoint(),
            ):
                group.write(values)
                group.flush_recordset()
        with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            group.segment_id.write({'match': 'some', 'match_count': 0})
            self.env.flush_all()

    def test_tag_asked_for_within_a_group_is_a_dependency(self):
        asking = self.env['crm.segment.metric'].create(
            {
                'name': 'Tagged deals',
                'model': 'crm.lead',
                'domain': f"[('partner_id.category_id', 'in', {self.tag.ids})]",
            }
        )
        line = {**self.prepare_rule(asking, '>=', 1), 'level': 1}
        segment = self.create_outline({'match': 'none'}, line, category_id=False)
        self.assertEqual(segment.sudo()._get_asked_tags(), self.tag)
        with self.assertRaisesRegex(ValidationError, 'asks? for that tag'):
            segment.category_id = self.tag
