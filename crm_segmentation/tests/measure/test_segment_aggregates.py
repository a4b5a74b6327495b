from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..common import SegmentCase

REFUSALS = (ValidationError, AccessError, CheckViolation)


@tagged('post_install', '-at_install')
@freeze_time('2026-06-15 10:00:00')
class TestSegmentAggregates(SegmentCase):
    """What is taken of documents beside number, sum and the last day; nobody won Duna."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tags = cls.env['crm.tag'].create([{'name': 'Agg A'}, {'name': 'Agg B'}])
        cls.win(cls.alba, 100, 300, date='2026-06-01 10:00:00')
        cls.win(cls.alba, 200, date='2026-05-12 10:00:00')
        cls.win(cls.brisa, 50, date='2026-06-05 10:00:00')
        cls.win(cls.cierzo, 80, date='2026-04-25 10:00:00')
        cls.everybody = cls.alba | cls.brisa | cls.cierzo | cls.duna

    def create_metric(self, aggregate, **values):
        return (
            self.env['crm.segment.metric']
            .with_user(self.manager)
            .create(
                {
                    'name': 'Ours',
                    'model': 'crm.lead',
                    'domain': "[('type', '=', 'opportunity')]",
                    'aggregate': aggregate,
                    'date_field': 'date_closed',
                    **values,
                }
            )
        )

    def create_measuring(self, metric, operator, value, period=(0, False), **values):
        rule = self.prepare_rule(metric, operator, value, period=period)
        return self.create_segment(
            **{
                'domain': "[('ref', '=like', 'SEG-%')]",
                'scope': 'both',
                'rule_ids': [(0, 0, rule)],
                **values,
            }
        )

    def measure(self, metric, period=(0, False), **values):
        """Return what is measured of each of us."""
        segment = self.create_measuring(metric, '!=', -12345, period, **values)
        told = segment._explain(self.everybody)
        return [told[partner.id][segment.rule_ids.id]['value'] for partner in self.everybody]

    def take(self, metric, operator, value, period=(0, False), **values):
        segment = self.create_measuring(metric, operator, value, period, **values)
        segment.action_apply()
        return self.open_partners(segment)

    def test_different_values_are_counted_once(self):
        metric = self.create_metric('count_distinct', measure='expected_revenue')
        self.win(self.brisa, 50, 50, date='2026-06-05 10:00:00')
        self.assertEqual(self.measure(metric), [3, 1, 1, 0])
        metric = self.create_metric('count_distinct', measure='user_id')
        self.assertEqual(self.take(metric, '=', 0), self.duna | self._get_unassigned())

    def _get_unassigned(self):
        leads = self.env['crm.lead'].search([('partner_id', 'in', self.everybody.ids)])
        return leads.filtered(lambda lead: not lead.user_id).partner_id

    def test_days_since_the_first_and_nobody_has_one(self):
        metric = self.create_metric('days_since_first')
        self.assertEqual(self.measure(metric), [34, 10, 51, None])
        self.assertEqual(self.take(metric, '>=', 34), self.alba | self.cierzo)
        self.assertEqual(self.take(metric, '<', 9999), self.everybody - self.duna)
        self.assertEqual(self.take(metric, '!=', 34), self.everybody - self.alba)

    def test_days_between_need_two_documents(self):
        self.win(self.brisa, 1, date='2026-06-05 18:00:00')
        self.win(self.brisa, 1, date='2026-06-20 18:00:00')
        metric = self.create_metric('days_between')
        self.assertEqual(self.measure(metric), [10, 0, None, None])
        self.assertEqual(self.take(metric, '<=', 5), self.brisa)
        self.assertEqual(self.take(metric, 'top_percent', 25), self.brisa)

    def test_share_of_a_part(self):
        metric = self.create_metric(
            'share', measure='expected_revenue', part_domain="[('expected_revenue', '>=', 200)]"
        )
        self.win(self.cierzo, -80, date='2026-04-25 10:00:00')
        self.assertEqual(self.measure(metric), [83.33, 0, None, None])
        self.assertEqual(self.take(metric, '<', 50), self.brisa)
        self.assertEqual(self.take(metric, '!=', 0), self.everybody - self.brisa)

    def test_share_of_the_number_in_a_period(self):
        metric = self.create_metric('share', part_domain="[('expected_revenue', '<', 150)]")
        self.assertEqual(self.measure(metric), [33.33, 100, 100, None])
        self.assertEqual(self.measure(metric, (30, 'day')), [50, 100, None, None])

    def test_change_against_the_period_before(self):
        """The last 30 days begin on 16 May, those before on 16 April."""
        percent, amount, number = (
            self.create_metric('change_percent', measure='expected_revenue'),
            self.create_metric('change_amount', measure='expected_revenue'),
            self.create_metric('change_percent'),
        )
        period = (30, 'day')
        self.assertEqual(self.measure(percent, period), [100, None, -100, None])
        self.assertEqual(self.measure(amount, period), [200, 50, -80, 0])
        self.assertEqual(self.measure(number, period), [100, None, -100, None])
        self.assertEqual(self.measure(amount, (1, 'year')), [600, 50, 80, 0])
        self.assertEqual(self.take(percent, '<', 0, period), self.cierzo)
        self.assertEqual(self.take(percent, '>', 0, period), self.alba)
        self.assertEqual(self.take(amount, '=', 0, period), self.duna)

    def test_change_without_a_period_before_is_refused(self):
        metric = self.create_metric('change_amount')
        for values in ({}, {'calendar_period': 'month'}):
            rule = {**self.prepare_rule(metric, '>', 0), **values}
            with (
                self.subTest(**values),
                self.assertRaisesRegex(ValidationError, 'compares a period with the one before'),
                self.cr.savepoint(),
            ):
                self.create_segment(rule_ids=[(0, 0, rule)])

    def test_whole_companies_are_measured_with_the_same_parts(self):
        employee = self.env['res.partner'].create(
            {'name': 'Employee', 'parent_id': self.brisa.id, 'ref': 'SEG-ES'}
        )
        self.win(employee, 150, date='2026-06-05 10:00:00')
        metric = self.create_metric(
            'share', measure='expected_revenue', part_domain="[('expected_revenue', '>=', 100)]"
        )
        self.assertEqual(self.measure(metric, roll_up=True)[1], 75)

    def test_values_are_read_with_their_unit(self):
        for aggregate, period, text in (
            ('share', (0, False), 'Ours · is at least 25 %'),
            ('change_percent', (3, 'month'), 'Ours · in the last 3 months · is at least 25 %'),
            ('days_until', (0, False), 'Ours · is at least 25 days'),
            ('count_distinct', (0, False), 'Ours · is at least 25'),
        ):
            with self.subTest(aggregate=aggregate):
                values = {'measure': 'expected_revenue', 'part_domain': '[]'}
                segment = self.create_measuring(
                    self.create_metric(aggregate, **values), '>=', 25, period
                )
                self.assertEqual(segment.rule_ids.display_name, text)

    # === ANNIVERSARIES === #

    def test_anniversary_of_the_first_comes_every_year(self):
        metric = self.create_metric('days_until')
        for first, today, days in (
            ('2020-06-20', '2026-06-15', 5),
            ('2020-06-15', '2026-06-15', 0),
            ('2026-06-15', '2026-06-15', 365),
            ('2020-06-14', '2026-06-15', 364),
            ('2020-01-02', '2026-12-31', 2),
            ('2020-02-29', '2027-02-27', 1),
            ('2020-02-29', '2027-03-01', 365),
            ('2020-02-29', '2028-02-28', 1),
            ('2024-02-29', '2024-03-01', 364),
        ):
            with self.subTest(first=first, today=today), freeze_time(f'{today} 10:00:00'):
                self.env['crm.lead'].search([('partner_id', '=', self.duna.id)]).unlink()
                self.win(self.duna, 1, date=f'{first} 09:00:00')
                self.win(self.duna, 1, date='2099-06-18 10:00:00')
                self.assertEqual(self.measure(metric)[-1], days)
        self.assertFalse(self.take(metric, '<=', 30) & self.brisa)

    def test_anniversary_is_that_of_the_author_s_day(self):
        self.win(self.duna, 1, date='2020-06-16 20:00:00')  # 17 June in Auckland
        metric = self.create_metric('days_until')
        self.assertEqual(self.measure(metric)[-1], 1)
        self.manager.tz = 'Pacific/Auckland'
        with freeze_time('2026-06-15 20:00:00'):  # 16 June there
            self.assertEqual(self.measure(metric)[-1], 1)
        with freeze_time('2026-06-16 13:00:00'):  # 17 June there
            self.assertEqual(self.measure(metric)[-1], 0)

    def test_birthday_is_a_date_of_the_contact_itself(self):
        """Contacts have no birthday of their own in Odoo: any date will do."""
        metric = self.create_metric(
            'days_until',
            model='res.partner',
            partner_path='id',
            domain='[]',
            date_field='create_date',
        )
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = '1990-06-18 09:00:00' WHERE id = %s",
            [self.brisa.id],
        )
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = '1990-01-18 09:00:00' WHERE id = ANY(%s)",
            [(self.everybody - self.brisa).ids],
        )
        self.assertEqual(self.take(metric, '<=', 7), self.brisa)
        self.assertEqual(self.take(metric, '<=', 7, roll_up=True), self.brisa)

    # === WHAT IS REFUSED === #

    def test_metrics_that_lack_something_are_refused(self):
        for values in (
            {'aggregate': 'share'},
            {'aggregate': 'share', 'part_domain': "[('no_such_field', '=', 1)]"},
            {'aggregate': 'share', 'part_domain': "[('user_id.password', '=', 'admin')]"},
            {'aggregate': 'count_distinct'},
            {'aggregate': 'count_distinct', 'measure': 'tag_ids'},
            {'aggregate': 'days_until', 'date_field': False},
            {'aggregate': 'change_amount', 'date_field': False},
            {'aggregate': 'count', 'partner_path': 'id'},
            {'aggregate': 'count', 'partner_path': 'team_id.id'},
        ):
            with (
                self.subTest(**values),
                self.assertRaisesRegex(REFUSALS, '.'),
                mute_logger('odoo.sql_db'),
                self.cr.savepoint(),
            ):
                self.create_metric(**values)
                self.env.flush_all()
