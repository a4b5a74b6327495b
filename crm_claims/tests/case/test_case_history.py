import psycopg2

from odoo import fields
from odoo.modules.migration import load_script
from odoo.tests import freeze_time, tagged
from odoo.tools import file_path, mute_logger

from ..common import CASE_MODELS, ServiceCommon

OPENED, CLOSED = '2024-02-01 08:00:00', '2024-02-03 17:30:00'


@tagged('post_install', '-at_install')
class TestCaseHistory(ServiceCommon):
    """What was closed is dated, whatever brings it in."""

    def assertRefused(self, constraint, function):
        with (
            mute_logger('odoo.sql_db'),
            self.assertRaises(psycopg2.errors.CheckViolation) as refused,
            self.env.cr.savepoint(),
        ):
            function()
            self.env.flush_all()
        self.assertIn(constraint, str(refused.exception))

    def test_closing_date_makes_a_history_of_a_case(self):
        for model_name in CASE_MODELS:
            dated = self.create_case(model_name, date_open=OPENED, date_closed=CLOSED)
            self.assertEqual((dated.stage_kind, dated.days_to_close), ('solved', 2 + 9.5 / 24))
            undated = self.create_case(model_name, date_closed=CLOSED)
            self.assertEqual(undated.date_open, undated.date_closed)
            rejected = self.create_case(
                model_name, date_closed=CLOSED, stage_id=self.stages['rejected'].id
            )
            self.assertEqual(rejected.stage_kind, 'rejected')

    @freeze_time('2026-03-02 09:00:00')
    def test_closed_stage_without_a_date_closes_now_and_never_before_it_was_opened(self):
        now = fields.Datetime.now()
        case = self.create_case(stage_id=self.stages['solved'].id, date_open=OPENED)
        self.assertEqual(case.date_closed, now)
        planned = self.create_case(date_open='2026-03-09 09:00:00')
        planned.action_solve()
        self.assertEqual(planned.date_closed, planned.date_open)

    def test_database_refuses_what_contradicts_itself(self):
        for values in (
            {'date_closed': CLOSED, 'stage_id': self.stages['open'].id},
            {'date_open': CLOSED, 'date_closed': OPENED},
        ):
            name = 'closed_after_opened' if 'date_open' in values else 'closed_is_dated'
            self.assertRefused(name, lambda values=values: self.create_case(**values))
        closed = self.create_case(date_open=OPENED, date_closed=CLOSED)
        opened = self.create_case()
        for case, date, name in (
            (closed, False, 'closed_is_dated'),
            (closed, '2020-01-01 08:00:00', 'closed_after_opened'),
            (opened, '2999-01-01 08:00:00', 'closed_is_dated'),
        ):
            self.assertRefused(name, lambda case=case, date=date: case.write({'date_closed': date}))

    def test_import_brings_histories_and_refuses_rows_that_contradict_themselves(self):
        tickets = self.env['service.ticket'].with_user(self.manager)
        columns = ['name', 'stage_id/.id', 'date_open', 'date_closed']
        solved, opened = (str(self.stages[kind].id) for kind in ('solved', 'open'))
        result = tickets.load(
            columns,
            [
                ['A', solved, OPENED, CLOSED],
                ['B', solved, OPENED, ''],
                ['C', '', OPENED, CLOSED],
                ['D', opened, OPENED, ''],
            ],
        )
        self.assertFalse(result['messages'])
        cases = tickets.browse(result['ids'])
        self.assertEqual(cases.mapped('stage_kind'), ['solved', 'solved', 'solved', 'open'])
        self.assertEqual([bool(case.date_closed) for case in cases], [True, True, True, False])
        self.assertFalse(any(cases.mapped('rating_due')))
        with mute_logger('odoo.sql_db'):
            refused = tickets.load(columns, [['E', opened, OPENED, CLOSED]])
        self.assertFalse(refused['ids'])
        self.assertIn('has a closing date', refused['messages'][0]['message'])

    def test_kind_and_date_reach_the_database_together(self):
        case = self.create_case()
        case.stage_id = self.stages['solved']
        case.flush_recordset(['stage_kind'])
        self.assertTrue(case.date_closed)
        stage = self.env['service.stage'].create({'name': 'Parked', 'kind': 'open'})
        parked = self.create_case(stage_id=stage.id)
        stage.kind = 'rejected'
        self.env.flush_all()
        self.assertTrue(parked.date_closed)
        stage.kind = 'open'
        self.assertFalse(parked.date_closed)

    def test_migration_dates_what_was_not(self):
        cases = self.env['service.ticket'].create([{'name': name} for name in 'ABC'])
        self.env.flush_all()
        table = 'service_ticket'
        for name in ('closed_is_dated', 'closed_after_opened'):
            self.env.cr.execute(f'ALTER TABLE {table} DROP CONSTRAINT {table}_{name}')
        for case, values in zip(
            cases,
            (
                "stage_kind = 'solved', date_closed = NULL",
                "stage_kind = 'solved', date_open = '2024-02-03', date_closed = '2024-02-01'",
                "date_closed = '2024-02-03', date_open = '2024-02-01'",
            ),
            strict=True,
        ):
            self.env.cr.execute(f'UPDATE {table} SET {values} WHERE id = {case.id}')
        self.run_migration()
        cases.invalidate_recordset()
        undated, swapped, still_open = cases
        self.assertGreaterEqual(undated.date_closed, undated.date_open)
        self.assertEqual(swapped.date_open, swapped.date_closed)
        self.assertFalse(still_open.date_closed)

    def run_migration(self):
        path = file_path('crm_claims/migrations/19.0.1.2.0/pre-closing-dates.py')
        load_script(path, 'pre_closing_dates').migrate(self.env.cr, '19.0.1.1.0')
