from odoo.tests import tagged

from .common import ServiceMailCommon

FEW, MANY = 10, 1000


@tagged('post_install', '-at_install')
class TestMailQueries(ServiceMailCommon):
    def create_cases(self, model_name, count):
        self.env[model_name].create(
            [
                {'name': f'Case {i}', 'partner_id': self.customer.id, 'team_id': self.repairs.id}
                for i in range(count)
            ]
        )

    def count_queries(self, address):
        raw = self.compose(To=address)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env['mail.thread'].message_process(None, raw)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_mail_costs_the_same_for_few_and_many_cases_of_the_team(self):
        self.repairs.write(
            {'assignment': 'balanced', 'member_ids': (self.agent | self.colleague).ids}
        )
        for model_name, address in (
            ('service.ticket', self.to_tickets),
            ('service.claim', self.to_claims),
        ):
            with self.subTest(model=model_name):
                self.create_cases(model_name, FEW)
                self.count_queries(address)  # fills the registry's caches
                queries = self.count_queries(address)
                self.create_cases(model_name, MANY)
                self.assertLessEqual(self.count_queries(address), queries)
                opened = self.env[model_name].search([], limit=1, order='id desc')
                self.assertEqual(opened.name, 'The press leaks')
                self.assertIn(opened.user_id, self.agent | self.colleague)
