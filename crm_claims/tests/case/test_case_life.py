from random import Random

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common import AGENT, CASE_MODELS
from ..mail.test_mail_told import ServiceToldCommon

LIVES, STEPS = 4, 30


@tagged('post_install', '-at_install')
class TestCaseLife(ServiceToldCommon):
    """Whatever happens to cases, teams and people in whatever order, some things stay true."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.teams = cls.repairs | cls.desk
        (cls.env['service.team'].search([]) - cls.teams).active = False
        cls.second = new_test_user(cls.env, 'service_second', AGENT)
        cls.desk.write({'assignment': 'balanced', 'member_ids': (cls.colleague | cls.second).ids})
        cls.repairs.escalation_team_id = cls.desk
        cls.people = cls.agent | cls.colleague | cls.second | cls.leader

    def test_no_life_of_cases_breaks_what_has_to_stay_true(self):
        for seed in range(LIVES):
            random = Random(seed)
            with self.env.cr.savepoint() as savepoint:
                self.live(random, seed)
                savepoint.rollback()
            self.env.invalidate_all()

    def live(self, random, seed):
        cases = {name: self.create_case(name) for name in CASE_MODELS}
        done = []
        for _step in range(STEPS):
            name, move = random.choice(CASE_MODELS), random.choice(self.get_moves())
            case = random.choice(cases[name])
            done.append((move.__name__, case))
            try:
                with self.env.cr.savepoint():
                    cases[name] |= move(case, random) or self.env[name]
                    self.env.flush_all()
            except UserError:
                self.env.invalidate_all()
            with self.subTest(seed=seed, done=done):
                self.check(cases['service.ticket'])
                self.check(cases['service.claim'])

    def check(self, cases):
        for case in cases:
            is_closed = case.stage_kind in ('solved', 'rejected')
            self.assertEqual(is_closed, bool(case.date_closed))
            self.assertTrue(not is_closed or case.date_open <= case.date_closed)
            self.assertEqual(bool(case.date_assigned), bool(case.user_id))
            if case.active and not is_closed:
                self.assertTrue(case.team_id.active)
                people = case.team_id._get_people(case.company_id)
                self.assertFalse(people and case.user_id - people)
                self.assertLessEqual(case.user_id.partner_id, case.message_partner_ids)

    def get_moves(self):
        return [
            self.enter,
            self.enter_history,
            self.go_to_any_stage,
            self.go_to_any_stage,
            self.move,
            self.assign,
            self.give_back,
            self.escalate,
            self.answer,
            self.toggle_case,
            self.toggle_team,
            self.toggle_person,
        ]

    def enter(self, case, random):
        return self.create_case(case._name, team_id=random.choice(self.teams.filtered('active')).id)

    def enter_history(self, case, random):
        return self.create_case(case._name, date_closed='2024-02-01 08:00:00')

    def go_to_any_stage(self, case, random):
        case.stage_id = random.choice(list(self.stages.values()))

    def move(self, case, random):
        case.team_id = random.choice(self.teams.filtered('active'))

    def assign(self, case, random):
        people = case.team_id._get_people(case.company_id)
        case.user_id = people and random.choice(people)

    def give_back(self, case, random):
        case.user_id = False

    def escalate(self, case, random):
        case.action_escalate()

    def answer(self, case, random):
        case._apply_customer_reply()

    def toggle_case(self, case, random):
        case.active = not case.active

    def toggle_team(self, case, random):
        team = random.choice(self.teams)
        team.active = not team.active

    def toggle_person(self, case, random):
        person = random.choice(self.people)
        person.active = not person.active
