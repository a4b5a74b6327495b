from odoo.tests import tagged

from ..common import CASE_MODELS, ServiceCommon

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

    def assertNoMore(self, function, few, many):
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

    def test_thousand_cost_only_the_batches_in_which_the_orm_inserts(self):
        self.repairs.write(
            {'assignment': 'balanced', 'member_ids': (self.agent | self.colleague).ids}
        )
        values = {'team_id': self.repairs.id}
        self.create_cases('service.ticket', FEW, **values)
        queries = {
            count: self.count_queries(
                lambda n: self.create_cases('service.ticket', n, **values), count
            )[0]
            for count in (1, 20, 100, 1000)
        }
        # two agents hear of their tickets, each in one message
        self.assertLessEqual(queries[100], queries[20])
        self.assertLessEqual(queries[100], queries[1] + 20)
        # the ORM inserts a hundred rows at a time: tickets, first messages, followers
        self.assertLessEqual(queries[1000], queries[100] + 4 * 9)

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

    def test_balanced_assignment_costs_the_same_for_few_and_many(self):
        self.repairs.write(
            {'assignment': 'balanced', 'member_ids': (self.agent | self.colleague).ids}
        )
        self.assertConstant(
            lambda count: self.create_cases('service.ticket', count, team_id=self.repairs.id),
            FEW,
            MANY,
        )

    def test_escalation_costs_the_same_for_few_and_many(self):
        self.repairs.escalation_team_id = self.desk
        few, more, many = (
            self.create_cases('service.ticket', count, team_id=self.repairs.id)
            for count in (FEW, FEW, MANY)
        )
        few.action_escalate()
        self.assertNoMore(lambda cases: cases.action_escalate(), more, many)

    def test_merge_costs_the_same_for_few_and_many(self):
        def create_to_merge(count):
            claims = self.create_cases('service.claim', count, team_id=self.repairs.id)
            for claim in claims:
                claim.message_post(body='x')
            self.env['service.claim.line'].create(
                [{'claim_id': claim.id, 'name': 'x'} for claim in claims]
            )
            return claims

        few, more, many = map(create_to_merge, (FEW, FEW, MANY))
        few.action_merge()
        self.assertNoMore(lambda cases: cases.action_merge(), more, many)

    def test_claim_history_costs_the_same_for_few_and_many_customers(self):
        partners = self.env['res.partner'].create([{'name': f'P{i}'} for i in range(MANY)])
        self.env['service.claim'].create(
            [{'name': 'x', 'partner_id': partner.id} for partner in partners]
        )
        self.assertConstant(
            lambda records: records.mapped('service_claim_history_ids'),
            partners[:FEW],
            partners,
        )

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
        fields = [*teams._get_case_counters(), 'dashboard_graph']
        self.assertConstant(lambda records: records.read(fields), teams[:FEW], teams)
