"""Whoever sees a menu can open what is behind it, with every view and default filter."""

import re

from lxml import etree

from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from tests.suite import ROLES, models_of_ours, records_of_ours


@tagged('post_install', '-at_install')
class TestScreens(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, login=f'sanity {role}', groups=f'base.group_user,{group}')
            for role, group in ROLES.items()
        }

    def test_every_menu_opens_for_everybody_who_sees_it(self):
        menus = records_of_ours(self.env, 'ir.ui.menu').filtered('action')
        self.assertTrue(menus)
        opened = self.env['ir.ui.menu']
        for role, user in self.users.items():
            visible = self.env['ir.ui.menu'].with_user(user)._visible_menu_ids()
            for menu in menus.filtered(lambda menu, ids=visible: menu.id in ids):
                with self.subTest(menu=menu.complete_name, role=role):
                    self._open(menu.action, user)
                opened |= menu
        self.assertFalse(menus - opened, 'a menu that nobody sees')

    def test_every_window_action_opens_for_the_administrator(self):
        checked = 0
        user = self.users['administrator']
        user.group_ids += self.env['res.groups'].union(
            *(self.env.ref(group) for group in ROLES.values())
        )
        for action in records_of_ours(self.env, 'ir.actions.act_window'):
            checked += 1
            with self.subTest(action=action.xml_id or action.name):
                self._open(action, user)
        self.assertTrue(checked)

    def test_every_window_action_says_what_to_do_when_it_is_empty(self):
        checked = 0
        for action in records_of_ours(self.env, 'ir.actions.act_window'):
            if action.target != 'new' and action.view_mode != 'form':
                checked += 1
                with self.subTest(action=action.name):
                    self.assertTrue(action.help, 'no help for an empty list')
        self.assertTrue(checked)

    def test_every_button_calls_a_public_method(self):
        checked = 0
        for view in records_of_ours(self.env, 'ir.ui.view').filtered('model'):
            arch = etree.fromstring(view.arch)
            for button in arch.iter('button'):
                if button.get('type') == 'object':
                    name = button.get('name')
                    checked += 1
                    with self.subTest(view=view.xml_id, button=name):
                        self.assertFalse(name.startswith('_'))
                        model = self._get_button_model(self.env[view.model], button)
                        self.assertTrue(callable(getattr(model, name, None)))
        self.assertTrue(checked)

    def test_every_list_form_and_kanban_of_ours_opens_with_records(self):
        checked = 0
        for model in models_of_ours(self.env):
            if model._abstract or model._transient:
                continue
            views = self.env['ir.ui.view'].search(
                [('model', '=', model._name), ('mode', '=', 'primary')]
            )
            for view in views.filtered(lambda view: view.type in ('list', 'form', 'kanban')):
                checked += 1
                with self.subTest(view=view.xml_id):
                    self._read_through(model.sudo(), view.type, view.id, [])
        self.assertTrue(checked)

    # === HELPERS === #

    def _get_button_model(self, model, button):
        """A button in the list of a field is one of the records in that list."""
        lists = [
            name
            for node in reversed(list(button.iterancestors('field', 'xpath')))
            if node.get('position') is None or node.tag == 'xpath'
            for name in ([node.get('name')] if node.tag == 'field' else _get_named_fields(node))
        ]
        for name in lists:
            model = self.env[model._fields[name].comodel_name]
        return model

    def _open(self, action, user):
        action = action.with_user(user).sudo()
        if action._name != 'ir.actions.act_window':
            return
        model = self.env[action.res_model].with_user(user)
        context = self._evaluate(action.context, user) or {}
        domain = self._evaluate(action.domain, user) or []
        views = [(view_id, mode) for view_id, mode in action.views if mode != 'search']
        described = model.with_context(**context).get_views(
            [*views, (action.search_view_id.id, 'search')], {'toolbar': True}
        )
        self._assert_default_filters_exist(context, described['views']['search']['arch'])
        for view_id, mode in views:
            if mode in ('list', 'kanban', 'form') and action.target != 'new':
                self._read_through(model.with_context(**context), mode, view_id, domain)

    def _evaluate(self, expression, user):
        names = {
            'uid': user.id,
            'active_id': False,
            'active_ids': [],
            'active_model': False,
            'allowed_company_ids': user.company_ids.ids,
        }
        return safe_eval(expression, names) if expression else None

    def _assert_default_filters_exist(self, context, arch):
        known = {
            node.get('name')
            for node in etree.fromstring(arch).iter('filter', 'field', 'searchpanel')
        }
        wanted = {
            key.removeprefix('search_default_')
            for key, value in context.items()
            if key.startswith('search_default_') and value
        }
        self.assertFalse(wanted - known, 'a default filter that the search view does not have')

    def _read_through(self, model, mode, view_id, domain):
        """Read ten records with every field of the view, as the web client does."""
        arch = etree.fromstring(model.get_view(view_id, mode)['arch'])
        names = {
            node.get('name')
            for node in arch.iter('field')
            if not any(parent.tag == 'field' for parent in node.iterancestors())
        }
        specification = {
            name: {'fields': {'display_name': {}}} if model._fields[name].relational else {}
            for name in names & model._fields.keys()
        }
        model.web_search_read(domain, specification, limit=10)
        group = arch.get('default_group_by')
        if group:
            model.web_read_group(domain, [group.split(',')[0]], limit=10)


@tagged('post_install', '-at_install')
class TestCrons(TransactionCase):
    def test_every_cron_may_run_twice(self):
        crons = records_of_ours(self.env, 'ir.cron')
        self.assertTrue(crons)
        for cron in crons:
            with self.subTest(cron=cron.name), self.enter_registry_test_mode():
                cron.method_direct_trigger()
                cron.method_direct_trigger()

    def test_no_cron_is_off_or_belongs_to_a_person(self):
        crons = records_of_ours(self.env, 'ir.cron')
        self.assertTrue(crons)
        for cron in crons:
            with self.subTest(cron=cron.name):
                self.assertTrue(cron.active)
                self.assertEqual(cron.user_id, self.env.ref('base.user_root'))


def _get_named_fields(xpath):
    """Return the fields in whose views an extension puts something."""
    return re.findall(r"field\[@name='(\w+)'\]/", xpath.get('expr'))
