from odoo.tests import tagged

from .common import CASE_MODELS, ServiceCommon

FEW, MANY = 10, 100


@tagged('post_install', '-at_install')
class TestCaseQueries(ServiceCommon):
    def count_queries(self, function, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        result = function(*args)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before, result

    def create_cases(self, model_name, count, **values):
        return (
            self.env[model_name]
            .with_context(tracking_disable=False)
            .create(
                [
                    {'name': f'Case {i}', 'partner_id': self.customer.id, **values}
                    for i in range(count)
                ]
            )
        )

    def assertConstant(self, function, few, many):
        function(few)  # fills the registry's caches
        queries_few, _result = self.count_queries(function, few)
        queries_many, _result = self.count_queries(function, many)
        self.assertLessEqual(queries_many, queries_few)

    def test_create_costs_the_same_for_few_and_many(self):
        for model_name in CASE_MODELS:
            for values in ({}, {'team_id': self.repairs.id}):
                self.assertConstant(
                    lambda count, m=model_name, v=values: self.create_cases(m, count, **v),
                    FEW,
                    MANY,
                )

    def test_transitions_cost_the_same_for_few_and_many(self):
        for action in ('action_solve', 'action_reopen', 'action_assign_to_me'):

            def act(cases, action=action):
                if action == 'action_reopen':
                    cases.action_solve()
                getattr(cases.with_user(self.agent), action)()

            few = [
                self.create_cases('service.claim', FEW, team_id=self.repairs.id)
                for _index in range(2)
            ]
            many = self.create_cases('service.claim', MANY, team_id=self.repairs.id)
            self.env.flush_all()
            act(few[0])
            queries_few, _result = self.count_queries(act, few[1])
            queries_many, _result = self.count_queries(act, many)
            self.assertLessEqual(queries_many, queries_few, action)

    def test_copy_costs_the_same_for_few_and_many(self):
        few = self.create_cases('service.ticket', FEW)
        many = self.create_cases('service.ticket', MANY)
        self.assertConstant(lambda cases: cases.copy(), few, many)

    def test_counters_cost_the_same_for_few_and_many_customers(self):
        partners = self.env['res.partner'].create([{'name': f'P{i}'} for i in range(MANY)])
        self.env['service.claim'].create(
            [{'name': 'x', 'partner_id': partner.id} for partner in partners]
        )
        self.assertConstant(
            lambda records: records.mapped('service_claim_count'),
            partners[:FEW],
            partners,
        )

    def test_dashboard_costs_the_same_for_few_and_many_teams(self):
        teams = self.env['service.team'].create([{'name': f'T{i}'} for i in range(MANY)])
        self.create_cases('service.ticket', FEW, team_id=teams[3].id)
        fields = ['open_claim_count', 'unassigned_ticket_count', 'open_ticket_count']
        self.assertConstant(lambda records: records.read(fields), teams[:FEW], teams)
