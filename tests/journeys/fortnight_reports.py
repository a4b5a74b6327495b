"""What the reports of the fortnight have to show, reckoned from what happened."""

from collections import defaultdict
from datetime import date, timedelta
from statistics import mean, median, quantiles

from .fortnight_clock import get_local


def get_p90(hours):
    return quantiles(hours, n=10, method='inclusive')[8] if len(hours) > 1 else hours[0]


class Reports:
    def __init__(self, world, end):
        self.end = end
        self.zone = next(iter(world.cases.values())).team.hours.zone  # that of the reader
        self.ratings = world.ratings
        self.cases = list(world.cases.values())

    def get_all(self):
        return {
            'times': self.get_times(),
            'backlog': self.get_backlog(),
            'promises': self.get_promises(),
            'opinions': self.get_opinions(),
        }

    def get_times(self):
        """Return {team: median and 90 % until answer and solution, reopenings, answers, cases}."""
        by_team = defaultdict(list)
        for case in self.cases:
            if case.active:
                by_team[case.team.name].append(case)
        return {team: self.get_row(cases) for team, cases in by_team.items()}

    def get_row(self, cases):
        row = []
        for name in ('hours_to_response', 'hours_to_close'):
            hours = [getattr(case, name) for case in cases if getattr(case, name) is not None]
            row += [median(hours), get_p90(hours)] if hours else [False, False]
        reopenings = sum(case.reopenings for case in cases)
        return [*row, reopenings, mean(case.answers for case in cases), len(cases)]

    def get_day(self, moment):
        return get_local(moment, self.zone).date()

    def get_backlog(self):
        """Return {day: cases open at its end, their age in days}."""
        rows, day = {}, date(2026, 10, 20)
        while day <= self.get_day(self.end):
            ages = [
                (day - self.get_day(case.opened)).days
                for case in self.cases
                if self.is_open_at_the_end_of(case, day)
            ]
            rows[str(day)] = [len(ages), mean(ages)]
            day += timedelta(days=1)
        return rows

    def is_open_at_the_end_of(self, case, day):
        spans = [*case.closed_spans, *([(case.closed, None)] if case.closed else [])]
        return (
            (case.active or case.closed)
            and self.get_day(case.opened) <= day
            and not any(
                self.get_day(start) <= day and (not stop or self.get_day(stop) > day)
                for start, stop in spans
            )
        )

    def get_promises(self):
        """Return {(month, team): promises kept, and not}."""
        rows = defaultdict(lambda: [0, 0])
        for case in self.cases:
            for clock in case.clocks:
                if case.active or clock.reached or clock.ended:
                    state = clock.get_state(self.end)
                    month = self.get_day(clock.start).replace(day=1)
                    row = rows[str(month), clock.team.name]
                    row[0] += state == 'met'
                    row[1] += state in ('missed', 'breached')
        return dict(rows)

    def get_opinions(self):
        """Return {(team, agent): opinion, how many}."""
        rows = defaultdict(list)
        for team, user, value, _comment in self.ratings:
            rows[team.name, user.name if user else False].append(value)
        return {group: [mean(values), len(values)] for group, values in rows.items()}
