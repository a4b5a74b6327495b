from odoo.tests import freeze_time, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
@freeze_time('2026-06-15 10:00:00')
class TestSegmentRank(SegmentCase):
    """Ten customers with 100, 200 … 1,000 of won revenue, the first two contacts of a company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env['res.partner'].create(
            [{'name': f'Customer {number}', 'ref': 'RANK'} for number in range(10)]
        )
        for number, customer in enumerate(cls.customers):
            cls.win(customer, (number + 1) * 100)

    def rank(self, operator, value, value_to=0, metric='won_revenue', **values):
        values = {'domain': "[('ref', '=', 'RANK')]", **values}
        segment = self.create_rule_segment(metric, (operator, value, value_to), **values)
        segment.action_apply()
        members = self.open_partners(segment)
        segment.unlink()
        return members

    def test_top_percent_takes_the_highest_and_rounds_up(self):
        self.assertEqual(self.rank('top_percent', 10), self.customers[9:])
        self.assertEqual(self.rank('top_percent', 20), self.customers[8:])
        self.assertEqual(self.rank('top_percent', 25), self.customers[7:])
        self.assertEqual(self.rank('top_percent', 100), self.customers)

    def test_ranks_are_taken_within_the_criteria(self):
        rich = self.env['res.partner'].create({'name': 'Rich', 'ref': 'ELSEWHERE'})
        self.win(rich, 999999)
        self.assertEqual(self.rank('top_percent', 10), self.customers[9:])
        self.assertEqual(
            self.rank('top_percent', 50, domain=f"[('id', 'in', {self.customers[:4].ids})]"),
            self.customers[2:4],
        )

    def test_who_has_nothing_counts_but_is_never_among_the_best(self):
        self.env['res.partner'].create([{'name': 'Idle', 'ref': 'RANK'}] * 10)
        self.assertEqual(self.rank('top_percent', 10), self.customers[8:])
        self.assertEqual(self.rank('top_percent', 100), self.customers)

    def test_of_equals_the_lowest_id_comes_first(self):
        self.win(self.customers[0], 900)
        self.assertEqual(self.rank('top_percent', 10), self.customers[0])
        self.win(self.customers[9], 0.01)
        self.assertEqual(self.rank('top_percent', 10), self.customers[9])

    def test_scores_are_fifths_and_five_is_best(self):
        self.assertEqual(self.rank('quantile', 5, 5), self.customers[8:])
        self.assertEqual(self.rank('quantile', 1, 1), self.customers[:2])
        self.assertEqual(self.rank('quantile', 4, 5), self.customers[6:])

    def test_scores_are_fifths_of_those_who_bought(self):
        self.env['res.partner'].create([{'name': 'Idle', 'ref': 'RANK'}] * 40)
        for score in range(1, 6):
            self.assertEqual(
                self.rank('quantile', score, score), self.customers[score * 2 - 2 : score * 2]
            )

    def test_the_fewest_days_are_the_best(self):
        for number, customer in enumerate(self.customers):
            self.log_calls(customer, f'2026-06-{number + 1:02} 10:00:00')
        self.assertEqual(
            self.rank('top_percent', 20, metric='days_since_last_contact'), self.customers[8:]
        )
        self.assertEqual(
            self.rank('quantile', 1, 1, metric='days_since_last_contact'), self.customers[:2]
        )

    def test_scores_combine_to_rfm(self):
        """Recent and frequent, but little money: who to offer more."""
        for number, customer in enumerate(self.customers):
            self.log_calls(customer, *['2026-06-01 10:00:00'] * (10 - number))
        segment = self.create_rule_segment(
            'call_count', ('quantile', 4, 5), domain="[('ref', '=', 'RANK')]"
        )
        money = self.env.ref('crm_segmentation.metric_won_revenue')
        segment.rule_ids = [(0, 0, self.prepare_rule(money, 'quantile', 1, 1))]
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.customers[:2])

    def test_rolled_up_ranks_compare_companies(self):
        company = self.env['res.partner'].create(
            {'name': 'Company', 'is_company': True, 'ref': 'RANK'}
        )
        self.customers[:6].parent_id = company
        self.assertEqual(
            self.rank('top_percent', 20, roll_up=True, scope='companies'),
            company,
        )
        self.assertEqual(
            self.rank('top_percent', 20, roll_up=True, scope='contacts'), self.customers[:6]
        )
