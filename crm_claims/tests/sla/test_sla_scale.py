from odoo.fields import Datetime, Domain
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from odoo.addons.crm_extended.tests.scale import ScaleMixin

from ...models.team.service_team_dashboard import IS_OPEN
from .common import ServiceSlaCommon

TICKETS = 160_000
OPEN_SHARE = 400  # one of so many is open
NOW = '2026-03-03 16:00:00'


@tagged('post_install', '-at_install')
class TestSlaScale(ScaleMixin, ServiceSlaCommon):
    """A team with 160,000 tickets, 400 of them open, works as in an empty one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_policy()
        with freeze_time('2026-03-02 08:00:00'):
            cls._fill()

    @classmethod
    def _fill(cls):
        ticket = cls.create_case(user_id=cls.agent.id)
        is_open = SQL('n %% %s = 0', OPEN_SHARE)
        stages = cls.stages
        first = cls._clone(
            ticket,
            TICKETS,
            number=SQL("'TEST/' || n"),
            stage_id=SQL(
                'CASE WHEN %s THEN %s ELSE %s END',
                is_open,
                stages['open'].id,
                stages['solved'].id,
            ),
            stage_kind=SQL("CASE WHEN %s THEN 'open' ELSE 'solved' END", is_open),
            user_id=SQL('CASE WHEN n %% %s <> 0 THEN origin.user_id END', 2 * OPEN_SHARE),
            date_open=SQL("origin.date_open - n * interval '1 minute'"),
            date_closed=SQL('CASE WHEN NOT %s THEN origin.date_open END', is_open),
            date_deadline=SQL("origin.date_deadline - n * interval '1 minute'"),
            is_customer_waiting=is_open,
            date_customer_waiting=SQL('CASE WHEN %s THEN origin.date_open END', is_open),
        )
        for clock in ticket.sla_clock_ids:
            cls._clone(
                clock,
                TICKETS,
                case_id=SQL('%s + n', first),
                deadline=SQL("origin.deadline - n %% %s * interval '1 minute'", 3000),
                warning_at=SQL("origin.warning_at - n %% %s * interval '1 minute'", 3000),
                reached_at=SQL('CASE WHEN NOT %s THEN origin.deadline END', is_open),
                is_met=SQL('NOT %s', is_open),
                notice_at=SQL('CASE WHEN %s THEN origin.deadline END', is_open),
            )
        cls.env.invalidate_all()
        for table in ('service_ticket', 'service_sla_clock'):
            cls.env.cr.execute(SQL('ANALYZE %s', SQL.identifier(table)))

    def assertIndexed(self, query, touched):
        """No table is read from end to end, and no step looks at more rows than said."""
        [[[plan]]] = self.env.execute_query(SQL('EXPLAIN (ANALYZE, FORMAT JSON) %s', query))
        nodes = list(self._walk(plan['Plan']))
        scanned = [
            node['Relation Name']
            for node in nodes
            if node['Node Type'] == 'Seq Scan'
            and node['Relation Name'] in ('service_ticket', 'service_sla_clock')
        ]
        self.assertFalse(scanned)
        self.assertLess(
            max(
                (node['Actual Rows'] + node.get('Rows Removed by Filter', 0)) * node['Actual Loops']
                for node in nodes
            ),
            touched,
        )

    def get_tickets(self, user=None):
        return self.env['service.ticket'].with_user(user or self.manager)

    @freeze_time(NOW)
    def test_lists_of_what_is_late_or_due_use_indexes(self):
        for user in (self.manager, self.agent):
            tickets = self.get_tickets(user)
            for name, condition in (
                ('late', [('is_late', '=', True)]),
                ('due soon', [('sla_state', '=', 'warning')]),
                ('customer waiting', [('is_customer_waiting', '=', True)]),
                ('open', [('stage_kind', 'not in', ('solved', 'rejected'))]),
            ):
                with self.subTest(filter=name, user=user.login):
                    domain = Domain('team_id', '=', self.repairs.id) & Domain(condition)
                    query = tickets._search(domain, limit=80, order=tickets._order)
                    self.assertIndexed(query.select(), 5000)

    @freeze_time(NOW)
    def test_columns_of_the_board_use_indexes(self):
        tickets = self.get_tickets(self.agent)
        for kind in ('open', 'solved'):
            with self.subTest(kind=kind):
                domain = [
                    ('team_id', '=', self.repairs.id),
                    ('stage_id', '=', self.stages[kind].id),
                ]
                query = tickets._search(domain, limit=80, order=tickets._order)
                self.assertIndexed(query.select(), 5000)

    @freeze_time(NOW)
    def test_numbers_of_the_dashboard_use_indexes(self):
        team = self.repairs.with_user(self.manager)
        counters = team._get_case_counters().values()
        self.assertIn('service.ticket', [model_name for model_name, _domain in counters])
        for model_name, domain in counters:
            if model_name == 'service.ticket':
                with self.subTest(domain=domain):
                    counted = Domain('team_id', 'in', team.ids) & IS_OPEN & Domain(domain)
                    query = self.get_tickets()._search(counted)
                    self.assertIndexed(query.select(SQL('count(*)')), 5000)

    @freeze_time(NOW)
    def test_next_notices_use_indexes(self):
        clocks = self.env['service.sla.clock']
        now = Datetime.now()
        for operator in ('<=', '>'):
            query = clocks._search([('notice_at', operator, now)], order='notice_at', limit=1)
            self.assertIndexed(query.select(), 5000)

    def test_one_more_ticket_costs_what_it_costs_in_an_empty_team(self):
        empty = self.repairs.copy({'name': 'Empty'})
        self.create_policy(team_id=empty.id)
        counts = {}
        for team in (empty, self.repairs, empty, self.repairs):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.create_case(team_id=team.id)
            self.env.flush_all()
            counts[team] = self.env.cr.sql_log_count - before
        self.assertEqual(counts[self.repairs], counts[empty])
