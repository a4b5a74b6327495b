from datetime import date, timedelta
from random import Random
from statistics import median, quantiles

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import ServiceSlaCommon

NOW = '2026-03-20 12:00:00'
MINUTE = timedelta(minutes=1)


@tagged('post_install', '-at_install')
class TestSlaReports(ServiceSlaCommon):
    """Reports against an independent reckoning: cases of two teams in March 2026, some of them
    answered, closed and taken up again at moments that are drawn once and for all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_policy(team_id=False)
        cls.desk.calendar_id = cls.always
        draw = Random(11)
        cls.told = []
        for number in range(24):
            opened = (
                fields.Datetime.to_datetime('2026-03-02 07:30:00') + draw.randrange(15000) * MINUTE
            )
            model_name = ('service.ticket', 'service.claim')[number % 2]
            team = (cls.repairs, cls.desk)[number % 3 == 0]
            with freeze_time(opened):
                case = cls.create_case(model_name, team_id=team.id, user_id=cls.agent.id)
            told = {'case': case, 'opened': opened, 'answered': None, 'spans': [], 'answers': 0}
            moment = opened
            for step in range(number % 4):
                moment += draw.randrange(10, 3000) * MINUTE
                with freeze_time(moment):
                    if step == 0:
                        case.with_user(cls.manager).message_post(
                            body='Yes', message_type='comment', subtype_xmlid='mail.mt_comment'
                        )
                        told['answered'] = moment
                        told['answers'] += 1
                    elif step == 1:
                        case.action_solve()
                        told['spans'].append([moment, None])
                    else:
                        case.action_reopen()
                        told['spans'][-1][1] = moment
                    cls.env.flush_all()
            cls.told.append(told)
        cls.env.invalidate_all()

    def get_rows(self, model_name, user=None):
        ids = {case._name: [] for case in (told['case'] for told in self.told)}
        for told in self.told:
            ids[told['case']._name].append(told['case'].id)
        domain = fields.Domain.OR(
            fields.Domain('case_model', '=', name) & fields.Domain('case_id', 'in', group)
            for name, group in ids.items()
        )
        return self.env[model_name].with_user(user or self.manager), domain

    def reckon_hours(self, team, start, stop):
        """Count the minutes of work one by one; Madrid is an hour before UTC in March."""
        if team == self.desk:
            return (stop - start) / timedelta(hours=1)
        minutes, moment = 0, start
        while moment < stop:
            local = moment + timedelta(hours=1)
            works = local.weekday() < 5 and (9 <= local.hour < 14 or 15 <= local.hour < 18)
            minutes += works
            moment += MINUTE
        return minutes / 60

    def assertPercentiles(self, found, hours):
        """The 90 % as PostgreSQL and the statistics of Python both draw them."""
        average, half, most = found
        self.assertAlmostEqual(average, sum(hours) / len(hours), 2)
        self.assertAlmostEqual(half, median(hours), 2)
        if len(hours) > 1:
            self.assertAlmostEqual(most, quantiles(hours, n=10, method='inclusive')[8], 2)

    def test_times_are_those_of_the_raw_dates_in_working_hours(self):
        rows, domain = self.get_rows('service.case.report')
        for prefix, end in (('response', 'answered'), ('solution', 'closed')):
            measures = [
                f'{prefix}_hours:avg',
                f'{prefix}_hours_median:median',
                f'{prefix}_hours_p90:p90',
            ]
            found = {team: rest for team, *rest in rows._read_group(domain, ['team_id'], measures)}
            for team in (self.repairs, self.desk):
                hours = [
                    self.reckon_hours(team, told['opened'], stop)
                    for told in self.told
                    if told['case'].team_id == team and (stop := self.get_end(told, end))
                ]
                with self.subTest(prefix=prefix, team=team.name):
                    self.assertGreater(len(hours), 1)
                    self.assertPercentiles(found[team.with_user(self.manager)], hours)

    def get_end(self, told, end):
        if end == 'answered':
            return told['answered']
        return told['spans'][-1][0] if told['spans'] and not told['spans'][-1][1] else None

    def test_reopenings_and_answers_are_counted(self):
        rows, domain = self.get_rows('service.case.report')
        [found] = rows._read_group(
            domain, [], ['reopen_count:sum', 'reopen_rate:avg', 'answer_count:avg', '__count']
        )
        reopened = [told for told in self.told if told['spans'] and told['spans'][-1][1]]
        closed = [told for told in self.told if told['spans']]
        answers = sum(told['answers'] for told in self.told)
        self.assertEqual(found[0], len(reopened))
        self.assertAlmostEqual(found[1], len(reopened) / len(closed))
        self.assertAlmostEqual(found[2], answers / len(self.told))
        self.assertEqual(found[3], len(self.told))

    @freeze_time(NOW)
    def test_backlog_of_each_day_and_age_is_what_was_open_at_its_end(self):
        for zone, offset in (('Europe/Madrid', 1), ('America/Lima', -5)):
            rows, domain = self.get_rows('service.backlog.report')
            shift = timedelta(hours=offset)
            expected = {}
            day = date(2026, 3, 1)
            while day <= date(2026, 3, 20):
                end = fields.Datetime.to_datetime(day) + timedelta(days=1) - shift
                ages = [
                    (day - (told['opened'] + shift).date()).days
                    for told in self.told
                    if told['opened'] < end
                    and not any(
                        start < end and (not stop or stop >= end) for start, stop in told['spans']
                    )
                ]
                if ages:
                    expected[day] = (len(ages), sum(ages) / len(ages))
                day += timedelta(days=1)
            found = rows.with_context(tz=zone)._read_group(
                domain, ['date:day'], ['__count', 'age:avg'], order='date:day'
            )
            with self.subTest(zone=zone):
                self.assertEqual(
                    {day: count for day, count, _age in found},
                    {day: count for day, (count, _age) in expected.items()},
                )
                for day, _count, age in found:
                    self.assertAlmostEqual(age, expected[day][1])
            by_age = rows.with_context(tz=zone)._read_group(
                domain & fields.Domain('date', '=', '2026-03-20'), ['age_band'], ['__count']
            )
            self.assertEqual(sum(count for _band, count in by_age), expected[date(2026, 3, 20)][0])

    def test_satisfaction_of_each_agent_has_its_comments(self):
        case = next(told['case'] for told in self.told if told['case'].stage_kind == 'solved')
        case.sudo()._apply_rating(5, 'Quick and kind')
        rows, domain = self.get_rows('service.rating.report')
        [row] = rows.search(domain)
        self.assertEqual((row.user_id.id, row.feedback), (self.agent.id, 'Quick and kind'))
        self.assertEqual((row.rating, row.satisfied_rate), (5, 1))
        self.assertEqual(row.action_open_case()['res_model'], case._name)

    @freeze_time(NOW)
    def test_reports_show_the_cases_that_one_may_see(self):
        hidden = self.told[0]['case']
        self.assertEqual(hidden.team_id, self.desk)
        hidden.user_id = self.colleague
        for model_name in ('service.case.report', 'service.backlog.report'):
            with self.subTest(model_name):
                seen = fields.Domain('case_id', '=', hidden.id)
                seen &= fields.Domain('case_model', '=', hidden._name)
                rows = self.env[model_name]
                self.assertTrue(rows.with_user(self.manager).search(seen))
                self.assertFalse(rows.with_user(self.agent).search(seen))
                own, domain = self.get_rows(model_name, self.agent)
                self.assertTrue(own.search(domain))
                self.assertEqual(own.search(domain)[:1].is_case_visible, True)

    def test_reports_of_what_is_archived_are_asked_for(self):
        told = self.told[0]
        told['case'].action_archive()
        rows, domain = self.get_rows('service.case.report')
        self.assertEqual(rows.search_count(domain), len(self.told) - 1)
        self.assertEqual(rows.with_context(active_test=False).search_count(domain), len(self.told))
