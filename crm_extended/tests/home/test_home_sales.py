from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

from ..common import NOW, CrmExtendedCase
from ..scale import ScaleMixin
from .common import HomeMixin

QUERIES = 15


@freeze_time(NOW)
@tagged('post_install', '-at_install')
class TestHomeSales(HomeMixin, ScaleMixin, CrmExtendedCase):
    """The day of a salesperson in Madrid, one hour ahead of UTC: Wednesday, ten o'clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls.salesman
        cls.stages = cls.env['crm.stage'].create(
            [{'name': 'Asked', 'rotting_threshold_days': 5}, {'name': 'Offered'}]
        )

    def _new_opportunity(self, **values):
        return self._new_lead(type='opportunity', stage_id=self.stages[1].id, **values)

    def _plan_activity(self, lead):
        lead.activity_schedule(
            'mail.mail_activity_data_todo', user_id=self.salesman.id, date_deadline=NOW.date()
        )

    # === THE HOME === #

    def test_home_greets_in_the_hour_and_the_language_of_the_user(self):
        home = self.env['crm.home'].with_user(self.salesman)
        told = home.action_tell_home('sales')
        self.assertEqual(told['role'], 'sales')
        self.assertEqual(told['greeting'], 'Good morning, Salesman')
        self.assertEqual(told['day'], 'Wednesday, March 11, 2026')
        action = self.env.ref('crm_extended.crm_home_action_sales')
        own = {'role': 'sales', 'title': 'Sales', 'action_id': action.id}
        self.assertEqual(told['roles'][0], own, 'upper addons have homes for salespeople, too')
        self.assertEqual(
            [block['key'] for block in told['blocks']],
            ['calls', 'log_call', 'meetings', 'opportunities', 'leads', 'target'],
        )
        late = home.with_context(tz='Asia/Tokyo').action_tell_home('sales')
        self.assertEqual(late['greeting'], 'Good afternoon, Salesman')

    def test_home_is_refused_to_who_has_no_such_role(self):
        self.assertTrue(self.tell(self.coordinator))
        for user, role in (
            (self.outsider, 'sales'),
            (self.portal, 'sales'),
            (self.env.ref('base.public_user'), 'sales'),
            (self.salesman, 'pope'),
            (self.salesman, ['sales']),
            (self.salesman, None),
        ):
            with self.subTest(user=user.login, role=role), self.assertRaises(AccessError):
                self.tell(user, role)

    def test_home_costs_the_same_for_ten_records_and_a_thousand(self):
        lead = self._new_lead()
        opportunity = self._new_opportunity(partner_id=self.contact.id, phone='+34 976 000 000')
        call = self._new_call(partner_id=self.contact.id, date=NOW)
        self._new_meeting()
        self.env['crm.target'].create({'user_id': self.salesman.id, 'amount': 10.0})
        for record in (lead, opportunity, call):
            self._clone(record, 10)
        self.tell(self.salesman)
        few = self._count_queries(lambda: self.tell(self.salesman))
        for record in (lead, opportunity, call):
            self._clone(record, 990)
        many = self._count_queries(lambda: self.tell(self.salesman))
        self.assertEqual(self.tell(self.salesman)['calls']['count'], 1001)
        self.assertLessEqual(many, few)
        self.assertLessEqual(few, QUERIES)

    # === CALLS === #

    def test_calls_are_those_until_the_end_of_the_users_day(self):
        last = self._new_call(name='Last', date=datetime(2026, 3, 11, 22, 59))
        overdue = self._new_call(
            name='Overdue',
            date=NOW - timedelta(days=2),
            partner_id=self.contact.id,
            phone='+34 600 222 333',
        )
        self._new_call(date=datetime(2026, 3, 11, 23, 0))  # tomorrow in Madrid
        self._new_call(date=NOW - timedelta(days=2), state='held')
        self._new_call(self.colleague, user_id=self.colleague.id, date=NOW)
        calls = self.tell(self.salesman)['calls']
        self.assertShows(calls, overdue | last)
        self.assertEqual(calls['tone'], 'danger')
        first, second = calls['rows']
        self.assertEqual((first['name'], first['tone']), ('Overdue', 'danger'))
        self.assertEqual(first['detail'], 'Talleres Ebro, Lucía Sanz')
        self.assertEqual(first['when'], '9 Mar 10:00')
        self.assertEqual(first['href'], 'tel:+34 600 222 333')
        self.assertEqual((self.plain(second['when']), second['tone']), ('11:59 PM', 'info'))
        self.assertFalse(second['href'])
        self.assertEqual(self.tell(self.salesman, tz='UTC')['calls']['count'], 3)
        self.assertEqual(self.tell(self.coordinator)['calls']['count'], 0)

    def test_call_is_held_in_two_taps(self):
        call = self._new_call(date=NOW)
        (button,) = self.tell(self.salesman)['calls']['rows'][0]['buttons']
        self.assertEqual((button['model'], button['ids']), ('crm.call', call.ids))
        action = getattr(call.with_user(self.salesman), button['method'])()
        dialogs = self.env[action['res_model']].with_user(self.salesman)
        Form(dialogs.with_context(**action['context'])).save().action_apply()
        self.assertEqual(call.state, 'held')
        calls = self.tell(self.salesman)['calls']
        self.assertEqual((calls['count'], calls['rows'], calls['tone']), (0, [], 'muted'))
        self.assertTrue(calls['empty'])

    def test_call_is_logged_by_name_or_number(self):
        block = self.tell(self.salesman)['log_call']
        partners = self.env[block['search']['model']].with_user(self.salesman)
        for typed in ('Lucía S', '+34600111111'):
            self.assertIn(self.contact.id, [found for found, _name in partners.name_search(typed)])
        found = getattr(self.contact.with_user(self.salesman), block['search']['method'])()
        self.assertEqual(found['context']['default_partner_id'], self.contact.id)
        (button,) = block['buttons']
        anybody = getattr(self.env[button['model']].with_user(self.salesman), button['method'])()
        for action in (found, anybody):
            self.assertEqual((action['res_model'], action['target']), ('crm.call', 'new'))
            self.assertEqual(action['context']['default_state'], 'held')

    # === MEETINGS === #

    def _new_meeting(self, **values):
        return self.env['calendar.event'].create(
            {
                'name': 'Visit',
                'user_id': self.salesman.id,
                'partner_ids': [Command.set(self.salesman.partner_id.ids)],
                'start': NOW + timedelta(hours=1),
                'stop': NOW + timedelta(hours=2),
                **values,
            }
        )

    def test_meetings_are_those_that_the_user_still_goes_to_today(self):
        all_day = {'allday': True, 'start_date': NOW.date(), 'stop_date': NOW.date()}
        tomorrow = NOW.date() + timedelta(days=1)
        going_on = self._new_meeting(start=NOW - timedelta(hours=1), stop=NOW + timedelta(hours=1))
        later = self._new_meeting(location='Zaragoza')
        fair = self._new_meeting(name='Fair', **all_day)
        self._new_meeting(start=NOW - timedelta(hours=2), stop=NOW)
        self._new_meeting(start='2026-03-11 23:00:00', stop='2026-03-11 23:30:00')
        self._new_meeting(**{**all_day, 'start_date': tomorrow, 'stop_date': tomorrow})
        self._new_meeting(
            user_id=self.colleague.id, partner_ids=[Command.set(self.colleague.partner_id.ids)]
        )
        declined = self._new_meeting()
        declined.attendee_ids.state = 'declined'
        meetings = self.tell(self.salesman)['meetings']
        self.assertShows(meetings, fair | going_on | later)
        self.assertEqual(
            [(self.plain(row['when']), row['detail']) for row in meetings['rows']],
            [('All day', ''), ('9:00 AM', ''), ('11:00 AM', 'Zaragoza')],
        )

    # === LEADS === #

    def test_opportunities_wait_for_a_next_action_or_stand_still(self):
        forgotten = self._new_opportunity(expected_revenue=10.0, partner_name='Ebro')
        still = self._new_opportunity(expected_revenue=20.0)
        still.stage_id = self.stages[0]
        moving = self._new_opportunity()
        moving.stage_id = self.stages[0]
        for lead, days in ((still, 5), (moving, 4)):
            self._plan_activity(lead)
            lead.date_last_stage_update = NOW - timedelta(days=days)
        self._new_opportunity(user_id=self.colleague.id)
        self._new_opportunity().action_set_won()
        self._new_opportunity().action_set_lost()
        block = self.tell(self.salesman)['opportunities']
        self.assertShows(block, still | forgotten)
        first, second = block['rows']
        self.assertEqual(first['when'], 'Since 6 Mar')
        self.assertEqual(second['when'], 'No next action')
        self.assertTrue(second['detail'].startswith('Ebro · '))
        self.assertIn('10.00', second['detail'])
        (button,) = second['buttons']
        plan = getattr(forgotten.with_user(self.salesman), button['method'])()
        self.assertEqual(plan['context']['default_lead_id'], forgotten.id)
        self.stages.rotting_threshold_days = 0
        self.assertShows(self.tell(self.salesman)['opportunities'], forgotten)

    def test_leads_are_new_until_a_colleague_does_something(self):
        nobodys = {'user_id': False, 'team_id': self.team.id}
        mine = self._new_lead(priority='2', contact_name='Luis')
        teams = self._new_lead(**nobodys)
        mine.message_post(body='Please call me', message_type='email', author_id=self.contact.id)
        self.assertShows(self.tell(self.salesman)['leads'], mine | teams)
        other_team = self.env['crm.team'].create({'name': 'South'})
        self._new_lead(user_id=False, team_id=other_team.id)
        self._new_lead(user_id=self.colleague.id)
        self._new_lead().action_set_lost()
        for touch in (
            self._plan_activity,
            lambda lead: lead.with_user(self.salesman).message_post(
                body='Called, engaged', message_type='comment'
            ),
            lambda lead: self._new_call(lead_id=lead.id, state='held'),
            self._do_activity,
        ):
            touch(self._new_lead())
        # calls of colleagues are theirs, but somebody called
        called = {'lead_id': self._new_lead().id, 'user_id': self.colleague.id}
        self._new_call(self.env.user, **called, state='held')
        block = self.tell(self.salesman)['leads']
        self.assertShows(block, mine | teams)
        self.assertEqual(block['rows'][0]['detail'], 'Luis')
        self.assertEqual(self.tell(self.colleague)['leads']['count'], 1)

    def _do_activity(self, lead):
        self._plan_activity(lead)
        lead.activity_ids.with_user(self.salesman).action_feedback(feedback='Wrote a letter')

    def test_contact_of_another_company_stops_no_home(self):
        company = self.env['res.company'].create({'name': 'Ebro Portugal'})
        call = self._new_call(partner_id=self.contact.id)
        self.contact.company_id = company
        block = self.tell(self.salesman)['calls']
        self.assertShows(block, call)
        self.assertEqual(block['rows'][0]['detail'], self.contact.sudo().display_name)

    def test_nothing_of_other_companies_is_told(self):
        company = self.env['res.company'].create({'name': 'Ebro Portugal'})
        self.salesman.company_ids += company
        self._new_opportunity(company_id=company.id, team_id=False)
        own = self._new_opportunity()
        ours = {'allowed_company_ids': self.env.company.ids}
        self.assertEqual(self.tell(self.salesman, **ours)['opportunities']['count'], 1)
        both = {'allowed_company_ids': (self.env.company | company).ids}
        self.assertEqual(self.tell(self.salesman, **both)['opportunities']['count'], 2)
        self.assertTrue(own)

    # === TARGET === #

    def test_month_is_told_against_its_target(self):
        values = {'company_id': self.env.company.id, 'expected_revenue': 4000.0}
        won, later = self._new_opportunity(**values), self._new_opportunity(**values)
        (won | later).action_set_won()
        won.date_closed = datetime(2026, 3, 31, 21, 59)
        later.date_closed = datetime(2026, 3, 31, 22, 0)  # the first of April in Madrid
        self._new_opportunity(**values, probability=25.0, date_deadline='2026-03-31')
        block = self.tell(self.salesman)['target']
        self.assertIsNone(block['percent'])
        self.assertIn('4,000.00', block['value'])
        self.assertIn('no target', block['hint'])
        targets = self.env['crm.target']
        target = targets.create({'user_id': self.salesman.id, 'amount': 10000.0})
        targets.create({'user_id': self.colleague.id, 'amount': 1.0})
        block = self.tell(self.salesman)['target']
        self.assertEqual((block['percent'], block['tone']), (40, 'info'))
        for amount in ('4,000.00', '10,000.00'):
            self.assertIn(amount, block['value'])
        for amount in ('4,000.00', '1,000.00'):
            self.assertIn(amount, block['hint'])
        self.assertNotIn('no target', block['hint'])
        target.amount = 4000.0
        block = self.tell(self.salesman)['target']
        self.assertEqual((block['percent'], block['tone']), (100, 'success'))
        rows = self.env['crm.target.report'].with_user(self.salesman)
        figures = rows.search(block['action']['domain']).mapped('figure')
        self.assertEqual(set(figures), {'target', 'won', 'open', 'weighted'})
