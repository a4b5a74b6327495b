"""No key of ours takes one from the web client, nor from another button on the same form."""

import re
from collections import defaultdict
from itertools import combinations, product

from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open
from odoo.tools.safe_eval import safe_eval

from tests.suite import models_of_ours, records_of_ours

# Where the web client gives keys to what stands around every form.
CLIENT_FILES = (
    'mail/static/src/chatter/web/chatter.xml',
    'mail/static/src/core/common/composer_actions.js',
    'mail/static/src/core/web/activity_menu.js',
    'web/static/src/core/pager/pager.xml',
    'web/static/src/search/action_menus/action_menus.xml',
    'web/static/src/search/breadcrumbs/breadcrumbs.xml',
    'web/static/src/search/cog_menu/cog_menu.xml',
    'web/static/src/views/form/form_controller.xml',
    'web/static/src/views/form/form_status_indicator/form_status_indicator.xml',
    'web/static/src/webclient/navbar/navbar.xml',
    'web/static/src/webclient/switch_company_menu/switch_company_menu.xml',
)
# The button that takes a row out of a dialog; on no form.
NOT_ON_A_FORM = {'x'}
# What fields on a form listen to.
WIDGET_FILES = {
    'many2one_avatar_user': 'mail/static/src/views/web/fields/assign_user_command_hook.js',
    'priority': 'web/static/src/views/fields/priority/priority_field.js',
    'statusbar': 'web/static/src/views/fields/statusbar/statusbar_field.js',
}
KEY_IN_XML = re.compile(r'(?:data-hotkey|accesskey)="([^"]+)"')
KEY_IN_JS = re.compile(r'hotkey: "(?:alt\+)?([^"]+)"')
QUOTED = re.compile(r"'([a-z+]+)'")


def read_keys(path):
    """Return the keys that a source of the web client gives away."""
    with file_open(path) as source:
        text = source.read()
    if path.endswith('.js'):
        return set(KEY_IN_JS.findall(text))
    return {
        key.lower()
        for value in KEY_IN_XML.findall(text)
        for key in QUOTED.findall(value) or [value]
        if re.fullmatch(r'(shift\+)?\w', key.lower())
    }


@tagged('post_install', '-at_install')
class TestHotkeys(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.taken = set().union(*map(read_keys, CLIENT_FILES)) - NOT_ON_A_FORM
        cls.taken |= {str(digit) for digit in range(10)}  # the menus of the app
        cls.taken_by_widget = {widget: read_keys(path) for widget, path in WIDGET_FILES.items()}

    def test_the_keys_of_the_web_client_are_known(self):
        known = {*'bchjmnpsu', 'shift+m', 'shift+a', 'shift+u'}
        self.assertLessEqual(known, self.taken)
        self.assertEqual(self.taken_by_widget['priority'], {'r'})

    def test_no_form_of_ours_takes_a_key_of_the_web_client(self):
        checked = 0
        for view, arch, ours in self._get_forms():
            if self.env[view.model]._transient:
                continue
            taken = self.taken.union(*map(self._get_keys_of_field, arch.iter('field')))
            for button in self._get_buttons(arch):
                if button.get('name') in ours and button.getparent().tag != 'footer':
                    checked += 1
                    with self.subTest(view=view.xml_id, button=button.get('name')):
                        self.assertNotIn(button.get('data-hotkey').lower(), taken)
        self.assertTrue(checked)

    def test_no_two_buttons_that_show_at_once_have_one_key(self):
        checked = 0
        for view, arch, ours in self._get_forms():
            by_key = defaultdict(list)
            for button in self._get_buttons(arch):
                by_key[button.get('data-hotkey').lower()].append(button)
            for key, buttons in by_key.items():
                for one, other in combinations(buttons, 2):
                    checked += 1
                    names = {one.get('name'), other.get('name')}
                    if names & ours and self._show_at_once(view, one, other):
                        with self.subTest(view=view.xml_id, buttons=names):
                            self.fail(f'both answer to Alt+{key.upper()}')
        self.assertTrue(checked)

    def test_no_list_or_kanban_of_ours_takes_a_key_of_the_web_client(self):
        checked = 0
        for view in records_of_ours(self.env, 'ir.ui.view'):
            arch = etree.fromstring(view.arch)
            for button in arch.iter('button') if view.type in ('list', 'kanban') else ():
                key = (button.get('data-hotkey') or '').lower()
                checked += 1
                with self.subTest(view=view.xml_id, button=button.get('name')):
                    self.assertNotIn(key, self.taken | {'shift+c', 'shift+q'})
        self.assertTrue(checked)

    # === HELPERS === #

    def _get_forms(self):
        """Yield (view, combined arch, names of our buttons) for every form we take part in."""
        ours = defaultdict(set)
        for view in records_of_ours(self.env, 'ir.ui.view').filtered(
            lambda view: view.type == 'form'
        ):
            names = {
                button.get('name')
                for button in etree.fromstring(view.arch).iter('button')
                if button.get('data-hotkey')
            }
            root = view
            while root.mode == 'extension':
                root = root.inherit_id
            ours[root] |= names
        models = {model._name for model in models_of_ours(self.env)}
        for view, names in ours.items():
            if names or view.model in models:
                yield view, etree.fromstring(view.get_combined_arch()), names

    def _get_keys_of_field(self, node):
        widget = node.get('widget')
        # who cannot move to the next stage has no key for it
        is_deaf = widget == 'statusbar' and 'clickable' not in (node.get('options') or '')
        return set() if is_deaf else self.taken_by_widget.get(widget, set())

    def _get_buttons(self, arch):
        """Return the buttons with a key that stand on the form itself, not in one of its lists."""
        return [
            button
            for button in arch.iter('button')
            if button.get('data-hotkey')
            and not any(node.tag == 'field' for node in button.iterancestors())
        ]

    def _show_at_once(self, view, one, other):
        """Tell whether some values of the fields hide neither of two buttons."""
        hidden = [self._get_hidden(button) for button in (one, other)]
        names = sorted(set(re.findall(r'[a-z_]\w*', ' '.join(map(str, hidden)))))
        fields = [name for name in names if name in self.env[view.model]._fields]
        for values in product(*(self._get_values(view.model, name) for name in fields)):
            context = {**dict(zip(fields, values, strict=True)), 'context': {}, 'uid': 1}
            if not any(safe_eval(expression, context) for expression in hidden):
                return True
        return False

    def _get_hidden(self, button):
        nodes = [button, *button.iterancestors()]
        expressions = [node.get('invisible') for node in nodes if node.get('invisible')]
        return ' or '.join(f'({expression})' for expression in expressions) or 'False'

    def _get_values(self, model_name, name):
        field = self.env[model_name]._fields[name]
        if field.type == 'selection':
            return field.get_values(self.env)
        return [False, 1]
