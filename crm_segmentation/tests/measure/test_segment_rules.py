from psycopg2.errors import CheckViolation

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..common import SegmentCase


@tagged('post_install', '-at_install')
@freeze_time('2026-06-15 10:00:00')
class TestSegmentRules(SegmentCase):
    """Calls: Alba yesterday and a year ago, Brisa in April; nobody called Cierzo and Duna."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log_calls(cls.alba, '2026-06-14 10:00:00', '2025-06-10 10:00:00')
        cls.log_calls(cls.brisa, '2026-04-01 10:00:00')

    def assertMembers(self, segment, members):
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), members)
        segment.unlink()

    def test_each_operator_compares_the_number_and_nothing_is_zero(self):
        nobody = self.cierzo | self.duna
        for operator, value, value_to, members in (
            ('>=', 1, 0, self.alba | self.brisa),
            ('>', 1, 0, self.alba),
            ('<=', 1, 0, self.brisa | nobody),
            ('<', 1, 0, nobody),
            ('=', 1, 0, self.brisa),
            ('=', 0, 0, nobody),
            ('!=', 1, 0, self.alba | nobody),
            ('between', 0, 1, self.brisa | nobody),
            ('between', 1, 2, self.alba | self.brisa),
        ):
            with self.subTest(operator=operator, value=value):
                self.assertMembers(
                    self.create_rule_segment('call_count', (operator, value, value_to)), members
                )

    def test_period_takes_its_first_day_and_ends_now(self):
        self.log_calls(self.cierzo, '2026-06-20 10:00:00')
        for period, members in (
            ((1, 'day'), self.alba),
            ((75, 'day'), self.alba | self.brisa),
            ((74, 'day'), self.alba),
            ((3, 'month'), self.alba | self.brisa),
            ((1, 'month'), self.alba),
            ((2, 'year'), self.alba | self.brisa),
        ):
            with self.subTest(period=period):
                self.assertMembers(
                    self.create_rule_segment('call_count', ('>=', 1, 0, period)), members
                )

    def test_calendar_period_begins_with_its_first_day_where_the_author_lives(self):
        self.manager.tz = 'Europe/Madrid'
        self.log_calls(self.cierzo, '2026-03-31 22:30:00')  # 1 April there
        self.log_calls(self.duna, '2026-03-31 21:30:00', '2026-07-01 10:00:00')
        called = self.alba | self.brisa | self.cierzo
        for period, members in (
            ('month', self.alba),
            ('quarter', called),
            ('year', called | self.duna),
        ):
            with self.subTest(period=period):
                segment = self.create_rule_segment('call_count', ('>=', 1))
                segment.rule_ids.calendar_period = period
                self.assertMembers(segment, members)
        self.log_calls(self.cierzo, '2025-11-30 12:00:00')
        segment = self.create_rule_segment('call_count', ('>=', 1))
        segment.rule_ids.calendar_period = 'quarter'
        with freeze_time('2025-12-31 12:00:00'):
            self.assertMembers(segment, self.cierzo)

    def test_no_call_in_a_period_takes_who_was_never_called(self):
        self.assertMembers(
            self.create_rule_segment('call_count', ('=', 0, 0, (30, 'day'))),
            self.brisa | self.cierzo | self.duna,
        )

    def test_never_is_longer_ago_than_any_number_of_days(self):
        nobody = self.cierzo | self.duna
        for operator, value, value_to, members in (
            ('>=', 75, 0, self.brisa | nobody),
            ('>', 75, 0, nobody),
            ('!=', 75, 0, self.alba | nobody),
            ('=', 75, 0, self.brisa),
            ('<=', 75, 0, self.alba | self.brisa),
            ('<', 75, 0, self.alba),
            ('between', 0, 10000, self.alba | self.brisa),
        ):
            with self.subTest(operator=operator):
                self.assertMembers(
                    self.create_rule_segment(
                        'days_since_last_contact', (operator, value, value_to)
                    ),
                    members,
                )

    def test_each_condition_can_be_negated(self):
        """Who does not satisfy a rule is who is not found by it, without documents too."""
        everybody = self.alba | self.brisa | self.cierzo | self.duna
        for metric, operator, value in (
            ('call_count', '>', 1),
            ('call_count', '=', 0),
            ('days_since_last_contact', '<', 30),
            ('days_since_last_contact', '>', 30),
            ('call_count', 'top_percent', 25),
        ):
            with self.subTest(metric=metric, operator=operator):
                segment = self.create_rule_segment(metric, (operator, value))
                rules = segment._get_rules_domain()
                taken, others = (
                    everybody.browse(segment._search_as_author(domain).get_result_ids())
                    for domain in (rules, ~rules)
                )
                self.assertTrue(taken & everybody)
                self.assertEqual(everybody - taken, others & everybody)
                measured = segment.rule_ids.sudo()._measure(segment.sudo(), everybody)
                for partner in everybody:
                    [(_value, holds)] = measured[partner.id].values()
                    self.assertIs(holds, partner in taken, 'neither yes nor no')

    def test_all_or_any_of_the_rules(self):
        self.win(self.cierzo, 500)
        self.win(self.alba, 500)
        calls = self.prepare_rule(self.env.ref('crm_segmentation.metric_call_count'), '>=', 1)
        for match, members in (
            ('all', self.alba),
            ('any', self.alba | self.brisa | self.cierzo),
        ):
            with self.subTest(match=match):
                segment = self.create_rule_segment('won_revenue', ('>=', 500), match=match)
                segment.rule_ids = [(0, 0, calls)]
                self.assertMembers(segment, members)

    def test_any_stays_within_the_criteria(self):
        segment = self.create_rule_segment(
            'call_count', ('>=', 1), ('=', 0), match='any', domain="[('ref', '=', 'SEG-FR')]"
        )
        self.assertMembers(segment, self.cierzo)

    def test_rules_without_criteria_look_at_everybody_in_scope(self):
        metric = self.env.ref('crm_segmentation.metric_won_revenue')
        self.win(self.alba, 123456.78)
        self.win(self.duna, 123456.78)
        rule = [(0, 0, self.prepare_rule(metric, '=', 123456.78))]
        self.assertMembers(
            self.create_segment(domain=False, scope='contacts', rule_ids=rule), self.duna
        )

    def test_hand_lists_beat_rules(self):
        segment = self.create_rule_segment(
            'call_count',
            ('>=', 1),
            include_partner_ids=self.duna.ids,
            exclude_partner_ids=self.alba.ids,
        )
        self.assertMembers(segment, self.brisa | self.duna)

    def test_roll_up_measures_the_whole_company(self):
        employee, other = self.env['res.partner'].create(
            [
                {'name': 'Employee', 'parent_id': self.cierzo.id, 'ref': 'SEG-ES'},
                {'name': 'Other', 'parent_id': self.cierzo.id, 'ref': 'SEG-ES'},
            ]
        )
        self.log_calls(employee, '2026-06-01 10:00:00', '2026-06-02 10:00:00')
        self.log_calls(self.cierzo, '2026-06-03 10:00:00')
        self.assertMembers(
            self.create_rule_segment('call_count', ('>=', 3)), self.env['res.partner']
        )
        rule = ('call_count', ('>=', 3))
        self.assertMembers(
            self.create_rule_segment(*rule, roll_up=True), self.cierzo | employee | other
        )
        self.assertMembers(
            self.create_rule_segment(*rule, roll_up=True, scope='companies'), self.cierzo
        )
        self.assertMembers(
            self.create_rule_segment(*rule, roll_up=True, scope='contacts'), employee | other
        )

    def test_roll_up_leaves_documents_with_the_company_of_their_time(self):
        employee = self.env['res.partner'].create(
            {'name': 'Employee', 'parent_id': self.cierzo.id, 'ref': 'SEG-ES'}
        )
        self.log_calls(employee, *(f'2026-06-0{day} 10:00:00' for day in range(1, 6)))
        employee.parent_id = self.duna
        rule = ('call_count', ('>=', 5))
        self.assertMembers(
            self.create_rule_segment(*rule, roll_up=True, scope='companies'), self.cierzo
        )
        self.assertMembers(self.create_rule_segment(*rule, scope='contacts'), employee)

    def test_archived_colleagues_count_for_their_company_in_every_metric(self):
        former = self.env['res.partner'].create({'name': 'Former', 'parent_id': self.cierzo.id})
        self.log_calls(former, '2026-06-01 10:00:00')
        self.env['calendar.event'].create(
            {
                'name': 'Fair',
                'start': '2026-06-01 10:00:00',
                'stop': '2026-06-01 11:00:00',
                'partner_ids': former.ids,
            }
        )
        former.action_archive()
        for metric in ('call_count', 'meeting_count'):
            with self.subTest(metric):
                french = "[('ref', '=', 'SEG-FR')]"
                self.assertMembers(
                    self.create_rule_segment(metric, ('=', 1), roll_up=True, domain=french),
                    self.cierzo,
                )

    def test_roll_up_counts_a_meeting_of_two_colleagues_once(self):
        employee = self.env['res.partner'].create(
            {'name': 'Employee', 'parent_id': self.cierzo.id, 'ref': 'SEG-ES'}
        )
        self.env['calendar.event'].create(
            {
                'name': 'Together',
                'start': '2026-06-01 09:00:00',
                'stop': '2026-06-01 10:00:00',
                'partner_ids': [(6, 0, (self.cierzo | employee).ids)],
            }
        )
        self.assertMembers(
            self.create_rule_segment('meeting_count', ('=', 1)), self.cierzo | employee
        )
        self.assertMembers(
            self.create_rule_segment('meeting_count', ('=', 1), roll_up=True, scope='companies'),
            self.cierzo,
        )

    def test_changed_rule_changes_the_members(self):
        segment = self.create_rule_segment('call_count', ('>=', 1))
        segment.action_apply()
        segment.rule_ids.value = 2
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.alba)
        segment.rule_ids.unlink()
        segment.action_apply()
        self.assertEqual(
            self.open_partners(segment), self.alba | self.brisa | self.cierzo | self.duna
        )

    def test_copy_takes_the_rules_along(self):
        segment = self.create_rule_segment('call_count', ('>=', 2))
        self.assertMembers(segment.copy(), self.alba)

    def test_impossible_rules_are_refused_by_the_database(self):
        segment = self.create_rule_segment('call_count', ('>=', 1))
        for values in (
            {'period_count': 3},
            {'period_unit': 'month'},
            {'period_count': 3, 'period_unit': 'month', 'calendar_period': 'quarter'},
            {'operator': 'between', 'value': 3, 'value_to': 2},
            {'operator': 'top_percent', 'value': 0},
            {'operator': 'top_percent', 'value': 101},
            {'operator': 'quantile', 'value': 0, 'value_to': 5},
            {'operator': 'quantile', 'value': 4, 'value_to': 6},
        ):
            with (
                self.subTest(**values),
                self.assertRaises(CheckViolation),
                mute_logger('odoo.sql_db'),
                self.cr.savepoint(),
            ):
                segment.rule_ids.write(values)
                segment.rule_ids.flush_recordset()
        with self.assertRaises(ValidationError):
            segment.rule_ids.write({'period_count': -3, 'period_unit': 'month'})
