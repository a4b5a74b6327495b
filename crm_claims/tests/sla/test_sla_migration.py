from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from odoo.tests import tagged
from odoo.tools import SQL

from .common import ServiceSlaCommon

FOLDER = Path(__file__).parents[2] / 'migrations' / '19.0.1.2.0'
WRITTEN = (
    'answer_count',
    'closed_spans',
    'date_customer_waiting',
    'is_customer_waiting',
    'reopen_count',
)


@tagged('post_install', '-at_install')
class TestSlaMigration(ServiceSlaCommon):
    """A database of before learns from its messages what is written down today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the context of Odoo's BaseCommon would keep no track of the stages
        tracked = {'mail_notrack': False, 'tracking_disable': False}
        cls.env = cls.env(context={**cls.env.context, **tracked})

    def migrate(self, name):
        spec = spec_from_file_location(name.replace('-', '_'), FOLDER / f'{name}.py')
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        module.migrate(self.env.cr, '19.0.1.1.0')

    def move_tracked(self, action):
        action()
        self.env.flush_all()
        self.cr.precommit.run()

    def post(self, case, author, moment, **values):
        values = {'message_type': 'comment', 'subtype_xmlid': 'mail.mt_comment', **values}
        self.at(moment, lambda: case.message_post(body='A', author_id=author.id, **values))

    def test_answers_waiting_customers_reopenings_and_teams_are_found(self):
        self.create_policy()
        for model_name in ('service.ticket', 'service.claim'):
            cases = [
                self.at('2026-03-02 08:00:00', self.create_case, model_name) for _n in range(2)
            ]
            waiting, _answered = cases
            self.cr.precommit.run()
            for case in cases:
                self.at('2026-03-02 09:00:00', self.move_tracked, case.action_solve)
                self.at('2026-03-03 09:00:00', self.move_tracked, case.action_reopen)
                self.post(case, self.contact, '2026-03-03 10:00:00')
                self.post(case, self.agent.partner_id, '2026-03-03 11:00:00')
                note = {'subtype_xmlid': 'mail.mt_note'}
                self.post(case, self.agent.partner_id, '2026-03-03 12:00:00', **note)
            self.post(waiting, self.contact, '2026-03-03 13:00:00')
            records = self.env[model_name].concat(*cases)
            self.env.flush_all()
            names = SQL(', ').join(map(SQL.identifier, WRITTEN))
            table = SQL.identifier(records._table)
            read = SQL('SELECT %s FROM %s WHERE id IN %s ORDER BY id', names, table, records._ids)
            expected = self.env.execute_query(read)
            nothing = SQL(', ').join(SQL('%s = NULL', SQL.identifier(name)) for name in WRITTEN)
            self.env.cr.execute(
                SQL('UPDATE %s SET %s WHERE id IN %s', table, nothing, records._ids)
            )
            self.env.cr.execute('UPDATE service_sla_clock SET team_id = NULL')
            for name in ('post-promises', 'post-reopenings'):
                self.migrate(name)
                self.migrate(name)
            with self.subTest(model=model_name):
                self.env.invalidate_all()
                found = self.env.execute_query(read)
                self.assertEqual([row[0] for row in found], [row[0] for row in expected])
                self.assertEqual([row[3] or False for row in found], [True, False])
                self.assertEqual([row[4] for row in found], [1, 1])
                self.assertEqual([len(row[1]) for row in found], [1, 1])
                self.assertEqual(records.sla_clock_ids.team_id, self.repairs)
