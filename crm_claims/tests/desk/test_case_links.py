import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common import CASE_MODELS
from .common import DeskCommon


@tagged('post_install', '-at_install')
class TestCaseLinks(DeskCommon):
    def create_problem(self, model_name='service.ticket'):
        """Return a problem, and two incidents of customers with different languages."""
        problem = self.create_case(model_name, name='The mail server is down')
        incidents = self.create_case(model_name, problem_id=problem.id) | self.create_case(
            model_name, problem_id=problem.id, partner_id=self.spaniard.id
        )
        return problem, incidents

    def test_all_incidents_are_answered_and_solved_from_the_problem(self):
        for model_name in CASE_MODELS:
            problem, incidents = self.create_problem(model_name)
            closed = self.create_case(model_name, problem_id=problem.id)
            closed.action_solve()
            self.assertEqual(problem.open_incident_count, 2)
            action = problem.with_user(self.agent).action_answer_incidents()
            dialog = (
                self.env['service.case.answer']
                .with_user(self.agent)
                .with_context(**action['context'])
                .create({'macro_id': self.macro.id, 'stage_kind': 'solved'})
            )
            dialog.action_answer()
            for incident, words in zip(incidents, ('Dear Bodegas', 'Hola Quesos'), strict=True):
                self.assertEqual(incident.stage_kind, 'solved')
                self.assertIn(words, self.get_answers(incident).body)
                self.assertIn(incident.number, self.get_answers(incident).body)
            self.assertFalse(self.get_answers(closed) | self.get_answers(problem))
            self.assertEqual(problem.stage_kind, 'new')
            with self.assertRaisesRegex(UserError, 'no open incident'):
                problem.action_answer_incidents()

    def test_button_opens_exactly_what_it_counts_in_either_direction(self):
        for model_name in CASE_MODELS:
            problem, incidents = self.create_problem(model_name)
            double = self.create_case(model_name, duplicate_of_id=incidents[0].id)
            caused = self.create_case(model_name, origin_case_id=incidents[0].id)
            archived = self.create_case(model_name, duplicate_of_id=incidents[0].id)
            archived.action_archive()
            for case, linked in (
                (problem, incidents),
                (incidents[0], problem | double | caused),
                (double, incidents[0]),
                (caused, incidents[0]),
            ):
                action = case.action_view_linked_cases()
                self.assertEqual(case.linked_case_count, len(linked))
                self.assertEqual(case.search(action['domain']), linked.sorted())
                self.assertEqual(action['views'][0][1], 'list')

    def test_hidden_ones_are_neither_counted_nor_answered(self):
        problem, incidents = self.create_problem()
        incidents[1].write({'team_id': self.desk.id, 'user_id': self.colleague.id})
        seen = problem.with_user(self.agent)
        self.assertEqual((seen.linked_case_count, seen.open_incident_count), (1, 1))
        self.assertEqual(seen.action_answer_incidents()['context']['active_ids'], [incidents[0].id])
        hidden = self.create_case(team_id=self.desk.id, user_id=self.colleague.id)
        with self.assertRaises(AccessError):
            incidents[0].with_user(self.agent).problem_id = hidden

    def test_no_circles_and_nothing_is_linked_to_itself(self):
        for model_name in CASE_MODELS:
            first, second, third = (self.create_case(model_name) for _number in range(3))
            for name in ('problem_id', 'duplicate_of_id', 'origin_case_id'):
                second[name], third[name] = first, second
                with (
                    self.assertRaisesRegex(ValidationError, 'circle'),
                    self.env.cr.savepoint(),
                ):
                    first[name] = third
                with (
                    mute_logger('odoo.sql_db'),
                    self.assertRaises(psycopg2.errors.CheckViolation),
                    self.env.cr.savepoint(),
                ):
                    self.env.cr.execute(
                        SQL(
                            'UPDATE %s SET %s = id WHERE id = %s',
                            SQL.identifier(first._table),
                            SQL.identifier(name),
                            first.id,
                        )
                    )

    def test_what_becomes_one_is_not_linked_to_itself(self):
        problem, incidents = self.create_problem()
        other = self.create_case(origin_case_id=incidents[1].id)
        older = incidents[0]
        older.date_open = '2026-01-01 10:00:00'
        (problem | older).action_merge()
        self.assertFalse(older.problem_id)
        self.assertEqual(incidents[1].problem_id, older)
        self.assertEqual(other.origin_case_id, incidents[1])

    def test_copy_is_linked_to_nothing(self):
        _problem, incidents = self.create_problem()
        self.assertFalse(incidents[0].copy().problem_id)

    def test_counting_costs_the_same_for_few_and_many(self):
        problems = self.env['service.ticket'].create(
            [
                {
                    'name': 'x',
                    'team_id': self.repairs.id,
                    'incident_ids': [Command.create({'name': 'y', 'team_id': self.repairs.id})],
                }
                for _number in range(30)
            ]
        )
        self.env.flush_all()
        for cases in (problems[:1], problems):
            self.env.invalidate_all()
            with self.assertQueryCount(8):
                cases.mapped(lambda case: (case.linked_case_count, case.open_incident_count))
