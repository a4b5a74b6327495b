"""Plays a life of segments: edits by chance, a refresh, and the comparison with the model."""

from datetime import timedelta
from random import Random

from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.tests import freeze_time

from tests.journeys.segment_model import Contact, World
from tests.suite import LONG

BEGIN = Datetime.to_datetime('2026-03-10 12:00:00')
ROUNDS = 25 if LONG else 10
EDITS_A_ROUND = 6
# With which a life begins: some contacts have none, some several.
CALLS = 24
REFS = tuple(f'ATK-{number}' for number in range(4))
ADDRESSES = tuple(f'attack{number}@x.example' for number in range(12))


class Player:
    """One life; what it edits is what `edits` says: methods of the heir."""

    edits = ()

    def __init__(self, case, seed):
        self.case, self.env, self.chance = case, case.env, Random(seed)
        self.world, self.now, self.log = World(), BEGIN, []
        companies = self.env['res.partner'].create(
            [self._prepare_partner(is_company=True) for _number in range(5)]
        )
        people = self.env['res.partner'].create(
            [self._prepare_partner(parent_id=self.pick(companies.ids)) for _number in range(11)]
        )
        self.partner_ids = (companies | people).ids
        for _number in range(CALLS):
            self.call()
        self.read_rows()
        for _number in range(7):
            self.create_segment()

    def _prepare_partner(self, **values):
        return {
            'name': 'Attacked',
            'ref': self.pick(REFS),
            'email': self.pick((*ADDRESSES, False, False)),
            **values,
        }

    def pick(self, things):
        return self.chance.choice(list(things))

    def pick_some(self, things, most):
        things = sorted(things)
        return self.chance.sample(things, min(len(things), self.chance.randint(0, most)))

    def live(self):
        for _round in range(ROUNDS):
            self.now += timedelta(days=self.chance.choice((0, 1, 9, 33)))
            with freeze_time(self.now):
                for _edit in range(self.chance.randint(1, EDITS_A_ROUND)):
                    edit = self.pick(self.edits)
                    self.log.append(edit.__name__)
                    edit(self)
                    self.read_rows()
                self.pick((self.refresh, self.apply))()
            self.compare()

    # === ROWS === #

    def read_rows(self):
        """Tell the model the raw rows of contacts and calls."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT id, active, is_company, ref, commercial_partner_id, email_normalized
                 FROM res_partner WHERE id = ANY(%s)""",
            [self.partner_ids],
        )
        self.world.contacts = {
            id_: Contact(id_, bool(active), bool(is_company), *rest)
            for id_, active, is_company, *rest in self.env.cr.fetchall()
        }
        self.partner_ids = sorted(self.world.contacts)
        self.env.cr.execute(
            """SELECT partner_id, commercial_partner_id, date FROM crm_call
                WHERE state = 'held' AND partner_id = ANY(%s)""",
            [self.partner_ids],
        )
        self.world.calls = self.env.cr.fetchall()

    # === RUNS === #

    def refresh(self):
        """Let the scheduled actions run, with all that was applied once due."""
        begun = [one for one in self.world.segments.values() if one.is_begun and one.active]
        self.browse(begun).next_refresh = self.now
        self.run_cron('ir_cron_refresh_segments')
        self.world.apply_begun(begun, self.now)
        self.run_cron('ir_cron_segment_effects')

    def apply(self):
        chosen = [one for one in self.world.segments.values() if one.active]
        chosen = self.chance.sample(chosen, min(3, len(chosen)))
        self.browse(chosen).action_apply()
        self.world.apply(chosen, self.now)
        self.run_cron('ir_cron_segment_effects')

    def run_cron(self, name):
        self.env.flush_all()
        with self.case.enter_registry_test_mode():
            self.env.ref(f'crm_segmentation.{name}').method_direct_trigger()
        self.env.invalidate_all()

    def browse(self, segments):
        return self.env['crm.segment'].browse(segment.id for segment in segments)

    # === EDITS === #

    def write(self, segment, values, **changes):
        """Write what the model takes over, unless both refuse it for the order."""
        before = {name: getattr(segment, name) for name in changes}
        for name, value in changes.items():
            setattr(segment, name, value)
        is_allowed = self.world.is_in_order()
        try:
            with self.env.cr.savepoint():
                self.browse([segment]).write(values)
        except UserError as error:
            self.case.assertFalse(is_allowed, (error, values, self.log))
        else:
            self.case.assertTrue(is_allowed, (values, self.log))
        if not is_allowed:
            for name, value in before.items():
                setattr(segment, name, value)
            self.env.invalidate_all()
        return is_allowed

    # === COMPARING === #

    def compare(self):
        for segment in self.world.segments.values():
            self.assert_same(self._get_members(segment), set(segment.members), segment)
        self.assert_same(self._get_tags(), self.world.tags, 'tags')
        blocked = set(self.env['mail.blacklist'].search([]).mapped('email'))
        for mailing_list in self.case.lists:
            self.assert_same(
                self._get_addresses(mailing_list, blocked),
                self.world.get_addresses(mailing_list.id, blocked),
                mailing_list,
            )

    def assert_same(self, found, expected, what):
        self.case.assertEqual(found, expected, (what, self.now, self.log))

    def _get_members(self, segment):
        self.env.cr.execute(
            """SELECT partner_id FROM crm_segment_membership
                WHERE segment_id = %s AND date_out IS NULL""",
            [segment.id],
        )
        return {id_ for (id_,) in self.env.cr.fetchall()}

    def _get_tags(self):
        self.env.cr.execute(
            """SELECT partner_id, category_id FROM res_partner_res_partner_category_rel
                WHERE partner_id = ANY(%s)""",
            [self.partner_ids],
        )
        return set(self.env.cr.fetchall())

    def _get_addresses(self, mailing_list, blocked):
        """Return who is on a list and did not refuse; who refused must not be on it twice."""
        rows = self.env['mailing.subscription'].search([('list_id', '=', mailing_list.id)])
        refused = set(rows.filtered('opt_out').contact_id.mapped('email_normalized'))
        there = (rows - rows.filtered('opt_out')).contact_id.mapped('email_normalized')
        self.case.assertEqual(len(there), len(set(there)), self.log)
        self.case.assertFalse(refused & set(there), self.log)
        return set(there) - blocked
