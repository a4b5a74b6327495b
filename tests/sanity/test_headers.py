"""The header of a form stays calm: few buttons, all on one row; the rest stands under the gear."""

import re
from collections import Counter
from itertools import product

from lxml import etree

from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from tests.suite import ROLES, models_of_ours, records_of_ours

MOST_BUTTONS = 4
# What a form has in its header at most, where that is less.
FEWER = {'crm.call': 3}
# Odoo's own buttons fill these headers: one of ours at most stands among them.
FULL = {'sale.order', 'account.move'}
GEAR = 'o_crm_gear'


@tagged('post_install', '-at_install')
class TestHeaders(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, login=f'header {role}', groups=f'base.group_user,{group}')
            for role, group in ROLES.items()
        }
        # who is everything sees the most
        cls.users['all in one'] = new_test_user(
            cls.env,
            login='header all in one',
            groups=f'base.group_user,project.group_project_manager,{",".join(ROLES.values())}',
        )
        cls.views = cls._get_forms_with_header()

    @classmethod
    def _get_forms_with_header(cls):
        """Return the forms that are ours, and those of others that have buttons of ours."""
        models = {model._name for model in models_of_ours(cls.env) if not model._transient}
        roots = cls.env['ir.ui.view'].search(
            [('model', 'in', models), ('type', '=', 'form'), ('mode', '=', 'primary')]
        )
        for view in records_of_ours(cls.env, 'ir.ui.view').filtered(
            lambda view: view.type == 'form' and 'header' in view.arch
        ):
            while view.mode == 'extension':
                view = view.inherit_id
            roots |= view
        return roots.filtered(
            lambda view: (
                not cls.env[view.model]._abstract
                and not cls.env[view.model]._transient
                and etree.fromstring(view.get_combined_arch()).find('.//header') is not None
            )
        )

    def test_no_form_ever_shows_more_buttons_than_its_header_has_room_for(self):
        shown = Counter()
        for view in self.views:
            most = 1 if view.model in FULL else FEWER.get(view.model, MOST_BUTTONS)
            for role, user in self.users.items():
                model = self.env[view.model].with_user(user)
                if not model.has_access('read'):
                    continue
                buttons = self._get_header_buttons(model, view)
                crowd = max(self._show(model, buttons), key=len)
                shown[view.model] = max(shown[view.model], len(crowd))
                with self.subTest(view=view.xml_id, role=role):
                    self.assertLessEqual(len(crowd), most, crowd)
        for model in ('crm.contract', 'crm.lead', 'res.partner', 'service.claim', 'crm.call'):
            self.assertTrue(shown[model], f'the header of {model} was not looked at')

    def test_what_is_for_good_is_red_and_asked_for(self):
        checked = 0
        for view in self.views:
            for button in etree.fromstring(view.get_combined_arch()).iter('button'):
                classes = (button.get('class') or '').split()
                if GEAR in classes and 'text-danger' in classes:
                    checked += 1
                    with self.subTest(view=view.xml_id, button=button.get('string')):
                        # an action opens a dialog, which asks
                        self.assertTrue(button.get('confirm') or button.get('type') == 'action')
        self.assertTrue(checked)

    def test_nothing_under_the_gear_has_a_key(self):
        """What the gear holds is not on the page: a key of its own would do nothing."""
        checked = 0
        for view in self.views:
            for button in etree.fromstring(view.get_combined_arch()).iter('button'):
                if GEAR in (button.get('class') or '').split():
                    checked += 1
                    with self.subTest(view=view.xml_id, button=button.get('string')):
                        self.assertFalse(button.get('data-hotkey'))
                        self.assertTrue(button.get('string'))
        self.assertTrue(checked)

    # === HELPERS === #

    def _get_header_buttons(self, model, view):
        arch = etree.fromstring(model.get_view(view.id, 'form')['arch'])
        return [
            button
            for button in arch.findall('./header/button')
            if GEAR not in (button.get('class') or '').split()
            and (view.model not in FULL or 'crm_' in button.get('name'))
        ]

    def _show(self, model, buttons):
        """Yield the buttons that show together, for all values of what hides them."""
        hidden = {button: button.get('invisible') or 'False' for button in buttons}
        words = set(re.findall(r'[a-z_]\w*', ' '.join(hidden.values())))
        names = sorted(name for name in words if name in model._fields)
        for values in product(*(self._get_values(model._fields[name]) for name in names)):
            known = {**dict(zip(names, values, strict=True)), 'uid': 1, 'context': {}}
            yield [
                button.get('string') or button.get('name')
                for button in buttons
                if not safe_eval(hidden[button], known)
            ]

    def _get_values(self, field):
        if field.type == 'selection':
            return field.get_values(self.env)
        return [False, 1]
