from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from odoo.addons.crm_extended.tests.home.common import HomeMixin
from odoo.addons.crm_extended.tests.scale import ScaleMixin

from ..common import CASE_MODELS, ServiceCommon

NOW = datetime(2026, 6, 3, 9, 0)  # a Wednesday; in Madrid eleven o'clock
QUERIES = 15


@freeze_time(NOW)
@tagged('post_install', '-at_install')
class TestHomeAgent(HomeMixin, ScaleMixin, ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls.agent
        (cls.agent | cls.leader).tz = 'Europe/Madrid'
        # nobody's until somebody takes it, and without a promise
        cls.env['service.sla.policy'].search([]).active = False
        cls.customer.email = False

    def tell_agent(self, user=None):
        return self.tell(user or self.agent, 'agent')

    def new_case(self, model_name='service.ticket', hours=None, **values):
        case = self.create_case(model_name, **{'user_id': self.agent.id, **values})
        case.date_deadline = hours is not None and NOW + timedelta(hours=hours)
        return case

    def test_home_is_refused_to_who_is_no_agent(self):
        self.assertEqual(
            list(self.tell_agent()),
            ['due', 'answered', 'unassigned', 'activities', 'waiting', 'satisfaction'],
        )
        for user in (self.salesman, self.employee, self.env.ref('base.public_user')):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.tell_agent(user)
        with self.assertRaises(AccessError):
            self.tell(self.agent, 'sales')

    def test_due_is_what_breaks_in_two_hours_and_what_is_late(self):
        in_two_hours = self.new_case(hours=2, phone='+34 941 555 010')
        late = self.new_case(hours=-1)
        # somebody promised less by hand than the service level does
        promised = self.new_case(hours=9)
        promised.sla_deadline = NOW + timedelta(hours=1.5)
        nobodys = self.new_case(hours=1, user_id=False)
        self.new_case(hours=2.01)
        self.new_case()
        self.new_case(hours=1, user_id=self.leader.id)
        self.new_case(hours=1, user_id=False, team_id=self.desk.id)
        self.new_case(hours=1, stage_id=self.stages['waiting'].id)
        self.new_case(hours=1).action_solve()
        due = self.tell_agent()['due']
        self.assertShows(due, late | nobodys | promised | in_two_hours)
        self.assertEqual(due['tone'], 'danger')
        tones = [row['tone'] for row in due['rows']]
        self.assertEqual(tones, ['danger', 'warning', 'warning', 'warning'])
        row = due['rows'][3]
        self.assertEqual((self.plain(row['when']), row['href']), ('1:00 PM', 'tel:+34 941 555 010'))
        self.assertEqual(row['detail'], 'Bodegas Altozano')
        self.assertEqual(self.tell_agent(self.manager)['due']['count'], 0)

    def test_waiting_is_mine_or_the_customers(self):
        mine, another, theirs = self.new_case(), self.new_case(), self.new_case()
        (another | theirs).stage_id = self.stages['waiting']
        another._note_customer_waiting(NOW - timedelta(days=1))
        mine._note_customer_waiting()
        self.new_case(user_id=self.leader.id)._note_customer_waiting()
        self.new_case(user_id=self.leader.id).stage_id = self.stages['waiting']
        blocks = self.tell_agent()
        self.assertShows(blocks['answered'], another | mine)
        self.assertShows(blocks['waiting'], theirs)
        mine.action_solve()
        self.assertShows(self.tell_agent()['answered'], another)

    def test_next_one_is_taken_from_the_home(self):
        waiting = self.new_case(user_id=False, hours=5) | self.new_case(user_id=False)
        self.new_case(user_id=False, team_id=self.desk.id)
        self.new_case(user_id=False).date_snoozed = NOW + timedelta(days=1)
        block = self.tell_agent()['unassigned']
        self.assertShows(block, waiting)
        (button,) = block['buttons']
        self.assertTrue(button['primary'])
        taken = getattr(self.env[button['model']].with_user(self.agent), button['method'])()
        self.assertEqual((taken['res_model'], taken['res_id']), ('service.ticket', waiting[0].id))
        self.assertEqual(waiting[0].user_id, self.agent)
        self.assertShows(self.tell_agent()['unassigned'], waiting[1])
        alone = self.tell_agent(self.manager)['unassigned']
        self.assertEqual((alone['count'], alone['buttons']), (0, []))

    def test_claims_and_tickets_have_lists_of_their_own(self):
        claim = self.new_case('service.claim', hours=1, user_id=False)
        self.assertShows(self.tell_agent()['due'], claim)
        tickets = self.new_case(hours=0.5) | self.new_case(hours=1.5)
        due = self.tell_agent()['due']
        self.assertEqual(
            [(row['model'], row['id']) for row in due['rows']],
            [
                ('service.ticket', tickets[0].id),
                ('service.claim', claim.id),
                ('service.ticket', tickets[1].id),
            ],
        )
        self.assertEqual((due['count'], due['action']), (3, None))
        lists = {part['action']['res_model']: part for part in due['parts']}
        self.assertEqual(lists.keys(), set(CASE_MODELS))
        for cases in (claim, tickets):
            part = lists[cases._name]
            self.assertEqual(part['count'], len(cases))
            self.assertEqual(self.open_list(part['action'], due).ids, cases.ids)
        labels = [button['label'] for button in self.tell_agent()['unassigned']['buttons']]
        self.assertEqual(labels, ['Take the Next Claim'])

    def test_my_actions_are_what_i_planned_on_cases(self):
        claim = self.new_case('service.claim')
        plan = {'act_type_xmlid': 'mail.mail_activity_data_todo', 'user_id': self.agent.id}
        todo = claim.activity_schedule(**plan, date_deadline=NOW.date(), summary='Ask the factory')
        action = self.env['service.claim.action'].create(
            {
                'claim_id': claim.id,
                'name': 'Change the seal',
                'user_id': self.agent.id,
                'date_due': NOW.date() - timedelta(days=1),
            }
        )
        claim.activity_schedule(**{**plan, 'user_id': self.leader.id})
        self.customer.activity_schedule(**plan)
        block = self.tell_agent()['activities']
        self.assertEqual(
            [(row['model'], row['id'], row['tone'], row['when']) for row in block['rows']],
            [
                ('service.claim.action', action.id, 'danger', '2 Jun'),
                ('service.claim', claim.id, 'info', 'Today'),
            ],
        )
        self.assertEqual(block['rows'][1]['detail'], claim.display_name)
        activities = self.env['mail.activity'].with_user(self.agent)
        found = activities.search(block['action']['domain'])
        self.assertEqual(found, todo | action.activity_ids)
        self.assertEqual(block['count'], 2)

    def rate(self, rating, days=1, user=None):
        case = self.new_case()
        row = self.env['rating.rating'].create(
            {
                'res_model_id': self.env['ir.model']._get_id(case._name),
                'res_id': case.id,
                'rating': rating,
                'consumed': True,
                'rated_partner_id': (user or self.agent).partner_id.id,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            'UPDATE rating_rating SET write_date = %s WHERE id = %s',
            (NOW - timedelta(days=days), row.id),
        )

    def test_satisfaction_is_that_of_my_last_ninety_days(self):
        empty = self.tell_agent()['satisfaction']
        self.assertEqual((empty['count'], empty['value'], empty['percent']), (0, None, None))
        self.rate(5)
        self.rate(1, days=91)
        self.rate(1, user=self.leader)
        block = self.tell_agent()['satisfaction']
        self.assertEqual((block['count'], block['percent'], block['tone']), (1, 100, 'success'))
        for rating, percent, tone in ((1, 50, 'warning'), (2, 33, 'danger')):
            self.rate(rating)
            block = self.tell_agent()['satisfaction']
            self.assertEqual((block['percent'], block['tone']), (percent, tone))
        self.assertEqual(block['value'], '33% satisfied')
        self.assertIn('2.7 of 5', block['hint'])
        reports = self.env['service.rating.report'].with_user(self.agent)
        self.assertEqual(reports.search_count(block['action']['domain']), block['count'])

    def test_home_costs_the_same_for_ten_cases_and_a_thousand(self):
        cases = [
            self.new_case(model_name, hours=1, **values)
            for model_name in CASE_MODELS
            for values in ({}, {'user_id': False}, {'stage_id': self.stages['waiting'].id})
        ]
        for case in cases:
            self.numbered(case, 5)
        self.rate(4)
        cases[0].activity_schedule('mail.mail_activity_data_todo', user_id=self.agent.id)
        self.tell_agent()
        few = self._count(self.tell_agent)
        for case in cases:
            self.numbered(case, 200)
        many = self._count(self.tell_agent)
        self.assertEqual(self.tell_agent()['waiting']['count'], 2 * 206)
        self.assertLessEqual(many, few)
        self.assertLessEqual(few, QUERIES)

    def numbered(self, case, count):
        """Copy a case; each has a number of its own."""
        number = SQL("origin.number || '-' || %s || '-' || n", count)
        return self._clone(case, count, number=number)

    def _count(self, function):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        function()
        return self.env.cr.sql_log_count - before
