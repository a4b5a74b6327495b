"""The company, its people and its twelve months: what all parts of the story share."""

import random
from datetime import UTC, datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID

from ..words import get_words
from . import (
    calls,
    cards,
    claims,
    company,
    contracts,
    customers,
    desk,
    ending,
    leads,
    marketing,
    people,
    portal,
    segments,
    tickets,
    work,
)
from .agenda import Agenda

SEED = 1977
MONTHS = 13  # the year that is shown, and one before it to start from
# What keeps the story from writing to anybody, and from telling each user of each step.
SILENT = {
    'mail_notify_force_send': False,
    'mail_auto_subscribe_no_notify': True,
    'mail_create_nosubscribe': True,
    'mail_create_nolog': True,
    'mail_activity_quick_update': True,
    'mail_post_autofollow_author_skip': True,
    'tracking_disable': True,
    'no_reset_password': True,
}
PARTS = (
    company,
    people,
    customers,
    marketing,
    leads,
    cards,
    calls,
    contracts,
    work,
    tickets,
    desk,
    claims,
    portal,
    segments,
    ending,
)


class Story:
    """What happened in the company until now. Each part plans its share on the agenda."""

    def __init__(self, env):
        self.lang = env.ref('base.user_admin').lang or 'en_US'
        self.words = get_words(self.lang)
        self.random = random.Random(SEED)
        self.zone = pytz.timezone(self.words.ZONE)
        self.now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        self.today = pytz.utc.localize(self.now).astimezone(self.zone).date()
        self.first_day = self.today.replace(day=1) - relativedelta(months=MONTHS)
        context = {**env.context, **SILENT, 'lang': self.lang, 'tz': self.words.ZONE}
        self.env = env(user=SUPERUSER_ID, context=context)
        self.agenda = Agenda(self.env, self.now)

    def tell(self):
        """Play all parts from the first day until now."""
        for part in PARTS:
            self.agenda.add(self.at(self.first_day, 6), part.begin, self)
        self.agenda.play()
        self.env.invalidate_all()

    # === WHO === #

    def of(self, user, model):
        """Return a model with which a user works: what is made is the user's."""
        return self.env(user=user, su=True)[model]

    def choose_weighted(self, weights):
        """Return a key of {key: weight}."""
        [key] = self.random.choices(list(weights), list(weights.values()))
        return key

    def choose(self, options):
        return self.random.choice(options)

    # === WHEN === #

    def at(self, day, hour, minute=0):
        """Return an hour of a day where the company is, in UTC without zone."""
        local = self.zone.localize(datetime.combine(day, time(hour, minute)))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def get_day(self, days_ago):
        return self.today - timedelta(days=days_ago)

    def get_month(self, months_ago):
        """Return the first day of a month."""
        return self.today.replace(day=1) - relativedelta(months=months_ago)

    def get_working_day(self, day):
        """Return the day, or the Monday after it."""
        return day + timedelta(days=max(7 - day.weekday(), 0) if day.weekday() > 4 else 0)

    def work_on(self, day):
        """Return a moment at which people work on a day, or on the Monday after it."""
        minutes = self.random.randrange(8 * 60 + 30, 17 * 60)
        return self.at(self.get_working_day(day), minutes // 60, minutes % 60)

    def work_after(self, moment, hours):
        """Return the moment after so many hours of work, of eight a day from nine to five."""
        local = pytz.utc.localize(moment).astimezone(self.zone).replace(tzinfo=None)
        while True:
            opening = datetime.combine(local.date(), time(9))
            closing = datetime.combine(local.date(), time(17))
            local = max(local, opening)
            left = (closing - local).total_seconds() / 3600
            if local.weekday() < 5 and hours < left:
                done = self.zone.localize(local + timedelta(hours=hours))
                return done.astimezone(pytz.utc).replace(tzinfo=None, microsecond=0)
            hours -= max(left, 0) if local.weekday() < 5 else 0
            local = opening + timedelta(days=1)

    def spread(self, number):
        """Return so many days of the story, a little more of them in its later months."""
        whole = (self.today - self.first_day).days
        days = sorted(int(whole * self.random.random() ** 0.8) for _number in range(number))
        return [self.first_day + timedelta(days=day) for day in days]
