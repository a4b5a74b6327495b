import random
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..real_transactions import RealTransactionCase

BEGIN = fields.Datetime.to_datetime('2026-03-10 12:00:00')
COUNT = {'aggregate': 'count', 'date_field': 'date', 'partner_path': 'partner_id'}
# Calls that were held, by their day.
OWN = {'model': 'crm.call', 'domain': "[('state', '=', 'held')]", 'date_field': 'date'}
METRICS = {
    'days': {'aggregate': 'days_since_last'},
    'first': {'aggregate': 'days_since_first'},
    'gap': {'aggregate': 'days_between'},
    'moments': {'aggregate': 'count_distinct', 'measure': 'date'},
    'share': {'aggregate': 'share', 'part_domain': "[('date', '>=', '2026-03-01')]"},
    'change': {'aggregate': 'change_amount'},
    'growth': {'aggregate': 'change_percent'},
    'anniversary': {'aggregate': 'days_until'},
    'filtered': {'aggregate': 'share', 'part_domain': "[('partner_id.ref', '=', 'X')]"},
}


@tagged('post_install', '-at_install')
class TestSegmentSources(RealTransactionCase):
    """Segments with rules follow the documents that changed, and time that passes."""

    def setUp(self):
        super().setUp()
        self.moment = BEGIN
        with self.registry.cursor() as cr:
            env = self.as_root(cr)
            self.metric_ids = {
                name: env.ref(f'crm_segmentation.metric_{name}').id
                for name in ('call_count', 'meeting_count', 'won_revenue')
            }
            self.own_ids = {
                name: env['crm.segment.metric'].create({**OWN, 'name': name, **values}).id
                for name, values in METRICS.items()
            }
            self.metric_ids |= self.own_ids
        self.addCleanup(self._remove_metrics)
        self.addCleanup(self._restore_zone, self._get_zone())

    def _get_zone(self):
        with self.registry.cursor() as cr:
            return self.as_root(cr).user.tz

    def _restore_zone(self, zone):
        with self.registry.cursor() as cr:
            self.as_root(cr).user.tz = zone

    def _remove_metrics(self):
        with self.registry.cursor() as cr:
            env = self.as_root(cr)
            env['crm.segment'].browse(self.segment_ids).exists().unlink()
            env['crm.segment.metric'].browse(self.own_ids.values()).unlink()

    def rule(self, metric, operator, value, value_to=0, period=(0, False), level=0):
        return Command.create(
            {
                'metric_id': self.metric_ids[metric],
                'operator': operator,
                'value': value,
                'value_to': value_to,
                'period_count': period[0],
                'period_unit': period[1],
                'level': level,
            }
        )

    def metric(self, env):
        return env['crm.segment.metric'].browse(self.metric_ids['days'])

    def refresh(self, segment_id, incremental=True):
        with self.registry.cursor() as cr, freeze_time(self.moment):
            segment = self.as_root(cr)['crm.segment'].browse(segment_id)
            return segment._apply_changes(incremental=incremental)

    def suspects(self, segment_id):
        """Return the contacts that the next refresh looks at, None if at all of them.

        A transaction that stays open beside this test makes them more.
        """
        with self.registry.cursor() as cr, freeze_time(self.moment):
            segment = self.as_root(cr)['crm.segment'].browse(segment_id)
            suspects = segment._load_suspects(segment._get_refresh_mark())
            if suspects is None:
                return None
            cr.execute(f'SELECT * FROM {suspects.code} AS suspect')
            return {id_ for (id_,) in cr.fetchall()} & set(self.partner_ids)

    def edit(self, function, *args):
        with self.registry.cursor() as cr, freeze_time(self.moment):
            function(self.as_root(cr), *args)

    def members(self, segment_id):
        with self.registry.cursor() as cr:
            return self.open_partner_ids(self.as_root(cr), segment_id)

    def call(self, env, position, date=None):
        return env['crm.call'].create(
            {
                'name': 'Real',
                'partner_id': self.partner_ids[position],
                'state': 'held',
                'date': date or self.moment - timedelta(hours=1),
            }
        )

    def create_caller_segment(self, *rule):
        segment_id = self.create_segment(rule_ids=[self.rule(*rule)])
        self.refresh(segment_id)
        return segment_id

    # === WHAT IS FOLLOWED === #

    def test_contact_of_a_new_document_is_looked_at(self):
        segment_id = self.create_caller_segment('call_count', '>=', 1)
        self.assertIsNotNone(self.suspects(segment_id))
        self.edit(self.call, 0)
        self.assertIn(self.partner_ids[0], self.suspects(segment_id))
        self.assertEqual(self.refresh(segment_id), {'enter': 1, 'leave': 0})

    def test_deleted_document_makes_everybody_looked_at(self):
        self.edit(self.call, 0)
        segment_id = self.create_caller_segment('call_count', '>=', 1)
        self.edit(lambda env: env.cr.execute("DELETE FROM crm_call WHERE name = 'Real'"))
        self.assertIsNone(self.suspects(segment_id))
        self.assertEqual(self.refresh(segment_id), {'enter': 0, 'leave': 1})
        self.assertIsNotNone(self.suspects(segment_id))

    def test_document_given_to_another_contact_makes_everybody_looked_at(self):
        self.edit(self.call, 0)
        segment_id = self.create_caller_segment('call_count', '>=', 1)
        self.edit(
            lambda env: (
                env['crm.call']
                .search([('partner_id', '=', self.partner_ids[0])])
                .write({'partner_id': self.partner_ids[1]})
            )
        )
        self.assertIsNone(self.suspects(segment_id))
        self.assertEqual(self.refresh(segment_id), {'enter': 1, 'leave': 1})

    def test_document_that_falls_out_of_the_period_is_noticed(self):
        self.edit(self.call, 0)
        self.edit(self.call, 1, BEGIN - timedelta(days=20))
        segment_id = self.create_caller_segment('call_count', '=', 0, 0, (1, 'month'))
        self.moment += timedelta(days=15)
        self.assertIn(self.partner_ids[1], self.suspects(segment_id))
        self.assertEqual(self.refresh(segment_id), {'enter': 1, 'leave': 0})

    def test_periods_begin_with_days_of_far_zones(self):
        """A call leaves the period when a day begins where the author lives."""
        for zone, hour, called in (
            ('Pacific/Kiritimati', 12, '2026-02-10 10:30:00'),  # 11 February there
            ('Etc/GMT+12', 11, '2026-02-09 12:30:00'),  # 9 February there
        ):
            with self.subTest(zone):
                self.edit(lambda env, zone=zone: env.user.write({'tz': zone}))
                self.moment = BEGIN.replace(hour=hour)
                self.edit(self.call, 0, fields.Datetime.to_datetime(called))
                segment_id = self.create_caller_segment('call_count', '=', 1, 0, (1, 'month'))
                self.assertEqual(self.members(segment_id), {self.partner_ids[0]})
                self.moment += timedelta(hours=23)
                self.assertIn(self.partner_ids[0], self.suspects(segment_id))
                self.assertEqual(self.refresh(segment_id), {'enter': 0, 'leave': 1})
                self.edit(lambda env: env['crm.call'].search([('name', '=', 'Real')]).unlink())

    def test_document_of_the_future_counts_from_its_date_on(self):
        self.edit(self.call, 0, BEGIN + timedelta(days=8))
        segment_id = self.create_caller_segment('call_count', '>=', 1, 0, (1, 'month'))
        self.moment += timedelta(days=9)
        self.assertEqual(self.refresh(segment_id), {'enter': 1, 'leave': 0})

    def test_days_that_pass_are_noticed(self):
        self.edit(self.call, 0)
        self.edit(self.call, 1, BEGIN - timedelta(days=40))
        self.edit(self.call, 2, BEGIN - timedelta(days=200))
        self.edit(self.call, 3, BEGIN - timedelta(days=2))
        segment_id = self.create_caller_segment('days', '>=', 60)
        self.assertEqual(self.members(segment_id), {self.partner_ids[2]})
        self.moment += timedelta(days=25)
        self.assertIn(self.partner_ids[1], self.suspects(segment_id))
        self.assertEqual(self.refresh(segment_id), {'enter': 1, 'leave': 0})

    def test_what_rows_do_not_tell_is_refreshed_as_a_whole(self):
        calls = self.rule('call_count', '>=', 1)
        top = self.rule('call_count', 'top_percent', 10)
        for reason, values in {
            'other tables decide which documents count': {
                'rule_ids': [self.rule('won_revenue', '>', 0)]
            },
            'documents lead to several contacts': {
                'rule_ids': [self.rule('meeting_count', '>', 0)]
            },
            'contacts are compared with each other': {'rule_ids': [top]},
            'contacts count for their company': {'rule_ids': [calls], 'roll_up': True},
            'every day changes every value': {'rule_ids': [self.rule('anniversary', '<', 9)]},
            'other tables decide what is a part': {'rule_ids': [self.rule('filtered', '>', 9)]},
            'whoever entered stays': {'rule_ids': [calls], 'mode': 'additive'},
        }.items():
            with self.subTest(reason):
                segment_id = self.create_segment(**values)
                self.refresh(segment_id)
                self.assertIsNone(self.suspects(segment_id))

    def test_rate_of_a_currency_makes_everybody_looked_at(self):
        if 'account.move' not in self.registry or 'sale.order' not in self.registry:
            self.skipTest('needs orders and invoices')
        with self.registry.cursor() as cr:
            env = self.as_root(cr)
            for name in ('ordered_amount', 'invoiced_amount'):
                self.metric_ids[name] = env.ref(f'crm_segmentation.metric_{name}').id
            currency = env['res.currency'].create({'name': 'QXQ', 'symbol': 'Q'})
            rate = env['res.currency.rate'].create(
                {'currency_id': currency.id, 'rate': 2, 'name': '2026-01-01'}
            )
        self.addCleanup(self.edit, lambda env: currency.with_env(env).unlink())
        for value, name in enumerate(('ordered_amount', 'invoiced_amount'), start=3):
            with self.subTest(name):
                segment_id = self.create_caller_segment(name, '>', 0)
                self.assertIsNotNone(self.suspects(segment_id))
                self.edit(lambda env, value=value: rate.with_env(env).write({'rate': value}))
                self.assertIsNone(self.suspects(segment_id))

    def test_metric_that_reads_other_fields_makes_everybody_looked_at(self):
        for name, value in (
            ('date_field', 'create_date'),
            ('partner_path', 'commercial_partner_id'),
        ):
            with self.subTest(name):
                self.edit(lambda env: self.metric(env).write(COUNT))
                segment_id = self.create_caller_segment('days', '>=', 1, 0, (1, 'month'))
                self.assertIsNotNone(self.suspects(segment_id))
                self.edit(lambda env, name=name, value=value: self.metric(env).write({name: value}))
                self.assertIsNone(self.suspects(segment_id))

    def test_applying_by_hand_makes_the_next_refresh_look_at_everybody(self):
        segment_id = self.create_caller_segment('call_count', '>=', 1)
        self.refresh(segment_id, incremental=False)
        self.assertIsNone(self.suspects(segment_id))

    # === INCREMENTAL EQUALS FULL === #

    def prepare_kinds(self):
        everybody = "[('ref', '=like', 'REAL-%')]"
        return (
            {'rule_ids': [self.rule('call_count', '>=', 1, 0, (1, 'month'))]},
            {'rule_ids': [self.rule('call_count', '=', 0, 0, (20, 'day'))], 'domain': everybody},
            {'rule_ids': [self.rule('days', '>=', 30)], 'domain': everybody},
            {'rule_ids': [self.rule('days', 'between', 5, 25)], 'domain': everybody},
            {
                'rule_ids': [
                    self.rule('call_count', '>', 1),
                    self.rule('days', '<', 10, 0, (2, 'month')),
                ],
                'match': 'any',
                'include_partner_ids': self.partner_ids[:1],
                'exclude_partner_ids': self.partner_ids[1:2],
            },
            {'rule_ids': [self.rule('first', '>=', 30)], 'domain': everybody},
            {'rule_ids': [self.rule('gap', '<=', 10)], 'domain': everybody},
            {'rule_ids': [self.rule('share', '>', 50), self.rule('moments', '>=', 2)]},
            {
                'rule_ids': [
                    self.rule('change', '>', 0, 0, (20, 'day')),
                    Command.create({'match': 'none'}),
                    self.rule('growth', '<', 0, 0, (1, 'month'), level=1),
                    self.rule('call_count', '>', 3, level=1),
                ],
                'match': 'some',
                'match_count': 1,
                'domain': everybody,
            },
        )

    def test_everything_that_rows_tell_is_followed(self):
        kinds = self.prepare_kinds()
        self.assertTrue(kinds)
        for kind in kinds:
            with self.subTest(**kind):
                segment_id = self.create_segment(**kind)
                self.refresh(segment_id)
                self.assertIsNotNone(self.suspects(segment_id))

    def test_incremental_equals_full(self):
        """After random edits and days the segments that follow have the members of the others."""
        chance = random.Random(11)
        pairs = [
            (self.create_segment(**kind), self.create_segment(**kind))
            for kind in self.prepare_kinds()
        ]
        followed = 0
        for _round in range(16):
            for _edit in range(chance.randint(0, 3)):
                self.edit(chance.choice(EDITS), self, chance)
            self.moment += timedelta(hours=chance.choice((0, 1, 30, 24 * 11)))
            followed += self.suspects(pairs[0][0]) is not None
            for following, complete in pairs:
                self.refresh(following)
                self.refresh(complete, incremental=False)
                self.assertEqual(self.members(following), self.members(complete))
                self.assertEqual(self.refresh(following), {'enter': 0, 'leave': 0})
        self.assertGreater(followed, 5)


def _any_partner(case, chance):
    return chance.choice(case.partner_ids)


def _calls(env, case):
    return env['crm.call'].search([('partner_id', 'in', case.partner_ids)])


def _log_call(env, case, chance):
    date = case.moment + timedelta(days=chance.randint(-70, 15))
    case.call(env, chance.randrange(len(case.partner_ids)), date)


def _give_call_away(env, case, chance):
    calls = _calls(env, case)
    if calls:
        calls.browse(chance.choice(calls.ids)).partner_id = _any_partner(case, chance)


def _change_call(env, case, chance):
    calls = _calls(env, case)
    if calls:
        env.cr.execute(
            'UPDATE crm_call SET state = %s, date = %s WHERE id = %s',
            [
                chance.choice(('held', 'not_held')),
                case.moment + timedelta(days=chance.randint(-70, 15)),
                chance.choice(calls.ids),
            ],
        )


def _delete_call(env, case, chance):
    calls = _calls(env, case)
    if calls:
        calls.browse(chance.choice(calls.ids)).unlink()


def _change_contact(env, case, chance):
    partner = env['res.partner'].browse(_any_partner(case, chance))
    partner.write({'ref': chance.choice(('REAL-IN', 'REAL-OUT')), 'active': chance.random() < 0.8})


EDITS = (
    *[_log_call] * 3,
    *[_change_call] * 2,
    _change_contact,
    _delete_call,
    _give_call_away,
)
