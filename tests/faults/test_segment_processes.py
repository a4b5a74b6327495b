"""Refreshes and effects of segments that are killed, and that meet others at work."""

import os
import signal
from random import Random

import pytest

from odoo import Command
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import tagged
from odoo.tools import mute_logger

from tests.suite import LONG

from .common import ProcessCase

CONTACTS = int(os.environ.get('CRM_KILLED_CONTACTS', 1500))
SLICE = 150
KILLS = 50 if LONG else 8
ROUNDS = 200
SEED = int(os.environ.get('CRM_SEED', 1))
# Everybody matches the first, every other contact the second, the rest the third.
DOMAINS = (
    "[('ref', '=like', 'FAULT-%')]",
    "[('ref', '=', 'FAULT-0')]",
    "[('ref', '=', 'FAULT-1')]",
)
COUNT_ENTER = "for contact in records: contact.write({'color': contact.color + 1})"
COUNT_LEAVE = "for contact in records: contact.write({'color': contact.color + 1000})"


class SegmentProcessCase(ProcessCase):
    """A segment of committed contacts that counts on each what it did to it.

    The tenth part of the contacts had the tag before.
    """

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            self.tag_id = env['res.partner.category'].create({'name': 'Fault'}).id
            contacts = env['res.partner'].create(
                [{'name': f'Fault {n}', 'ref': f'FAULT-{n % 2}'} for n in range(CONTACTS)]
            )
            self.contact_ids = contacts.ids
            self.tagged_ids = set(contacts.ids[::10])
            contacts.browse(self.tagged_ids).category_id = [Command.link(self.tag_id)]
            actions = env['ir.actions.server'].create(
                [self._prepare_action(env, code) for code in (COUNT_ENTER, COUNT_LEAVE)]
            )
            self.action_ids = actions.ids
            self.segment_id = self._create_segment(env, actions).id
        self.addCleanup(self._remove)

    def _prepare_action(self, env, code):
        model = env['ir.model']._get('res.partner')
        return {'name': 'Count', 'model_id': model.id, 'state': 'code', 'code': code}

    def _create_segment(self, env, actions):
        return env['crm.segment'].create(
            {
                'name': 'Fault',
                'category_id': self.tag_id,
                'domain': DOMAINS[0],
                'enter_action_id': actions[0].id,
                'leave_action_id': actions[1].id,
                # Out of the way of the scheduled refresh of tests beside this one.
                'refresh_interval_unit': False,
            }
        )

    def segment(self, env):
        return env['crm.segment'].browse(self.segment_id)

    def refresh(self, env):
        self.segment(env)._refresh(batch=SLICE)

    def run_effects(self, env):
        env['crm.segment']._cron_run_effects()

    def _is_pending(self, env):
        pending = ['|', ('enter_pending', '=', True), ('leave_pending', '=', True)]
        rows = env['crm.segment.membership']
        return rows.search_count([('segment_id', '=', self.segment_id), *pending], limit=1)

    def change_criteria(self, domain):
        with self.transaction() as env:
            self.segment(env).domain = domain

    def complete(self):
        """Refresh and do what is pending again and again, as the scheduled actions do.

        What a killed process has begun may keep others out for a moment.
        """
        for _call in range(20):
            self.assertTrue(self.wait(self.start(self.refresh)))
            self.assertTrue(self.wait(self.start(self.run_effects)))
            with self.transaction() as env:
                segment = self.segment(env)
                changes = segment._get_changes()[segment.id]
                if not (changes['enter'] or changes['leave'] or self._is_pending(env)):
                    return

    def assert_consistent(self):
        """Whoever is a member is one once and is tagged; nobody else has a tag of ours."""
        with self.transaction() as env:
            members = env['crm.segment.membership'].search(
                [('segment_id', '=', self.segment_id), ('date_out', '=', False)]
            )
            self.assertEqual(len(members), len(members.partner_id))
            wanted = set(members.partner_id.ids) | self._get_contacts(env, self.tagged_ids)
            self.assertEqual(set(self.segment(env).category_id.partner_ids.ids), wanted)

    def assert_complete(self):
        """A refresh has nothing to do, and each entry and exit had its effect once."""
        self.assert_consistent()
        with self.transaction() as env:
            segment = self.segment(env)
            self.assertEqual(segment._apply_changes(), {'enter': 0, 'leave': 0})
            self.assertFalse(segment.remaining_count)
            for contact in env['res.partner'].browse(self._get_contacts(env, self.contact_ids)):
                rows = contact.crm_segment_membership_ids
                left = rows.filtered('date_out')
                self.assertEqual(contact.color, len(rows) + 1000 * len(left))

    def _get_contacts(self, env, contact_ids):
        return set(env['res.partner'].browse(contact_ids).exists().ids)

    def _remove(self):
        with self.transaction() as env:
            self.segment(env).unlink()
            env['ir.actions.server'].browse(self.action_ids).unlink()
            env['res.partner'].browse(self._get_contacts(env, self.contact_ids)).unlink()
            env['res.partner.category'].browse(self.tag_id).unlink()


@pytest.mark.long
@tagged('post_install', '-at_install')
class TestSegmentKilled(SegmentProcessCase):
    def test_refresh_and_effects_killed_at_random_moments_are_made_up_for(self):
        random = Random(SEED)
        kills = {self.refresh: 0, self.run_effects: 0}
        for number in range(ROUNDS):
            self.change_criteria(DOMAINS[number % len(DOMAINS)])
            for work in kills:
                process = self.start(work)
                code = self.kill_after(process, random.uniform(0.01, 0.3))
                kills[work] += code == -signal.SIGKILL
                self.assert_consistent()
            if min(kills.values()) >= KILLS:
                break
        self.assertGreaterEqual(min(kills.values()), KILLS, 'over before they could be killed')
        self.complete()
        self.assert_complete()


@tagged('post_install', '-at_install')
class TestSegmentProcesses(SegmentProcessCase):
    """Others at work on the same segment and contacts at the same time."""

    def _again(self, env, work):
        """Work like a user whose request is tried again as Odoo does."""
        for _attempt in range(50):
            try:
                work()
                env.cr.commit()
                return
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                env.cr.rollback()
                env.invalidate_all(flush=False)

    def _delete_contacts(self, env):
        for contact in env['res.partner'].browse(self.contact_ids[100:200]):
            self._again(env, contact.unlink)

    def _merge_contacts(self, env):
        wizard = env['base.partner.merge.automatic.wizard']
        for number in range(300, 340, 2):
            pair = env['res.partner'].browse(self.contact_ids[number : number + 2])
            self._again(env, lambda pair=pair: wizard._merge(pair.ids, pair[0]))

    def _meet(self, *works):
        with mute_logger('odoo.sql_db'):
            processes = [self.start(work) for work in works]
            self.assertEqual([self.wait(process) for process in processes], [True] * len(works))
        self.complete()

    def test_two_refreshes_at_once_change_everything_once(self):
        for domain in DOMAINS:
            self.change_criteria(domain)
            self._meet(self.refresh, self.refresh)
            self.assert_complete()
        with self.transaction() as env:
            rows = self.segment(env).membership_ids
            self.assertEqual(sum(self.segment(env).size_ids.mapped('entered_count')), len(rows))

    def test_effects_in_two_processes_happen_once(self):
        self.assertTrue(self.wait(self.start(self.refresh)))
        self._meet(self.run_effects, self.run_effects)
        self.assert_complete()

    def test_contacts_deleted_during_a_refresh_are_left_out(self):
        self._meet(self.refresh, self._delete_contacts)
        self.assert_complete()

    def test_contacts_merged_during_a_refresh_stay_one_member(self):
        self._meet(self.refresh, self._merge_contacts)
        self.assert_consistent()
        with self.transaction() as env:
            self.assertEqual(self.segment(env)._apply_changes(), {'enter': 0, 'leave': 0})
