from odoo.tests import freeze_time, tagged

from .common import ServiceSlaCommon


@tagged('post_install', '-at_install')
class TestSlaReport(ServiceSlaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.create_policy(team_id=False, first_response_hours=0)

    def create_closed(self, closed, **values):
        case = self.create_case(date_open='2026-03-02 08:00:00', **values)
        self.at(closed, case.action_solve)
        return case

    def test_rates_are_right_in_every_group(self):
        met, missed = '2026-03-03 10:00:00', '2026-03-09 10:00:00'
        for _index in range(3):
            self.create_closed(met)
        self.create_closed(missed)
        self.create_closed(missed, team_id=self.desk.id)
        self.create_case(date_open='2026-03-05 08:00:00', team_id=self.desk.id)
        self.create_case('service.claim', date_open='2026-03-02 08:00:00')
        rows = [('policy_id', '=', self.policy.id)]
        measures = ['met_rate:avg', 'met_count:sum', 'missed_count:sum', '__count']
        with freeze_time('2026-03-05 10:00:00'):
            report = self.env['service.sla.report'].with_user(self.manager)
            self.assertEqual(
                report._read_group(rows, ['team_id'], measures),
                [
                    (self.repairs.with_user(self.manager), 0.6, 3, 2, 5),
                    (self.desk.with_user(self.manager), 0.0, 0, 1, 2),
                ],
            )
            self.assertEqual(report._read_group(rows, [], measures), [(0.5, 3, 3, 7)])
            by_model = dict(report._read_group(rows, ['case_model'], ['missed_count:sum']))
            self.assertEqual(by_model, {'service.ticket': 2, 'service.claim': 1})
            self.assertEqual(len(report._read_group(rows, ['date_start:month'], ['__count'])), 1)
            states = report.search(rows).grouped('state')
            self.assertEqual(
                {state: len(found) for state, found in states.items()},
                {'met': 3, 'missed': 2, 'breached': 1, 'running': 1},
            )
            self.assertEqual(states['breached'].action_open_case()['res_model'], 'service.claim')

    def test_state_agrees_with_that_of_the_clocks(self):
        self.create_closed('2026-03-03 10:00:00')
        paused = self.create_case(date_open='2026-03-02 08:00:00')
        self.at('2026-03-02 09:00:00', self.move, paused, 'waiting')
        self.create_case(date_open='2026-03-02 08:00:00')
        clocks = self.env['service.sla.clock'].search([('policy_id', '=', self.policy.id)])
        for moment in ('2026-03-02 09:30:00', '2026-03-03 16:00:00', '2026-03-04 09:00:00'):
            with freeze_time(moment):
                self.env.invalidate_all()
                rows = self.env['service.sla.report'].browse(clocks.ids)
                self.assertEqual(rows.mapped('state'), clocks.mapped('state'))
