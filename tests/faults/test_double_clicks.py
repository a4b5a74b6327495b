"""Two requests at once that do the same: the second reads a sentence, never the database's."""

import inspect
import threading
from functools import partial

import psycopg2
import pytest

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from tests.suite import ADDONS, LONG

# What Odoo says before it hands on what a constraint of the database says.
OF_THE_DATABASE = 'The operation cannot be completed'
PATIENCE = 60  # seconds
# In what a record has to be for an action to do anything: {model: {state: how it gets there}}. The
# first one is tried in every run, the others with LONG=1.
STATES = {
    'service.ticket': {'new': None, 'solved': 'action_solve'},
    'service.claim': {'new': None, 'solved': 'action_solve'},
    'crm.call': {'planned': None, 'cancelled': 'action_cancel'},
    'crm.contract': {'draft': None, 'running': 'action_confirm'},
    'crm.segment': {'new': None, 'applied': 'action_apply'},
}


@pytest.mark.long
@tagged('post_install', '-at_install')
class TestDoubleClicks(BaseCase):
    """Real transactions, tried again as Odoo does; what they made is taken out of the way."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.transaction() as env:
            partner = env['res.partner'].create({'name': 'Double', 'email': 'd@example.com'})
            next_tier, team = env['service.team'].create(
                [{'name': 'Second'}, {'name': 'First', 'sequence': 99}]
            )
            team.escalation_team_id = next_tier
            self.partner_id, self.team_id = partner.id, team.id
        self.record_ids = {model_name: [] for model_name in STATES}
        self.addCleanup(self.archive)

    def transaction(self):
        return _Transaction(self.registry)

    def archive(self):
        with self.transaction() as env:
            contracts = env['crm.contract'].browse(self.record_ids.pop('crm.contract'))
            contracts.filtered(lambda one: one.state in ('draft', 'open')).action_cancel()
            for model_name, ids in self.record_ids.items():
                if 'active' in env[model_name]._fields:
                    env[model_name].browse(ids).active = False

    def prepare_values(self, model_name):
        values = {'name': 'Double click'}
        if model_name.startswith('service.'):
            values |= {'team_id': self.team_id, 'email_from': 'unknown@example.com'}
        elif model_name == 'crm.contract':
            line = Command.create({'name': 'Support', 'price_unit': 10.0})
            values |= {
                'partner_id': self.partner_id,
                'date_start': '2026-01-01',
                'date_end': '2026-12-31',
                'line_ids': [line],
                # out of the way of the scheduled billing of tests beside this one
                'billing_error': 'Not for others',
            }
        elif model_name == 'crm.segment':
            values['domain'] = f"[('id', '=', {self.partner_id})]"
        return values

    def create(self, model_name, state):
        with self.transaction() as env:
            record = env[model_name].create(self.prepare_values(model_name))
            if STATES[model_name][state]:
                getattr(record, STATES[model_name][state])()
            self.record_ids[model_name].append(record.id)
            return record.id

    def get_actions(self, model_name):
        """Return the actions of ours that a click may call: none needs anything besides."""
        model = self.registry[model_name]
        return [
            name
            for name, method in inspect.getmembers(model, inspect.isfunction)
            if name.startswith('action_')
            and method.__module__.split('.')[2:3] in [[addon] for addon in ADDONS]
            and all(
                parameter.default is not parameter.empty
                for parameter in list(inspect.signature(method).parameters.values())[1:]
            )
        ]

    def click_twice(self, function):
        """Call a function of an environment in two transactions that begin together."""
        together = threading.Barrier(2)
        threads = [_Click(self.registry, function, together) for _number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
            self.assertFalse(thread.is_alive(), 'it waits for ever')
        return threads

    def assert_told_clearly(self, clicks):
        errors = [click.error for click in clicks if click.error]
        for error in errors:
            self.assertNotIsInstance(error, psycopg2.Error)
            self.assertIsInstance(error, UserError)
            self.assertNotIn(OF_THE_DATABASE, str(error))
            self.assertNotIn('Cannot grab a lock', str(error))

    @mute_logger('odoo.sql_db', 'odoo.service.model')
    def check_model(self, model_name):
        actions = self.get_actions(model_name)
        self.assertTrue(actions)
        states = list(STATES[model_name])
        for state in states if LONG else states[:1]:
            for action in actions:
                record_id = self.create(model_name, state)
                with self.subTest(model=model_name, state=state, action=action):
                    self.assert_told_clearly(
                        self.click_twice(partial(_call, model_name, [record_id], action))
                    )

    def test_double_click_on_a_ticket(self):
        self.check_model('service.ticket')

    def test_double_click_on_a_claim(self):
        self.check_model('service.claim')

    def test_double_click_on_a_call(self):
        self.check_model('crm.call')

    def test_double_click_on_a_contract(self):
        self.check_model('crm.contract')

    def test_double_click_on_a_segment(self):
        self.check_model('crm.segment')

    @mute_logger('odoo.sql_db', 'odoo.service.model')
    def test_double_click_on_a_merge_merges_once(self):
        ids = [self.create('service.ticket', 'new') for _number in range(2)]
        clicks = self.click_twice(partial(_call, 'service.ticket', ids, 'action_merge'))
        self.assert_told_clearly(clicks)
        self.assertEqual(len([click for click in clicks if click.error]), 1)

    @mute_logger('odoo.sql_db', 'odoo.service.model')
    def test_double_click_on_a_conversion_makes_one_document(self):
        ticket_id = self.create('service.ticket', 'new')
        for action in ('action_convert_to_claim', 'action_convert_to_lead'):
            clicks = self.click_twice(partial(_call, 'service.ticket', [ticket_id], action))
            self.assertEqual([click.error for click in clicks], [None, None])
            self.assertEqual(len({click.answer['res_id'] for click in clicks}), 1)


def _call(model_name, ids, action, env):
    return getattr(env[model_name].browse(ids), action)()


class _Transaction:
    """An environment of a transaction of its own, committed at the end."""

    def __init__(self, registry):
        self.cursor = registry.cursor()

    def __enter__(self):
        self.cursor.__enter__()
        return api.Environment(self.cursor, SUPERUSER_ID, {})

    def __exit__(self, *error):
        return self.cursor.__exit__(*error)


class _Click(threading.Thread):
    """A request of the administrator."""

    def __init__(self, registry, function, together):
        super().__init__(daemon=True)
        self.registry = registry
        self.function = function
        self.together = together
        self.answer = self.error = None
        self.has_begun = False  # what is tried again begins alone

    def run(self):
        with self.registry.cursor() as cursor:
            admin = api.Environment(cursor, SUPERUSER_ID, {}).ref('base.user_admin')
            env = api.Environment(cursor, admin.id, {'lang': 'en_US'})
            try:
                self.answer = retrying(partial(self._begin_together, env), env)
            except Exception as error:
                self.error = error
                cursor.rollback()

    def _begin_together(self, env):
        env.cr.execute('SELECT 1')  # what the transaction sees is decided
        if not self.has_begun:
            self.has_begun = True
            self.together.wait(PATIENCE)
        return self.function(env)
