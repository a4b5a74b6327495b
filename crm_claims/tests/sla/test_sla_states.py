from itertools import product
from random import Random

from odoo import fields
from odoo.tests import freeze_time, tagged

from ...core.clock import CASE_STATES
from .common import ServiceSlaCommon

BEFORE, NOW, AFTER = (f'2026-03-02 12:00:0{second}' for second in (0, 1, 2))


@tagged('post_install', '-at_install')
@freeze_time(NOW)
class TestSlaStates(ServiceSlaCommon):
    """What is computed, searched and reported agrees for every clock that there can be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.create_policy(first_response_hours=0, resolution_hours=0)
        moments = (False, BEFORE, NOW, AFTER)
        promises = list(
            product(moments, moments, (False, BEFORE), (False, BEFORE, NOW), (False, BEFORE))
        )
        cls.cases = cls.env['service.ticket'].create(
            [{'name': f'Case {n}', 'team_id': cls.repairs.id} for n in range(len(promises))]
        )
        # each case gets two clocks of different kinds, the same ones each time
        shuffled = Random(7).sample(promises, len(promises))
        cls.clocks = cls.env['service.sla.clock'].create(
            [
                {
                    'case_model': 'service.ticket',
                    'case_id': case.id,
                    'company_id': cls.env.company.id,
                    'policy_id': cls.policy.id,
                    'target': target,
                    'date_start': '2026-03-02 08:00:00',
                    'deadline': deadline,
                    'warning_at': warning_at,
                    'paused_since': paused_since,
                    'reached_at': reached_at,
                    'ended_at': ended_at,
                }
                for target, kinds in (('resolution', promises), ('first_response', shuffled))
                for case, (deadline, warning_at, paused_since, reached_at, ended_at) in zip(
                    cls.cases, kinds, strict=True
                )
            ]
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    def assertFound(self, records, field_name, states):
        """Each record is found by the state that it has, and by no other."""
        domain = fields.Domain('id', 'in', records.ids)
        found = {
            state: records.search(domain & fields.Domain(field_name, '=', state))
            for state in states
        }
        self.assertEqual(
            {state: set(group) for state, group in found.items()},
            {state: set(group) for state, group in records.grouped(field_name).items()},
        )

    def test_search_and_report_of_clocks_agree_with_their_states(self):
        states = ('running', 'paused', 'warning', 'breached', 'met', 'missed')
        self.assertFound(self.clocks, 'state', states)
        rows = self.env['service.sla.report'].browse(self.clocks.ids)
        self.assertEqual(
            dict(zip(self.clocks, rows.mapped('state'), strict=True)),
            {clock: clock.state for clock in self.clocks},
        )

    def test_search_of_cases_agrees_with_their_states(self):
        self.assertFound(self.cases, 'sla_state', {*CASE_STATES.values()})

    def test_target_that_is_reached_at_its_deadline_is_met(self):
        for reached_at, state in ((BEFORE, 'met'), (NOW, 'met'), (AFTER, 'missed')):
            clock = self.clocks[0]
            clock.write({'deadline': NOW, 'reached_at': reached_at})
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(reached_at=reached_at):
                self.assertEqual(clock.state, state)
                self.assertEqual(self.env['service.sla.report'].browse(clock.id).state, state)
                self.assertIn(clock, clock.search([('state', '=', state)]))
