from datetime import datetime

from odoo.tests import freeze_time, tagged

from ..common import ServiceCommon


@tagged('post_install', '-at_install')
@freeze_time('2026-03-11 09:00:00')
class TestServiceInTheDigest(ServiceCommon):
    """What was solved, promised and claimed in the last day, week and month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for model in ('service.ticket', 'service.claim'):
            cls.env[model].search([]).unlink()
        cls.env['service.sla.clock'].search([]).unlink()
        cls.digest = cls.env['digest.digest'].create(
            {
                'name': 'Service',
                'kpi_service_tickets_solved': True,
                'kpi_service_promises_kept': True,
                'kpi_service_claims_open': True,
            }
        )

    def create_case(self, model, opened, solved=None, **values):
        own = {'name': 'Case', 'partner_id': self.customer.id, 'team_id': self.repairs.id}
        with freeze_time(opened):
            case = self.env[model].create({**own, **values})
        if solved:
            with freeze_time(solved):
                case.action_solve()
        self.env.flush_all()
        return case

    def get_kpis(self, user):
        kpis = self.digest._compute_kpis(self.env.company, user)
        return {
            kpi['kpi_name'].removeprefix('kpi_service_'): [
                kpi[f'kpi_col{number}']['value'] for number in (1, 2, 3)
            ]
            for kpi in kpis
        }

    def test_a_month_of_service_in_figures(self):
        self.env['service.sla.policy'].create(
            {'name': 'Two days', 'case_model': 'service.ticket', 'resolution_hours': 16}
        )
        self.create_case('service.ticket', '2026-03-02 07:00:00', '2026-03-03 09:00:00')
        self.create_case('service.ticket', '2026-03-05 09:00:00', '2026-03-10 15:00:00')
        rejected = self.create_case('service.ticket', '2026-03-09 09:00:00')
        rejected.action_reject()
        self.create_case('service.claim', '2026-02-20 09:00:00')
        self.create_case('service.claim', '2026-02-20 09:00:00', '2026-03-08 09:00:00')
        kpis = self.get_kpis(self.manager)
        self.assertEqual(kpis['tickets_solved'], [1, 1, 2])
        self.assertEqual(kpis['claims_open'], [1, 1, 1])
        self.assertEqual(kpis['promises_kept'], ['100.00', '0.00', '50.00'])

    def test_the_claims_are_those_that_were_open_then(self):
        self.create_case('service.claim', '2026-02-20 09:00:00', '2026-03-08 09:00:00')
        self.create_case('service.claim', '2026-03-10 12:00:00')
        digest = self.digest.with_user(self.manager)
        for end, number in (('2026-02-19', 0), ('2026-03-01', 1), ('2026-03-09', 0)):
            day = datetime.fromisoformat(end)
            at_the_end = digest.with_context(start_datetime=day, end_datetime=day)
            with self.subTest(end=end):
                self.assertEqual(at_the_end.kpi_service_claims_open_value, number)

    def test_each_reader_has_the_figures_of_the_cases_that_they_may_read(self):
        self.create_case('service.claim', '2026-03-01 09:00:00', user_id=self.agent.id)
        self.assertEqual(self.get_kpis(self.agent)['claims_open'], [1, 1, 1])
        self.assertEqual(self.get_kpis(self.colleague)['claims_open'], [0, 0, 0])
        self.assertEqual(self.get_kpis(self.employee), {})

    def test_the_mail_of_everybody_has_them(self):
        digest = self.env.ref('digest.digest_digest_default')
        self.assertTrue(digest.kpi_service_tickets_solved)
        self.assertTrue(digest.kpi_service_promises_kept)
        self.assertTrue(digest.kpi_service_claims_open)
        actions = digest._compute_kpis_actions(self.env.company, self.manager)
        for name in ('tickets_solved', 'promises_kept', 'claims_open'):
            action = actions[f'kpi_service_{name}'].partition('?')[0]
            self.assertEqual(self.env.ref(action)._name, 'ir.actions.act_window')
