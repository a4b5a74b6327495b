"""Who may do what, written as a table and asked as the user, over the ORM and over RPC."""

import json

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import AGENT, AGENT_ALL, MANAGER, SALESMAN, ServiceCommon

ROLES = {
    'salesperson': SALESMAN,
    'purchaser': 'base.group_user,base.group_partner_manager',
    'agent': AGENT,
    'agent of all': AGENT_ALL,
    'manager': MANAGER,
    'foreign manager': MANAGER,
    'portal': 'base.group_portal',
    'public': 'base.group_public',
}
# What each role may do (r read, w write, c create, u unlink) with a record of
# its own team, of another team, and of another company.
CASES = {
    'salesperson': ('r', 'r', ''),
    'purchaser': ('', '', ''),
    'agent': ('rwc', '', ''),
    'agent of all': ('rwc', 'rwc', ''),
    'manager': ('rwcu', 'rwcu', ''),
    'foreign manager': ('', '', 'rwcu'),
    'portal': ('', '', ''),
    'public': ('', '', ''),
}
PARTS = CASES | {
    'agent': ('rwcu', '', ''),
    'agent of all': ('rwcu', 'rwcu', ''),
}
CONFIGURATION = {
    'salesperson': 'r',
    'purchaser': '',
    'agent': 'r',
    'agent of all': 'r',
    'manager': 'rwcu',
    'portal': '',
    'public': '',
}
MATRIX = {
    'service.claim': CASES,
    'service.ticket': CASES,
    'service.claim.line': PARTS,
    'service.claim.action': PARTS,
}
CONFIGURATION_MODELS = (
    'service.team',
    'service.stage',
    'service.category',
    'service.claim.type',
    'service.claim.cause',
)
OPERATIONS = {'r': 'read', 'w': 'write', 'c': 'create', 'u': 'unlink'}


class RightsCase(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company, foreign_team = cls.create_foreign_company()
        cls.users = {}
        for role, groups in ROLES.items():
            values = {'company_id': company.id} if role == 'foreign manager' else {}
            if values:
                values['company_ids'] = [Command.set(company.ids)]
            login = f'rights_{role.replace(" ", "_")}'
            cls.users[role] = new_test_user(cls.env, login, groups, password=login, **values)
        cls.repairs.member_ids = [Command.link(cls.users['agent'].id)]
        partner = cls.env['res.partner'].create({'name': 'Shared customer'})
        cls.places = [
            {'team_id': cls.repairs.id, 'user_id': cls.leader.id, 'partner_id': partner.id},
            {'team_id': cls.desk.id, 'user_id': cls.colleague.id, 'partner_id': partner.id},
            {'team_id': foreign_team.id, 'user_id': False, 'partner_id': partner.id},
        ]
        cls.claims = [cls.create_case('service.claim', **place) for place in cls.places]

    def prepare(self, model_name, place):
        """Return the values of a record in one of the three places."""
        if model_name in ('service.claim', 'service.ticket'):
            return {'name': 'x', **self.places[place]}
        return {'name': 'x', 'claim_id': self.claims[place].id, 'user_id': False} | (
            {} if model_name == 'service.claim.action' else {'quantity': 1}
        )

    def make(self, model_name, place):
        values = self.prepare(model_name, place)
        if model_name == 'service.claim.line':
            del values['user_id']
        return self.env[model_name].create(values)


@tagged('post_install', '-at_install')
class TestRightsMatrix(RightsCase):
    @mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model')
    def test_cases_and_their_parts(self):
        for model_name, table in MATRIX.items():
            for place in range(len(self.places)):
                record = self.make(model_name, place)
                self.env.flush_all()
                for role, allowed in table.items():
                    user = self.users[role]
                    for letter, operation in OPERATIONS.items():
                        with self.subTest(
                            model=model_name, place=place, role=role, operation=operation
                        ):
                            self.assertEqual(
                                self.can(user, record, operation), letter in allowed[place]
                            )

    def test_configuration(self):
        for model_name in CONFIGURATION_MODELS:
            record = self.env[model_name].create({'name': 'x'})
            for role, allowed in CONFIGURATION.items():
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model_name, role=role, operation=operation):
                        self.assertEqual(
                            record.with_user(self.users[role]).has_access(operation),
                            letter in allowed,
                        )

    def can(self, user, record, operation):
        """Do it as the user, as far as the database, and undo it."""
        record = record.with_user(user)
        values = {
            name: record.sudo()[name].id
            for name in ('team_id', 'user_id', 'claim_id')
            if name in record._fields
        }
        attempts = {
            'read': lambda: record.read(['name']),
            'write': lambda: record.write({'name': 'y'}),
            'create': lambda: record.create({**values, 'name': 'z'}),
            'unlink': record.unlink,
        }
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint() as savepoint:
                attempts[operation]()
                self.env.flush_all()
                savepoint.rollback()
        except AccessError:
            return False
        finally:
            self.env.invalidate_all()
        return True


@tagged('post_install', '-at_install')
class TestRightsOverRpc(RightsCase, HttpCase):
    def call(self, model, method, *args, **kwargs):
        response = self.url_open(
            '/web/dataset/call_kw',
            data=json.dumps(
                {
                    'params': {
                        'model': model,
                        'method': method,
                        'args': args,
                        'kwargs': kwargs,
                    }
                }
            ),
            headers={'Content-Type': 'application/json'},
        )
        return response.json()

    @mute_logger('odoo.http', 'odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model')
    def test_actions_ask_for_the_same_rights(self):
        own, other, _foreign = self.claims
        attempts = (
            ('action_solve', []),
            ('action_reject', ['no']),
            ('action_assign_to_me', []),
            ('action_create_supplier_claim', []),
            ('action_escalate', []),
        )
        for role, case in (
            ('salesperson', own),
            ('purchaser', own),
            ('agent', other),
            ('foreign manager', own),
            ('portal', own),
        ):
            login = self.users[role].login
            self.authenticate(login, login)
            for method, args in attempts:
                with self.subTest(role=role, method=method):
                    answer = self.call('service.claim', method, case.ids, *args)
                    self.assertIn('AccessError', answer['error']['data']['name'])
            self.assertEqual(case.stage_kind, 'new')
        login = self.users['agent'].login
        self.authenticate(login, login)
        self.assertNotIn('error', self.call('service.claim', 'action_solve', own.ids))
        self.assertEqual(own.stage_kind, 'solved')

    @mute_logger('odoo.http')
    def test_inner_methods_cannot_be_called(self):
        self.authenticate('rights_manager', 'rights_manager')
        for method in ('_merge_references', '_split', '_transition_to', '_get_assignees'):
            answer = self.call('service.ticket', method, [])
            self.assertIn('error', answer)
