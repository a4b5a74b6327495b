from odoo import Command
from odoo.tests import tagged

from .common import ServiceSlaCommon

# Odoo writes a hundred rows in a statement, and a case has two clocks
FEW, MANY, MASS = 10, 50, 1000


@tagged('post_install', '-at_install')
class TestSlaQueries(ServiceSlaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env['service.category'].create({'name': 'Machines'})
        cls.tag = cls.env['res.partner.category'].create({'name': 'Gold'})
        cls.create_policies(5)

    @classmethod
    def create_policies(cls, count):
        for number in range(count):
            cls.create_policy(
                name=f'Policy {number}',
                sequence=number,
                team_id=False,
                category_ids=[Command.set(cls.category.ids)],
                partner_category_ids=[Command.set(cls.tag.ids)],
            )
        cls.create_policy(name='The rest', sequence=1000)

    def count_queries(self, function, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function(*args)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def create_cases(self, count):
        return self.env['service.ticket'].create(
            [
                {
                    'name': f'Case {number}',
                    'partner_id': self.customer.id,
                    'team_id': self.repairs.id,
                    'category_id': self.category.id,
                    'date_open': '2026-03-02 08:00:00',
                }
                for number in range(count)
            ]
        )

    def test_creating_costs_the_same_for_few_and_many_cases_and_policies(self):
        self.create_cases(1)  # fills the registry's caches
        queries = self.count_queries(self.create_cases, FEW)
        self.assertLessEqual(self.count_queries(self.create_cases, MANY), queries)
        mass = self.count_queries(self.create_cases, MASS)
        self.assertLess(mass, queries + 8 * MASS / 100)
        self.create_policies(20)
        self.assertLessEqual(self.count_queries(self.create_cases, MANY), queries)
        self.assertLessEqual(self.count_queries(self.create_cases, MASS), mass)

    def test_moving_and_choosing_again_cost_the_same_for_few_and_many(self):
        first, few, many = (self.create_cases(count) for count in (1, FEW, MANY))
        for change in (
            {'stage_id': self.stages['waiting'].id},
            {'stage_id': self.stages['open'].id},
            {'priority': '3'},
            {'stage_id': self.stages['solved'].id},
            {'stage_id': self.stages['open'].id},
        ):
            first.write(change)
            with self.subTest(change=change):
                queries = self.count_queries(few.write, change)
                self.assertLessEqual(self.count_queries(many.write, change), queries)

    def test_reading_costs_the_same_for_few_and_many(self):
        few, many = self.create_cases(FEW), self.create_cases(MANY)
        clock_fields = ['state', 'used_hours', 'remaining_hours', 'progress']
        for function in (
            lambda cases: cases.with_user(self.agent).read(['sla_state', 'sla_clock_ids']),
            lambda cases: cases.with_user(self.agent).sla_clock_ids.read(clock_fields),
        ):
            function(few)
            queries = self.count_queries(function, few)
            self.assertLessEqual(self.count_queries(function, many), queries)

    def test_preview_costs_the_same_for_few_and_many_policies(self):
        self.create_cases(FEW)
        policies = self.env['service.sla.policy'].search([])

        def preview(policies):
            policies.with_user(self.manager).read(['open_ticket_count', 'open_claim_count'])

        preview(policies)
        queries = self.count_queries(preview, policies)
        self.create_policies(20)
        policies = self.env['service.sla.policy'].search([])
        self.assertLessEqual(self.count_queries(preview, policies), queries)
