from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...core.stages import TRANSITIONS
from ...models.case.service_stage import KINDS
from ..common import CASE_MODELS, ServiceCommon


@tagged('post_install', '-at_install')
class TestCaseStages(ServiceCommon):
    def test_declared_transitions_pass_and_all_others_are_refused(self):
        for model_name in CASE_MODELS:
            for source, allowed in TRANSITIONS.items():
                for target in dict(KINDS):
                    if source in (False, target):
                        continue
                    with self.subTest(model=model_name, source=source, target=target):
                        case = self.create_case(model_name, stage_id=self.stages[source].id)
                        move = {'stage_id': self.stages[target].id}
                        if target in allowed:
                            case.write(move)
                            self.assertEqual(case.stage_kind, target)
                        else:
                            with self.assertRaises(UserError):
                                case.write(move)

    def test_move_between_stages_of_one_kind_is_free(self):
        parts = self.env['service.stage'].create({'name': 'Waiting for parts', 'kind': 'waiting'})
        case = self.create_case(stage_id=self.stages['waiting'].id)
        case.stage_id = parts
        self.assertEqual(case.stage_kind, 'waiting')

    def test_agent_solves_and_reopens_many_at_once(self):
        cases = self.create_case() | self.create_case(team_id=self.desk.id)
        cases = cases.with_user(self.agent)
        cases.action_solve()
        self.assertEqual(set(cases.mapped('stage_kind')), {'solved'})
        cases.action_reopen()
        self.assertEqual(set(cases.mapped('stage_kind')), {'open'})

    def test_one_refused_case_stops_the_whole_batch(self):
        fresh, solved = self.create_case(), self.create_case()
        solved.action_solve()
        with self.assertRaisesRegex(UserError, solved.number):
            (fresh | solved).action_reject()
        self.assertEqual(fresh.stage_kind, 'new')

    def test_reject_notes_the_reason_as_text(self):
        case = self.create_case('service.claim').with_user(self.agent)
        case.action_reject(reason='Out of <b>warranty</b>')
        self.assertEqual(case.stage_kind, 'rejected')
        self.assertIn('Out of &lt;b&gt;warranty&lt;/b&gt;', case.message_ids[0].body)
        self.assertTrue(case.message_ids[0].is_internal)

    def test_wizard_rejects_what_it_was_opened_on(self):
        cases = self.create_case() | self.create_case()
        wizard = (
            self.env['service.case.reject']
            .with_user(self.agent)
            .with_context(
                active_model='service.ticket',
                active_ids=cases.ids,
            )
            .create({'reason': 'Duplicate'})
        )
        wizard.action_reject()
        self.assertEqual(set(cases.mapped('stage_kind')), {'rejected'})
        for case in cases:
            self.assertIn('Duplicate', case.message_ids[0].body)
        foreign = self.create_case(team_id=self.desk.id, user_id=self.colleague.id)
        with self.assertRaises(AccessError):
            wizard.with_context(active_ids=foreign.ids).action_reject()

    def test_reopen_of_open_case_is_refused(self):
        with self.assertRaises(UserError):
            self.create_case().action_reopen()

    def test_solve_twice_is_refused(self):
        case = self.create_case()
        case.action_solve()
        with self.assertRaises(UserError):
            case.action_solve()

    def test_team_without_a_closing_stage_is_told(self):
        self.stages['solved'].team_ids = [Command.set(self.desk.ids)]
        with self.assertRaisesRegex(UserError, 'Repairs'):
            self.create_case().action_solve()

    def test_new_case_takes_the_first_stage_of_its_team_and_model(self):
        intake, triage = self.env['service.stage'].create(
            [
                {
                    'name': 'Intake',
                    'kind': 'new',
                    'sequence': -9,
                    'team_ids': [Command.set(self.repairs.ids)],
                    'case_model': 'service.claim',
                },
                {'name': 'Triage', 'kind': 'new', 'sequence': -8, 'case_model': 'service.ticket'},
            ]
        )
        self.assertEqual(self.create_case('service.claim').stage_id, intake)
        self.assertNotIn(
            self.create_case('service.claim', team_id=self.desk.id).stage_id,
            intake | triage,
        )
        self.assertEqual(self.create_case('service.ticket').stage_id, triage)

    def test_stage_of_another_team_or_model_is_refused(self):
        desk_only, claims_only = self.env['service.stage'].create(
            [
                {'name': 'Desk', 'kind': 'open', 'team_ids': [Command.set(self.desk.ids)]},
                {'name': 'Claims', 'kind': 'open', 'case_model': 'service.claim'},
            ]
        )
        case = self.create_case()
        with self.assertRaises(ValidationError):
            case.stage_id = desk_only
        with self.assertRaises(ValidationError):
            case.stage_id = claims_only
        self.create_case(team_id=self.desk.id).stage_id = desk_only

    def test_team_changed_keeps_the_kind_of_stage(self):
        repairs_only = self.env['service.stage'].create(
            {
                'name': 'On the bench',
                'kind': 'open',
                'team_ids': [Command.set(self.repairs.ids)],
            }
        )
        case = self.create_case(stage_id=repairs_only.id)
        case.team_id = self.desk
        self.assertEqual(case.stage_id, self.stages['open'])

    def test_stage_kind_follows_the_configuration(self):
        stage = self.env['service.stage'].create({'name': 'Shipped', 'kind': 'open'})
        case = self.create_case(stage_id=stage.id)
        stage.kind = 'solved'
        self.assertEqual(case.stage_kind, 'solved')
        self.assertTrue(case.date_closed)

    def test_board_shows_empty_stages_of_the_model_only(self):
        tickets_only = self.env['service.stage'].create(
            {
                'name': 'Remote session',
                'kind': 'open',
                'case_model': 'service.ticket',
            }
        )

        def columns(model_name):
            groups = (
                self.env[model_name]
                .with_context(read_group_expand=True)
                .web_read_group(
                    [('id', '=', self.create_case(model_name).id)],
                    ['stage_id'],
                    ['__count'],
                )['groups']
            )
            return [group['stage_id'][0] for group in groups]

        self.assertIn(tickets_only.id, columns('service.ticket'))
        self.assertNotIn(tickets_only.id, columns('service.claim'))
        self.assertIn(self.stages['rejected'].id, columns('service.claim'))
