from datetime import date, datetime

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import NOW, CrmExtendedCase


@freeze_time(NOW)
@tagged('post_install', '-at_install')
class TestCrmTarget(CrmExtendedCase):
    """What was to be won in a month beside what was won and what may still come."""

    def _new_target(self, **values):
        return self.env['crm.target'].create({'date': '2026-03-20', 'amount': 10000.0, **values})

    def _new_opportunity(self, **values):
        return self._new_lead(
            **{
                'type': 'opportunity',
                'team_id': self.team.id,
                'company_id': self.env.company.id,
                **values,
            }
        )

    def _figures(self, user=None, tz='Europe/Madrid'):
        self.env.invalidate_all()
        report = self.env['crm.target.report'].with_user(user or self.manager)
        groups = report.with_context(tz=tz)._read_group(
            [
                '|',
                ('user_id', 'in', (self.salesman | self.colleague).ids),
                ('team_id', '=', self.team.id),
            ],
            ['date:month', 'figure', 'user_id'],
            ['amount:sum'],
        )
        return {
            (month.month, figure, owner.name): amount for month, figure, owner, amount in groups
        }

    def test_month_by_month(self):
        self._new_target(user_id=self.salesman.id)
        self._new_target(team_id=self.team.id, amount=30000.0)
        won, lost = self._new_opportunity(expected_revenue=4000.0), self._new_opportunity()
        won.action_set_won()
        won.date_closed = datetime(2026, 3, 31, 22, 30)  # the first of April in Madrid
        lost.expected_revenue = 9999.0
        lost.action_set_lost()
        self._new_opportunity(expected_revenue=1000.0, probability=25.0, date_deadline='2026-03-28')
        self._new_opportunity(expected_revenue=700.0, date_deadline=False)
        expected = {
            (3, 'target', 'Salesman'): 10000.0,
            (3, 'team_target', False): 30000.0,
            (3, 'open', 'Salesman'): 1000.0,
            (3, 'weighted', 'Salesman'): 250.0,
        }
        self.assertEqual(self._figures(), expected | {(4, 'won', 'Salesman'): 4000.0})
        self.assertEqual(self._figures(tz='UTC'), expected | {(3, 'won', 'Salesman'): 4000.0})

    def test_target_is_for_a_month_and_for_one(self):
        target = self._new_target(user_id=self.salesman.id)
        self.assertEqual(target.date, date(2026, 3, 1))
        target.date = '2026-04-30'
        self.assertEqual(target.date, date(2026, 4, 1))
        for error, values in (
            (CheckViolation, {}),
            (CheckViolation, {'user_id': self.salesman.id, 'team_id': self.team.id}),
            (CheckViolation, {'user_id': self.salesman.id, 'amount': 0.0}),
            (UniqueViolation, {'user_id': self.salesman.id, 'date': '2026-04-02'}),
        ):
            with (
                self.subTest(values=values),
                mute_logger('odoo.sql_db'),
                self.assertRaises(error),
                self.env.cr.savepoint(),
            ):
                self._new_target(**values)

    def test_salespeople_read_their_own_and_managers_set_them(self):
        self._new_target(user_id=self.salesman.id)
        self._new_target(user_id=self.colleague.id)
        self._new_opportunity(
            user_id=self.colleague.id, expected_revenue=5.0, date_deadline='2026-03-28'
        )
        own = self._figures(self.salesman)
        self.assertEqual({owner for _month, _figure, owner in own}, {'Salesman'})
        self.assertEqual(len(self._figures(self.coordinator)), 4)
        targets = self.env['crm.target'].with_user(self.salesman)
        self.assertEqual(targets.search([]).user_id, self.salesman)
        with self.assertRaises(AccessError):
            targets.create({'user_id': self.salesman.id, 'amount': 1.0})
