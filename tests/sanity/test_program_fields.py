"""What the program computes is the program's: nobody writes it over RPC."""

from odoo.exceptions import AccessError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import TransactionCase, new_test_user, tagged

from tests.suite import ADDONS, ROLES, models_of_ours

# What is computed, readonly or a token, and still written by whoever may write the record, with
# the reason. An entry that is not needed any more fails.
OPEN = {
    ('crm.contract', 'state'): 'moves by its transitions, whoever writes it',
    ('crm.segment', 'author_id'): 'whoever writes it becomes the author',
    ('crm.segment.export', 'author_id'): 'whoever writes it becomes the author',
    ('crm.stage.requirement', 'author_id'): 'whoever writes it becomes the author',
}
# Besides what is declared readonly: computed by the program without being so.
NAMED = {
    ('account.analytic.line', 'crm_contract_kind'),
    ('service.claim', 'date_closed'),
    ('service.claim', 'date_first_response'),
    ('service.claim', 'date_open'),
    ('service.ticket', 'date_closed'),
    ('service.ticket', 'date_first_response'),
    ('service.ticket', 'date_open'),
}


@tagged('post_install', '-at_install')
class TestProgramFields(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = [
            new_test_user(cls.env, login=f'writer {role}', groups=f'base.group_user,{group}')
            for role, group in ROLES.items()
        ]

    def test_the_fields_of_the_program_are_found(self):
        found = {(model._name, name) for model, name in self._get_kept()}
        self.assertIn(('crm.contract', 'next_billing_date'), found)
        self.assertIn(('crm.contract', 'access_token'), found)
        self.assertIn(('service.ticket', 'number'), found)

    def test_no_role_writes_what_the_program_computes(self):
        refused = 0
        for user in self.users:
            for model, name in self._get_kept():
                model = model.with_user(user)
                with self.subTest(model=model._name, field=name, role=user.login):
                    if model.has_access('write'):
                        self.assertRaises(AccessError, model.write, {name: False})
                        refused += 1
                    if model.has_access('create'):
                        self._assert_not_given(model, name)
        self.assertTrue(refused)

    def _assert_not_given(self, model, name):
        if name in getattr(model, '_get_initial_fields', frozenset)():
            return
        self.assertRaises(AccessError, model.create, {name: True})

    def test_what_is_open_is_open_for_a_reason(self):
        kept = {(model._name, name) for model, name in self._get_kept()}
        for key in OPEN:
            with self.subTest(key=key):
                self.assertNotIn(key, kept)
                self.assertTrue(self._is_computed(self.env[key[0]]._fields[key[1]]))

    def test_what_is_named_exists(self):
        for model_name, name in NAMED:
            with self.subTest(model=model_name, field=name):
                field = self.env[model_name]._fields[name]
                self.assertTrue(field.store)
                self.assertTrue(set(field._modules) & set(ADDONS))

    # === WHAT THERE IS === #

    def _get_kept(self):
        """Yield (model, field) of what no client may write."""
        for model in models_of_ours(self.env):
            if model._abstract or model._transient or not model._auto:
                continue
            for name, field in model._fields.items():
                if (model._name, name) not in OPEN and self._is_computed(field):
                    yield model, name
        for model_name, name in sorted(NAMED):
            yield self.env[model_name], name

    def _is_computed(self, field):
        is_kept = field.readonly or field.name == 'access_token'
        return field.store and is_kept and field.name not in MAGIC_COLUMNS
