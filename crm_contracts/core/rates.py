"""Which of the rates of a contract an hour of somebody has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class Rate(NamedTuple):
    """For whose time a rate is and from which day on; what is empty says nothing."""

    id: int
    employee_id: int | bool = False
    job_id: int | bool = False
    start: date = date.min

    @property
    def whose(self) -> tuple:
        return self.employee_id, self.job_id

    def fits(self, employee_id: int, job_id: int | bool, day: date) -> bool:
        """Say whether the rate may price time of an employee with a job on a day."""
        return (
            self.start <= day
            and self.employee_id in (employee_id, False)
            and self.job_id in (job_id, False)
        )


def get_latest(rates: Iterable[Rate]) -> list[Rate]:
    """Return of each employee and job the rate with the latest start, of two the older record.

    Employees and jobs keep the order in which they are first named.
    """
    by_whose: dict[tuple, list[Rate]] = {}
    for rate in rates:
        by_whose.setdefault(rate.whose, []).append(rate)
    return [
        min(own, key=lambda rate: (date.max - rate.start, rate.id)) for own in by_whose.values()
    ]


def get_rate(rates: Iterable[Rate], employee_id: int, job_id: int | bool, day: date) -> Rate | None:
    """Return the rate of an employee on a day: by name, else by job, else the one for everybody.

    Of those that are for the same the one with the latest start.
    """
    fitting = get_latest(rate for rate in rates if rate.fits(employee_id, job_id, day))
    return min(
        fitting,
        key=lambda rate: (not rate.employee_id, not rate.job_id, rate.id),
        default=None,
    )


def get_predecessor(rates: Iterable[Rate], rate: Rate) -> Rate | None:
    """Return the rate whose place another one took on its first day, if there was one."""
    earlier = [one for one in rates if one.whose == rate.whose and one.start < rate.start]
    return next(iter(get_latest(earlier)), None)
