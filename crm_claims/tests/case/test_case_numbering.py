from unittest.mock import ANY

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CASE_MODELS, ServiceCommon


@tagged('post_install', '-at_install')
class TestCaseNumbering(ServiceCommon):
    def test_batch_created_gets_different_numbers_of_the_series(self):
        for model_name, prefix in (('service.claim', 'CLM/'), ('service.ticket', 'TCK/')):
            cases = self.env[model_name].create([{'name': f'Case {i}'} for i in range(20)])
            numbers = cases.mapped('number')
            self.assertEqual(len(set(numbers)), 20)
            self.assertTrue(all(number.startswith(prefix) for number in numbers))
            self.assertEqual(numbers, sorted(numbers), 'numbers follow the order of creation')

    def test_number_given_is_kept(self):
        self.assertEqual(self.create_case(number='OLD-7').number, 'OLD-7')

    def test_copy_of_many_draws_new_numbers_and_marks_the_names(self):
        for model_name in CASE_MODELS:
            cases = self.create_case(model_name, name='A') | self.create_case(model_name, name='B')
            copies = cases.copy()
            self.assertEqual(copies.mapped('name'), ['A (copy)', 'B (copy)'])
            self.assertEqual(len(set((cases | copies).mapped('number'))), 4)

    def test_copy_of_closed_case_starts_anew(self):
        case = self.create_case(user_id=self.agent.id, date_deadline='2030-01-01 10:00:00')
        case.action_solve()
        self.assertRecordValues(
            case.copy(),
            [
                {
                    'stage_kind': 'new',
                    'date_closed': False,
                    'date_deadline': False,
                }
            ],
        )

    def test_number_taken_twice_in_a_company_is_refused(self):
        number = self.create_case().number
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger('odoo.sql_db'),
            self.env.cr.savepoint(),
        ):
            self.create_case(number=number)
        company, team = self.create_foreign_company()
        foreign = self.create_case(team_id=team.id, company_id=company.id, number=number)
        self.assertEqual(foreign.number, number)

    def test_company_has_its_own_series_from_its_first_day(self):
        company, team = self.create_foreign_company()
        sequences = self.env['ir.sequence'].search([('company_id', '=', company.id)])
        self.assertLessEqual(set(CASE_MODELS), set(sequences.mapped('code')))
        case = self.create_case(team_id=team.id)
        self.assertEqual(case.company_id, company, "the team's company decides")
        self.assertTrue(case.number.endswith('/00001'))

    def test_series_with_another_implementation_still_numbers_in_batch(self):
        sequence = self.env['service.ticket']._get_number_sequences(self.env.company)
        sequence[self.env.company].write({'implementation': 'no_gap', 'prefix': 'X', 'padding': 3})
        numbers = self.env['service.ticket'].create([{'name': 'a'}, {'name': 'b'}]).mapped('number')
        self.assertEqual(len(set(numbers)), 2)
        self.assertTrue(all(number.startswith('X') for number in numbers))

    def test_series_deleted_is_made_again_and_goes_on(self):
        last = self.create_case()
        self.env['ir.sequence'].search(
            [
                ('code', '=', 'service.ticket'),
                ('company_id', '=', self.env.company.id),
            ]
        ).unlink()
        self.assertEqual(int(self.create_case().number[-5:]), int(last.number[-5:]) + 1)

    def test_company_of_a_numbered_case_cannot_change(self):
        company, _team = self.create_foreign_company()
        case = self.create_case()
        case.write({'company_id': self.env.company.id, 'priority': '2'})
        with self.assertRaises(UserError):
            case.write({'company_id': company.id})

    def test_form_opened_draws_no_number(self):
        first = self.create_case()
        self.env['service.ticket'].new({'name': 'draft'}).team_id  # noqa: B018
        self.env['service.ticket'].onchange({}, [], {'name': {}, 'number': {}, 'team_id': {}})
        second = self.create_case()
        self.assertEqual(int(second.number[-5:]), int(first.number[-5:]) + 1)

    def test_case_found_by_number_and_by_subject(self):
        case = self.create_case(name='Bottling line stands still')
        found = self.env['service.ticket'].name_search
        self.assertIn((case.id, ANY), found(case.number))
        self.assertIn((case.id, f'[{case.number}] Bottling line stands still'), found('bottling'))
