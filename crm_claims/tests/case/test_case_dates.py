import psycopg2

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..common import ServiceCommon


@tagged('post_install', '-at_install')
class TestCaseDates(ServiceCommon):
    def at(self, moment, function, *args):
        """Do something at a moment and save it there."""
        with freeze_time(moment):
            result = function(*args)
            self.env.flush_all()
        return result

    def test_closing_sets_the_date_and_reopening_clears_it(self):
        case = self.at('2026-03-02 09:00:00', self.create_case)
        self.assertFalse(case.date_closed)
        self.at('2026-03-04 21:00:00', case.action_solve)
        self.assertEqual(case.date_closed, fields.Datetime.to_datetime('2026-03-04 21:00:00'))
        self.assertEqual(case.days_to_close, 2.5)
        self.at('2026-03-05 09:00:00', case.action_reopen)
        self.assertFalse(case.date_closed)
        self.assertFalse(case.days_to_close)
        self.at('2026-03-06 09:00:00', case.action_reject)
        self.assertEqual(case.date_closed, fields.Datetime.to_datetime('2026-03-06 09:00:00'))

    def test_closing_date_survives_another_stage_of_the_same_kind(self):
        archive = self.env['service.stage'].create({'name': 'Archive', 'kind': 'solved'})
        case = self.at('2026-03-02 09:00:00', self.create_case)
        self.at('2026-03-03 09:00:00', case.action_solve)
        self.at('2026-03-09 09:00:00', case.write, {'stage_id': archive.id})
        self.assertEqual(case.date_closed, fields.Datetime.to_datetime('2026-03-03 09:00:00'))

    def test_case_entered_as_closed_keeps_the_date_given(self):
        case = self.create_case(
            stage_id=self.stages['solved'].id,
            date_open='2020-01-01 08:00:00',
            date_closed='2020-01-03 08:00:00',
        )
        self.assertEqual(case.days_to_close, 2)

    def test_average_to_close_leaves_out_what_is_open(self):
        open_case = self.create_case()
        closed = self.create_case(
            stage_id=self.stages['solved'].id,
            date_open='2020-01-01 08:00:00',
            date_closed='2020-01-03 08:00:00',
        )
        average = ['days_to_close:avg']
        group = self.env['service.ticket']._read_group
        both = [('id', 'in', (open_case | closed).ids)]
        self.assertEqual(group(both, [], average), [(2.0,)])
        self.assertFalse(group([('id', '=', open_case.id)], ['stage_id'], average)[0][1])

    def test_assignment_is_dated(self):
        case = self.at('2026-03-02 09:00:00', self.create_case)
        self.assertFalse(case.date_assigned)
        self.at('2026-03-02 10:00:00', case.with_user(self.agent).action_assign_to_me)
        self.assertRecordValues(
            case,
            [
                {
                    'user_id': self.agent.id,
                    'date_assigned': fields.Datetime.to_datetime('2026-03-02 10:00:00'),
                }
            ],
        )
        case.user_id = False
        self.assertFalse(case.date_assigned)

    def test_late_is_what_is_open_after_its_deadline(self):
        late, due, free, solved = (
            self.create_case(date_deadline=deadline)
            for deadline in (
                '2026-03-02 12:00:00',
                '2026-03-02 18:00:00',
                False,
                '2026-03-02 12:00:00',
            )
        )
        solved.action_solve()
        cases = late | due | free | solved
        tickets = self.env['service.ticket']
        with freeze_time('2026-03-02 15:00:00'):
            self.assertEqual(cases.filtered('is_late'), late)
            self.assertEqual(
                tickets.search([('id', 'in', cases.ids), ('is_late', '=', True)]),
                late,
            )
            self.assertEqual(
                tickets.search([('id', 'in', cases.ids), ('is_late', '!=', True)]),
                cases.sorted() - late,
            )
        with freeze_time('2026-03-03 15:00:00'):
            self.env.invalidate_all()
            self.assertEqual(cases.filtered('is_late'), late | due)

    def test_contact_data_is_a_snapshot_that_can_be_edited(self):
        case = self.create_case()
        self.assertEqual(case.email_from, 'info@altozano.example.com')
        self.assertEqual(case.phone, '+34 941 555 010')
        self.customer.email = 'new@altozano.example.com'
        self.assertEqual(case.email_from, 'info@altozano.example.com')
        case.email_from = 'boss@altozano.example.com'
        self.assertEqual(self.customer.email, 'new@altozano.example.com')
        case.partner_id = self.contact
        self.assertEqual(case.email_from, 'lucia@altozano.example.com')
        self.assertEqual(case.phone, '+34 941 555 010', 'an unknown phone does not erase one')

    def test_negative_amounts_are_refused(self):
        claim = self.create_case('service.claim', amount_claimed=10, amount_granted=0)
        self.assertEqual(claim.currency_id, self.env.company.currency_id)
        with (
            self.assertRaises(psycopg2.errors.CheckViolation),
            mute_logger('odoo.sql_db'),
            self.env.cr.savepoint(),
        ):
            claim.amount_granted = -1
            claim.flush_recordset()
