"""Three teams over a fortnight, compared after each step with what the script alone comes to."""

from collections import Counter
from datetime import timedelta

from odoo import fields
from odoo.fields import Domain
from odoo.tests import tagged

from .fortnight_player import FortnightPlayer
from .fortnight_reports import Reports
from .fortnight_script import END, get_events, make_people, make_teams
from .fortnight_steps import Fortnight

CASE_FIELDS = {
    'stage_kind': 'stage',
    'active': 'active',
    'date_open': 'opened',
    'date_closed': 'closed',
    'date_first_response': 'first_response',
    'date_next_response': 'next_response',
    'date_customer_waiting': 'customer_since',
    'answer_count': 'answers',
    'reopen_count': 'reopenings',
    'date_snoozed': 'snoozed',
    'rating_due': 'rating_due',
    'is_spam': 'is_spam',
}
CLOCK_FIELDS = {
    'target': 'target',
    'date_start': 'start',
    'reached_at': 'reached',
    'ended_at': 'ended',
    'warned_at': 'warned',
    'breached_at': 'breached',
}
DAILY = (8, 12, 22)  # hours in UTC at which all scheduled actions run, due or not


@tagged('post_install', '-at_install')
class TestServiceFortnight(FortnightPlayer):
    def test_fortnight_comes_to_what_the_script_says(self):
        self.model = Fortnight()
        people = make_people()
        self.named = {**people, **make_teams(people)}
        self.last = get_events()[0][0] - timedelta(minutes=1)
        self.known = set()
        self.forget()
        for moment, name, values in get_events():
            self.pass_time(moment)
            with self.subTest(moment=str(moment), event=name, **values):
                self.play(moment, name, values)
                self.compare(moment)
            self.pass_time(moment + timedelta(minutes=1))
        self.pass_time(END)
        self.check_reports()

    def play(self, moment, name, values):
        with self.at(moment):
            getattr(self, f'play_{name}')(**values)
            self.env.flush_all()
        getattr(self.model, name)(moment, **self.resolve(values))
        self.learn_new_cases()

    def resolve(self, values):
        """Return the people and teams of the model for their names."""

        def find(value):
            if isinstance(value, list):
                return [find(item) for item in value]
            return self.named.get(value, value) if isinstance(value, str) else value

        return {
            name: value if name in ('key', 'keys', 'comment') else find(value)
            for name, value in values.items()
        }

    # === TIME === #

    def pass_time(self, until):
        """Run the scheduled actions whenever they are asked to, and some times a day."""
        while moment := self.get_next_moment(until):
            self.last = moment
            with self.subTest(moment=str(moment), event='scheduled actions'):
                self.check_triggers(moment)
                self.run_crons(moment)
                self.model.tick(moment)
                self.compare(moment)

    def get_next_moment(self, until):
        hours = [
            self.last.replace(minute=0) + timedelta(hours=hour)
            for hour in range(int((until - self.last) / timedelta(hours=1)) + 2)
        ]
        moments = {hour for hour in hours if hour.hour in DAILY} | set(self.get_triggers())
        notices = {moment for *_rest, moment in self.model.get_notices(self.last)}
        return min((m for m in moments | notices if self.last < m <= until), default=None)

    def check_triggers(self, moment):
        """What is to be told at a moment has the scheduled action triggered for it."""
        if any(told_at == moment for *_rest, told_at in self.model.get_notices(self.last)):
            self.assertIn(moment, self.get_triggers())

    # === COMPARISON === #

    def compare(self, moment):
        with self.at(moment):
            found = {key: self.describe(case) for key, case in self.cases.items()}
        expected = {key: self.reckon(case, moment) for key, case in self.model.cases.items()}
        told, self.model.told = self.model.told, Counter()
        found['told'], expected['told'] = self.get_told(), told
        differences = {
            f'{key}.{name}: {values.get(name)}, reckoned {right}'
            for key, values in found.items()
            for name, right in {**dict.fromkeys(values), **expected.get(key, {})}.items()
            if values.get(name) != right
        }
        self.assertEqual(found.keys(), expected.keys())
        # what differed before is not told again at each later step
        new, self.known = differences - self.known, differences
        self.assertFalse(new, '\n'.join(['', *sorted(new)]))

    def describe(self, case):
        """Return what Odoo says of a case."""
        values = {name: case[name] or False for name in CASE_FIELDS}
        return {
            **values,
            'team': self.names[case.team_id],
            'user': case.user_id.name,
            'waiting': case.is_customer_waiting,
            'warned': case._name == 'service.ticket' and case.date_waiting_warned,
            'state': case.sla_state,
            'deadline': not case.date_closed and case.sla_deadline,
            'followers': set(case.message_partner_ids.mapped('name')),
            'clocks': sorted(map(self.describe_clock, case.sla_clock_ids), key=str),
        }

    def describe_clock(self, clock):
        values = {name: clock[name] for name in CLOCK_FIELDS}
        return {
            **values,
            'team': self.names[clock.team_id],
            'deadline': clock.deadline,
            'state': clock.state,
        }

    def reckon(self, case, moment):
        """Return what the model says of a case."""
        values = {name: getattr(case, key) or False for name, key in CASE_FIELDS.items()}
        return {
            **values,
            'team': case.team.name,
            'user': case.user.name if case.user else False,
            'waiting': bool(case.customer_since),
            'warned': case.waiting_warned or False,
            'state': case.get_state(moment),
            'deadline': not case.closed and (case.get_deadline() or False),
            'followers': {person.name for person in case.followers},
            'clocks': sorted((self.reckon_clock(c, moment) for c in case.clocks), key=str),
        }

    def reckon_clock(self, clock, moment):
        values = {name: getattr(clock, key) or False for name, key in CLOCK_FIELDS.items()}
        return {
            **values,
            'team': clock.team.name,
            'deadline': clock.get_deadline(),
            'state': clock.get_state(moment),
        }

    # === REPORTS === #

    def check_reports(self):
        reports = Reports(self.model, END)
        with self.at(END):
            for name, expected in reports.get_all().items():
                with self.subTest(report=name):
                    self.assertReport(getattr(self, f'read_{name}')(), expected)

    def assertReport(self, found, expected):
        self.assertEqual(found.keys(), expected.keys())
        for group, values in expected.items():
            for value, right in zip(found[group], values, strict=True):
                self.assertAlmostEqual(value, right, 2, msg=str(group))

    def read(self, model_name, groups, measures, domain=Domain.TRUE):
        rows = self.env[model_name].with_context(tz='Europe/Madrid', active_test=True)
        ours = Domain('company_id', '=', self.company.id) & domain
        size = len(groups)
        return {
            self.get_group(row[:size]): row[size:]
            for row in rows._read_group(ours, groups, measures)
        }

    def get_group(self, values):
        named = tuple(
            self.names.get(value, value.name) if hasattr(value, '_name') else str(value)[:10]
            for value in values
        )
        return named[0] if len(named) == 1 else named

    def read_times(self):
        measures = [
            f'{name}_hours{how}'
            for name in ('response', 'solution')
            for how in ('_median:median', '_p90:p90')
        ]
        measures += ['reopen_count:sum', 'answer_count:avg', '__count']
        return self.read('service.case.report', ['team_id'], measures)

    def read_backlog(self):
        since = Domain('date', '>=', fields.Date.to_date('2026-10-20'))
        return self.read('service.backlog.report', ['date:day'], ['__count', 'age:avg'], since)

    def read_promises(self):
        return self.read(
            'service.sla.report',
            ['date_start:month', 'team_id'],
            ['met_count:sum', 'missed_count:sum'],
        )

    def read_opinions(self):
        return self.read('service.rating.report', ['team_id', 'user_id'], ['rating:avg', '__count'])
