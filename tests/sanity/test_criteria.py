"""Nobody finds out by asking, in a domain or path that is kept, what he may not read."""

import re

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from tests.suite import ROLES, models_of_ours, records_of_ours

ASKING_NAME = re.compile(r'(^|_)(domain|path|criteria)$')
ASKING_WIDGETS = {'domain', 'field_selector'}
# Odoo's own index of a tree.
MADE_BY_ODOO = 'parent_path'

# Questions that the program writes down for itself, and nobody else.
OF_THE_PROGRAM = {('crm.health.line', 'domain')}

# What sales and after-sales people may not read, from each model that is asked.
SECRETS = {
    'crm.lead': (
        'user_id.employee_ids.hourly_cost',
        'user_id.employee_ids.version_id.wage',
        'user_id.employee_ids.wage',
        'partner_id.signup_type',
    ),
    'res.partner': (
        'user_ids.employee_ids.hourly_cost',
        'employee_ids.private_email',
        'signup_type',
        'parent_id.signup_type',
    ),
}


def ask(path):
    """Return the same question as a path, as a sub-domain, negated and beside an open one."""
    link, _dot, rest = path.rpartition('.')
    yield [(path, '!=', False)]
    yield ['|', ('id', '=', 0), '!', (path, '=', False)]
    if link:
        yield [(link, 'any', [(rest, '!=', False)])]
        yield [(link, 'not any', [(rest, '=', False)])]


@tagged('post_install', '-at_install')
class TestCriteria(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, login=f'asking {role}', groups=f'base.group_user,{group}')
            for role, group in ROLES.items()
        }
        stage = cls.env['crm.stage'].create({'name': 'Asked'})
        template = cls.env['crm.segment.template'].create({'name': 'Asked'})
        metric = {'name': 'Asked', 'model': 'crm.lead', 'partner_path': 'partner_id'}
        # field: (model that is asked, what else the record needs)
        cls.asking = {
            ('crm.stage.requirement', 'domain'): (
                'crm.lead',
                {'stage_id': stage.id, 'message': 'Asked'},
            ),
            ('crm.segment', 'domain'): ('res.partner', {'name': 'Asked'}),
            ('crm.segment.template.line', 'domain'): (
                'res.partner',
                {'template_id': template.id, 'name': 'Asked'},
            ),
            ('crm.segment.metric', 'domain'): ('crm.lead', metric),
            ('crm.segment.metric', 'part_domain'): ('crm.lead', metric),
        }
        # where the path itself is kept: paths that lead to a contact through what is hidden
        cls.leading = {
            ('crm.segment.metric', 'partner_path'): (
                metric,
                ('user_id.employee_id.work_contact_id', 'user_id.employee_ids.work_contact_id'),
            ),
        }

    def test_every_field_that_keeps_a_question_is_known_here(self):
        known = {*self.asking, *self.leading, *OF_THE_PROGRAM}
        self.assertEqual(set(self._find_asking_fields()), known)

    def test_nobody_writes_the_questions_of_the_program(self):
        for user in self.users.values():
            for model_name, _field in OF_THE_PROGRAM:
                model = self.env[model_name].with_user(user)
                self.assertFalse(model.has_access('create') or model.has_access('write'))
        self.assertTrue(self.users and OF_THE_PROGRAM)

    def test_nobody_asks_for_what_he_may_not_read(self):
        checked = 0
        for (model_name, field_name), (asked, values) in self.asking.items():
            for role, user in self.users.items():
                model = self.env[model_name].with_user(user)
                if not model.has_access('create'):
                    continue
                open_question = str([('create_date', '!=', False)])
                record = model.create({**values, field_name: open_question})
                for path in self._get_secrets(asked, user):
                    for question in map(str, ask(path)):
                        checked += 1
                        with self.subTest(field=field_name, role=role, question=question):
                            self._assert_refused(model.create, {**values, field_name: question})
                            self._assert_refused(record.write, {field_name: question})
        self.assertTrue(checked)

    def test_nobody_leads_through_what_he_may_not_read(self):
        checked = 0
        for (model_name, field_name), (values, paths) in self.leading.items():
            for role, user in self.users.items():
                model = self.env[model_name].with_user(user)
                if not model.has_access('create'):
                    continue
                record = model.create(values)
                for path in paths:
                    checked += 1
                    with self.subTest(field=field_name, role=role, path=path):
                        self._assert_refused(model.create, {**values, field_name: path})
                        self._assert_refused(record.write, {field_name: path})
        self.assertTrue(checked)

    # === HELPERS === #

    def _find_asking_fields(self):
        shown = {
            (view.model, node.get('name'))
            for view in records_of_ours(self.env, 'ir.ui.view')
            for node in etree.fromstring(view.arch).iter('field')
            if node.get('widget') in ASKING_WIDGETS
        }
        for model in models_of_ours(self.env):
            for name, field in model._fields.items():
                is_asking = ASKING_NAME.search(name) or (model._name, name) in shown
                is_kept = field.store and not model._abstract and name != MADE_BY_ODOO
                if is_kept and is_asking and field.type in ('char', 'text', 'json'):
                    yield model._name, name

    def _get_secrets(self, asked, user):
        """Return the paths that the user may not follow; his own rights say so."""
        secrets = [path for path in SECRETS[asked] if not self._may_follow(asked, path, user)]
        self.assertTrue(secrets or user.has_group('base.group_system'))
        return secrets

    def _may_follow(self, model_name, path, user):
        model = self.env[model_name].with_user(user)
        for name in path.split('.'):
            field = model._fields[name]
            if not (model.has_access('read') and model._has_field_access(field, 'read')):
                return False
            model = self.env.get(field.comodel_name, model).with_user(user)
        return True

    def _assert_refused(self, operation, values):
        # for want of rights, or because the criteria cannot be used
        with self.assertRaises(UserError), self.cr.savepoint():
            operation(values)
