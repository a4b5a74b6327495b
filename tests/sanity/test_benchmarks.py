"""Whether the benchmarks can still be run: once, on a handful of contacts and without a clock."""

from odoo.tests import TransactionCase, tagged

from benchmarks import scale
from benchmarks.cases import CASES


@tagged('post_install', '-at_install')
class TestBenchmarks(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        running = [('state', '=', 'open')]
        cls.contracts_before = cls.env['crm.contract'].search_count(running)
        scale.fill(cls.env, 'XS')
        cls.contracts_after = cls.env['crm.contract'].search_count(running)

    def test_a_size_is_filled_with_what_can_be_confirmed(self):
        self.assertGreater(self.contracts_after, self.contracts_before)

    def test_both_sides_of_a_pair_run(self):
        """But of those that commit, for the sake of other processes."""
        env = self.env(user=self.env.ref('base.user_admin'))
        cases = [case for case in CASES if not case.clean]
        self.assertTrue(cases)
        for case in cases:
            with self.subTest(case=case.name), self.env.cr.savepoint() as savepoint:
                prepared = case.prepare(env)
                case.ours(env, prepared)
                case.other(env, prepared)
                savepoint.rollback()
