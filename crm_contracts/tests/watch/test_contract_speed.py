from odoo.tests import freeze_time, tagged

from ..common import ContractCase


@tagged('post_install', '-at_install')
class TestContractSpeed(ContractCase):
    def _count_queries(self, function):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _measure_life_of(self, size):
        """Return the queries of creating, confirming, announcing, renewing many contracts."""
        contracts = self.env['crm.contract']

        def create():
            nonlocal contracts
            contracts = contracts.create([self.prepare_contract() for _n in range(size)])

        return [
            self._count_queries(create),
            self._count_queries(lambda: contracts.action_confirm()),
            self._count_queries(lambda: contracts._check_renewals()),
            self._count_queries(lambda: contracts._renew(price_increase=2)),
        ]

    @freeze_time('2026-12-15')
    def test_queries_do_not_grow_with_the_contracts(self):
        self._measure_life_of(2)
        few = self._measure_life_of(10)
        many = self._measure_life_of(100)
        *life, renewing = few
        self.assertLessEqual(max(life), 36, 'with recurring cases and what advances are owed')
        self.assertLessEqual(renewing, 46, 'with the history of prices, tiers and revenue')
        for small, large in zip(few, many, strict=True):
            # The ORM inserts and prefetches in chunks; nothing grows with the single contract.
            self.assertLessEqual(large - small, 2, (few, many))
