from hashlib import md5

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from ..common import SegmentCase

OURS = "[('ref', '=', 'CUT')]"


@tagged('post_install', '-at_install')
@freeze_time('2026-06-15 10:00:00')
class TestSegmentCut(SegmentCase):
    """Forty customers, of whom the last ten won 100, 200 … 1,000 of revenue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env['res.partner'].create(
            [{'name': f'Customer {number}', 'ref': 'CUT'} for number in range(40)]
        )
        cls.buyers = cls.customers[30:]
        for number, customer in enumerate(cls.buyers):
            cls.win(customer, (number + 1) * 100)
        cls.revenue = cls.env.ref('crm_segmentation.metric_won_revenue')

    def create_cut(self, cut, seed=7, **values):
        return self.create_segment(
            **{'name': 'Cut', 'domain': OURS, 'scope': 'both', 'category_id': False}
            | {'cut': cut, 'cut_seed': seed, **values}
        )

    def take(self, segment):
        segment.action_apply()
        return self.open_partners(segment)

    def draw(self, partners, seed=7):
        """Return the contacts in the order of their numbers by chance."""
        return partners.sorted(
            lambda one: int(md5(f'{one.id}:{seed}'.encode()).hexdigest()[:15], 16)
        )

    # === BY CHANCE === #

    def test_sample_takes_the_first_by_chance_and_nobody_else_moves(self):
        segment = self.create_cut('number', cut_number=10)
        taken = self.draw(self.customers)[:10]
        self.assertEqual(segment._preview(), {segment.id: 10})
        self.assertEqual(set(self.take(segment)), set(taken))
        self.assertEqual(set(self.take(segment)), set(taken), 'the same again')
        taken[3].ref = 'GONE'
        moved = set(self.take(segment)) ^ set(taken)
        self.assertEqual(moved, {taken[3], self.draw(self.customers)[10]})

    def test_another_seed_takes_others(self):
        first, second = (self.create_cut('number', seed, cut_number=10) for seed in (7, 8))
        self.assertNotEqual(self.take(first), self.take(second))
        self.assertEqual(set(self.take(second)), set(self.draw(self.customers, 8)[:10]))
        seeds = self.env['crm.segment'].create([{'name': f'Seed {n}'} for n in range(3)])
        self.assertGreater(len(set(seeds.mapped('cut_seed'))), 1)
        self.assertEqual(seeds[0].copy().cut_seed, seeds[0].cut_seed)

    def test_percentage_is_rounded_up(self):
        for percent, count in ((10, 4), (11, 5), (100, 40)):
            segment = self.create_cut('percent', cut_percent=percent)
            self.assertEqual(self.take(segment), self.draw(self.customers)[:count].sorted('id'))
            segment.unlink()

    def test_parts_share_nobody_and_are_the_whole_and_nobody_moves_between_them(self):
        parts = [
            self.create_cut('part', name=f'Part {number}', cut_part=number, cut_parts=3)
            for number in (1, 2, 3)
        ]
        before = [self.take(part) for part in parts]
        self.assertEqual(sum(map(len, before)), 40)
        self.assertEqual(set().union(*before), set(self.customers))
        self.customers[:5].ref = 'GONE'
        self.env['res.partner'].create([{'name': 'New', 'ref': 'CUT'}] * 7)
        after = [self.take(part) for part in parts]
        for old, new in zip(before, after, strict=True):
            self.assertEqual(old - self.customers[:5], new & self.customers)
        self.assertEqual(sum(map(len, after)), 42)

    def test_who_is_included_by_hand_comes_on_top_and_who_is_barred_takes_no_place(self):
        drawn = self.draw(self.customers)
        suppression = self.create_segment(
            name='Complaints', is_suppression=True, domain=False, category_id=False
        )
        suppression.include_partner_ids = drawn[1]
        suppression.action_apply()
        segment = self.create_cut(
            'number',
            cut_number=5,
            include_partner_ids=drawn[-1].ids,
            exclude_partner_ids=drawn[0].ids,
        )
        self.assertEqual(set(self.take(segment)), {*drawn[2:7], drawn[-1]})

    def test_additive_segment_keeps_whom_it_drew(self):
        segment = self.create_cut('number', cut_number=5, mode='additive')
        drawn = self.take(segment)
        drawn[0].ref = 'GONE'
        self.assertTrue(drawn < self.take(segment))
        self.assertEqual(segment.member_count, 6)

    # === THE BEST === #

    def test_the_best_by_a_metric_and_of_equals_the_lowest_id(self):
        values = {'cut_metric_id': self.revenue.id}
        segment = self.create_cut('top', cut_number=3, **values)
        self.assertEqual(self.take(segment), self.buyers[-3:])
        self.win(self.buyers[0], 700)
        self.assertEqual(set(self.take(segment)), {self.buyers[0], *self.buyers[-2:]})
        segment.cut_number = 30
        self.assertEqual(self.take(segment), self.buyers, 'who has no documents is not taken')

    def test_the_best_of_the_last_months(self):
        self.win(self.customers[0], 5000, date='2025-01-01 10:00:00')
        segment = self.create_cut('top', cut_number=1, cut_metric_id=self.revenue.id)
        self.assertEqual(self.take(segment), self.customers[0])
        segment.cut_months = 12
        self.assertEqual(self.take(segment), self.buyers[-1])

    def test_metric_in_use_is_kept_and_who_changes_it_answers_for_the_segment(self):
        metric = self.revenue.copy({'name': 'Ours'})
        segment = self.create_cut('top', cut_number=1, cut_metric_id=metric.id)
        segment.action_apply()
        with self.assertRaisesRegex(UserError, 'Cut'), self.cr.savepoint():
            metric.unlink()
        boss = self.manager.copy({'login': 'segment_other_manager'})
        metric.with_user(boss).aggregate = 'count'
        self.assertEqual(segment.author_id, boss)
        self.assertTrue(segment.is_changed)

    # === WHAT IS REFUSED AND TOLD === #

    def test_numbers_without_sense_are_refused(self):
        for cut, values in (
            ('number', {'cut_number': 0}),
            ('percent', {'cut_percent': 101}),
            ('part', {'cut_part': 3, 'cut_parts': 2}),
            ('top', {}),
        ):
            with (
                self.subTest(cut=cut),
                self.assertRaisesRegex(ValidationError, 'Cut'),
                self.cr.savepoint(),
            ):
                self.create_cut(cut, **values)

    def test_who_writes_a_cut_answers_for_it_and_it_is_a_change(self):
        segment = self.create_cut('number', cut_number=5)
        segment.action_apply()
        boss = self.manager.copy({'login': 'segment_other_manager'})
        segment.with_user(boss).cut_number = 6
        self.assertEqual((segment.author_id, segment.is_changed), (boss, True))

    def test_explanation_says_whether_the_cut_takes_a_contact(self):
        segment = self.create_cut('number', cut_number=10)
        drawn = self.draw(self.customers)
        told = segment._explain_cut(drawn)
        self.assertEqual([told[one.id] for one in drawn], [True] * 10 + [False] * 30)
        form = Form(self.env['crm.segment.explanation'].with_context(default_segment_id=segment.id))
        form.partner_id = drawn[20]
        lines = {line['name']: line['holds'] for line in form.line_ids._records}
        self.assertEqual(lines['Criteria'], True)
        self.assertEqual(lines['A number of contacts by chance'], False)

    def test_cut_is_explained_only_to_who_would_see_the_same(self):
        self.buyers[:5].opportunity_ids.user_id = self.manager
        self.buyers[5:].opportunity_ids.user_id = self.salesman
        segment = self.create_cut('top', cut_number=6, cut_metric_id=self.revenue.id)
        told = segment.with_user(self.salesman)._explain_cut(self.buyers)
        self.assertEqual([told[one.id] for one in self.buyers[3:6]], [False, None, True])
        self.assertEqual(segment._explain_cut(self.buyers)[self.buyers[4].id], True)

    def test_queries_do_not_grow_with_the_contacts(self):
        segment = self.create_cut('percent', domain="[('ref', '=', 'MANY')]")
        self.take(segment)
        counts = []
        for more in (10, 990):
            self.env['res.partner'].create([{'name': 'Many', 'ref': 'MANY'}] * more)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            segment.action_apply()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(segment.member_count, 100)
        self.assertLessEqual(counts[1], counts[0])

    # === SPLITTING === #

    def split(self, whole, **values):
        action = whole.action_split()
        dialog = whole.env['crm.segment.split'].with_context(**action['context']).create(values)
        return whole.env['crm.segment'].search(dialog.action_confirm()['domain'])

    def test_parts_that_follow_are_drafts_of_the_members(self):
        whole = self.create_segment(domain=OURS, scope='both')
        whole.action_apply()
        parts = self.split(whole, cut='part', part_count=2)
        self.assertEqual(parts.mapped('name'), ['Spanish companies 1/2', 'Spanish companies 2/2'])
        self.assertEqual(set(parts.mapped('state')), {'draft'})
        self.assertEqual(parts.parent_ids, whole)
        first, second = (self.take(part) for part in parts)
        self.assertFalse(first & second)
        self.assertEqual(set(first | second), set(self.customers))

    def test_parts_that_keep_the_members_have_the_same_size(self):
        whole = self.create_segment(domain=OURS, scope='both')
        whole.action_apply()
        parts = self.split(whole, cut='part', part_count=3, members='keep')
        self.assertEqual(sorted(parts.mapped('member_count')), [13, 13, 14])
        self.assertEqual(set(self.open_partners(parts)), set(self.customers))
        self.customers.ref = 'GONE'
        (whole | parts).action_apply()
        self.assertEqual(sorted(parts.mapped('member_count')), [13, 13, 14])
        self.assertFalse(whole.member_count)

    def test_a_sample_is_named_after_its_size_in_the_words_of_the_reader(self):
        whole = self.create_segment(domain=OURS, scope='both')
        whole.action_apply()
        sample = self.split(whole, cut='percent', percent=12.5)
        self.assertEqual(sample.name, 'Spanish companies, 12.5 %')
        self.assertEqual(len(self.take(sample)), 5)

    def test_the_best_are_kept_by_hand(self):
        whole = self.create_segment(domain=OURS, scope='both')
        whole.action_apply()
        best = self.split(whole, cut='top', number=2, metric_id=self.revenue.id, members='keep')
        self.assertEqual(self.open_partners(best), self.buyers[-2:])

    def test_splitting_is_for_who_makes_segments_and_has_a_limit(self):
        whole = self.create_segment(include_partner_ids=[Command.set(self.alba.ids)])
        with self.assertRaises(AccessError):
            whole.with_user(self.salesman).action_split()
        for count in (1, 21):
            with self.assertRaisesRegex(ValidationError, '20'), self.cr.savepoint():
                self.split(whole, cut='part', part_count=count)
