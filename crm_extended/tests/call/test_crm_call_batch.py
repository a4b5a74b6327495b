from datetime import date, timedelta

from odoo.tests import freeze_time, tagged

from ..common import NOW, CrmExtendedCase

TOMORROW = NOW + timedelta(days=1)
# The ORM writes 100 rows in one statement and reads 1,000 at a time: a thousand calls cost a
# few statements more for each table, whatever is done with them.
ROOM = 60


@tagged('post_install', '-at_install')
@freeze_time(NOW)
class TestCrmCallBatch(CrmExtendedCase):
    """Ten calls and a thousand take the same number of queries.

    Not counted is the history of tracked fields: core writes it message by message when the
    transaction ends (``mail.thread._message_track``), for whatever document.
    """

    def _plan(self, number):
        return (
            self.env['crm.call']
            .with_user(self.salesman)
            .create(
                [
                    {
                        'name': f'Call {index}',
                        'partner_id': self.company.id,
                        'date': TOMORROW + timedelta(minutes=index % 480),
                    }
                    for index in range(number)
                ]
            )
        )

    def _assert_same_queries(self, operation, prepare=None):
        prepare = prepare or self._plan
        operation(prepare(1))
        few, many = prepare(10), prepare(1000)
        few_queries = self._count_queries(lambda: operation(few))
        many_queries = self._count_queries(lambda: operation(many))
        self.assertLessEqual(
            many_queries - few_queries,
            ROOM,
            f'{few_queries} queries for 10 calls, {many_queries} for 1,000',
        )

    def test_planning(self):
        self._assert_same_queries(self._plan, prepare=int)

    def test_planning_without_a_date(self):
        def plan(number):
            self.env['crm.call'].with_user(self.salesman).create([{'name': 'Call'}] * number)

        self._assert_same_queries(plan, prepare=int)

    def test_logging(self):
        def log(number):
            self.env['crm.call'].with_user(self.salesman).create(
                [{'name': 'Call', 'state': 'held', 'duration': 0.1}] * number
            )

        self._assert_same_queries(log, prepare=int)

    def test_holding(self):
        self._assert_same_queries(lambda calls: calls.action_hold())

    def test_planning_again(self):
        def prepare(number):
            calls = self._plan(number)
            calls.action_hold(duration=0.1)
            return calls

        self._assert_same_queries(lambda calls: calls.action_replan(), prepare)

    def test_cancelling(self):
        self._assert_same_queries(lambda calls: calls.action_cancel())

    def test_missing(self):
        self._assert_same_queries(lambda calls: calls.action_not_held('no answer'))

    def test_rescheduling(self):
        self._assert_same_queries(lambda calls: calls._reschedule(TOMORROW, 'ill'))

    def test_handing_over(self):
        self._assert_same_queries(
            lambda calls: calls.with_user(self.manager).write({'user_id': self.salesman.id})
        )

    def test_moving_by_the_activities(self):
        self._assert_same_queries(
            lambda calls: calls.activity_ids.write({'date_deadline': date(2026, 3, 20)})
        )

    def test_cancelling_by_the_activities(self):
        self._assert_same_queries(lambda calls: calls.activity_ids.unlink())
