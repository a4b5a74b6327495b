"""What happens when: everything that is planned, played in order with the clock set to it."""

import heapq
import itertools

from freezegun import freeze_time


class Agenda:
    """The moments of the story. What would happen after its end does not happen."""

    def __init__(self, env, end):
        self.env = env
        self.end = end
        self.entries = []
        self.numbers = itertools.count()  # what is planned for the same moment keeps its order

    def add(self, moment, play, *args):
        """Plan a function for a moment, in UTC without zone."""
        if moment <= self.end:
            heapq.heappush(self.entries, (moment, next(self.numbers), play, args))

    def play(self):
        """Play everything, also what is planned meanwhile."""
        with freeze_time(self.entries[0][0]) as clock:
            while self.entries:
                moment, _number, play, args = heapq.heappop(self.entries)
                self.env.flush_all()
                clock.move_to(moment)
                # of when records are made and changed
                self.env.cr._now = moment
                play(*args)
            self.env.flush_all()
        self.env.cr._now = None
