"""Runs cases as pairs, ours and the other way in turn, and prints the ratios as a table."""

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

ROUNDS = 9


@dataclass
class Case:
    """A pair to compare.

    ``prepare(env)`` returns what both sides get; ``ours(env, prepared)`` and
    ``other(env, prepared)`` do the same work in two ways, starting with a cold cache.
    """

    name: str
    against: str
    prepare: Callable
    ours: Callable
    other: Callable
    at_most: float = None
    """The ratio that the project promises, if it promises one."""
    more_queries: float = None
    """How many queries a record ours may need above the other side, if that is promised."""
    at_most_ms: float = None
    """How many milliseconds a record ours may take, if that is promised."""
    rounds: int = ROUNDS
    """How often both sides are timed; less where one of them takes long."""
    undo: bool = False
    """Whether each run is taken back, because it would leave the next one nothing to do."""
    count: Callable = None
    """``count(prepared)``: how many records are worked on, to tell queries and time for each."""
    clean: Callable = None
    """``clean(env, prepared)`` removes what was committed, for the sake of other processes."""


@dataclass
class Side:
    seconds: float
    queries: int
    peak_bytes: int
    count: int = 0

    @property
    def queries_each(self):
        return self.queries / self.count if self.count else 0.0

    @property
    def ms_each(self):
        return self.seconds * 1000 / (self.count or 1)


def measure(env, case, rounds=None):
    """Return what both sides of a case cost: median time, queries, peak of Python's memory.

    :param rounds: how often both sides are timed, if not as often as the case says
    """
    prepared = case.prepare(env)
    try:
        return _measure(env, case, prepared, rounds or case.rounds)
    finally:
        if case.clean:
            case.clean(env, prepared)


def _measure(env, case, prepared, rounds):
    count = case.count(prepared) if case.count else 0
    times = {case.ours: [], case.other: []}
    for _round in range(rounds + 1):
        for work in (case.ours, case.other):
            with _taken_back(env, case):
                times[work].append(_time(env, work, prepared))
    sides = []
    for work in (case.ours, case.other):
        with _taken_back(env, case):
            seconds = statistics.median(times[work][1:])
            sides.append(Side(seconds, *_weigh(env, work, prepared), count))
    return tuple(sides)


@contextmanager
def _taken_back(env, case):
    if not case.undo:
        yield
        return
    savepoint = env.cr.savepoint()
    yield
    savepoint.close(rollback=True)
    env.invalidate_all(flush=False)


def _time(env, work, prepared):
    _cool_down(env)
    started = time.perf_counter()
    work(env, prepared)
    env.flush_all()
    return time.perf_counter() - started


def _weigh(env, work, prepared):
    """Count queries and memory in a run of its own: counting memory slows Python down."""
    _cool_down(env)
    before = env.cr.sql_log_count
    tracemalloc.start()
    work(env, prepared)
    env.flush_all()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return env.cr.sql_log_count - before, peak


def _cool_down(env):
    env.flush_all()
    env.invalidate_all()
    gc.collect()


def report(results):
    """Print a row per case: the ratio first, then what it was made of."""
    titles = ('case', 'against', 'ratio', 'promised', 'kept', 'ms', 'queries', 'each', 'peak MB')
    rows = [titles]
    for case, (ours, other) in results:
        rows.append(
            (
                case.name,
                case.against,
                f'{ours.seconds / other.seconds:.2f}',
                _tell_promise(case),
                _tell_whether_kept(case, ours, other),
                f'{ours.seconds * 1000:.1f} / {other.seconds * 1000:.1f}',
                f'{ours.queries} / {other.queries}',
                f'{ours.queries_each:.2f} / {other.queries_each:.2f}' if ours.count else '',
                f'{ours.peak_bytes / 1e6:.1f} / {other.peak_bytes / 1e6:.1f}',
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print(
            '  '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def _tell_promise(case):
    promises = [
        f'<= {case.at_most:.2f}' if case.at_most else '',
        f'{case.at_most_ms:g} ms' if case.at_most_ms else '',
    ]
    return ', '.join(filter(None, promises))


def _tell_whether_kept(case, ours, other):
    """Return whether what is promised was kept, or nothing where nothing is promised."""
    promises = [
        (case.at_most, ours.seconds / other.seconds),
        (case.more_queries, ours.queries_each - other.queries_each),
        (case.at_most_ms, ours.ms_each),
    ]
    promised = [value <= at_most for at_most, value in promises if at_most is not None]
    return ('yes' if all(promised) else 'NO') if promised else ''
