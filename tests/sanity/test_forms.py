"""Every form can be filled in and saved by everybody who may, with a row in each of its lists."""

from datetime import timedelta
from itertools import count

from lxml import etree

from odoo import fields
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from tests.suite import ROLES, models_of_ours

# What no guess by the type of a field would fit.
FITTING = {
    ('crm.capture.form', 'thank_you_url'): 'https://www.example.com/thanks',
    ('crm.segment.metric', 'model'): 'crm.call',
}
GUESSES = {
    'html': '<p>Something</p>',
    'integer': 1,
    'float': 1.0,
    'monetary': 1.0,
}
CLOSED = {'0', 'False', 'false'}
SAID = {'1', 'True', 'true'}
# A field that becomes required by another is filled in the next round.
ROUNDS = 3


@tagged('post_install', '-at_install')
class TestForms(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(
                cls.env,
                login=f'filling {role}',
                groups=f'base.group_user,base.group_partner_manager,{group}',
                email=f'{role.replace(" ", ".")}@forms.example.com',
            )
            for role, group in ROLES.items()
        }
        cls._make_contract_to_choose()
        cls.views = cls._get_primary_views('form')
        cls.numbers = count()

    @classmethod
    def _get_primary_views(cls, kind):
        """Return the views of our lasting models; dialogs begin with what they are opened for."""
        models = [model for model in models_of_ours(cls.env) if not model._abstract]
        return cls.env['ir.ui.view'].search(
            [
                ('model', 'in', [model._name for model in models if not model._transient]),
                ('type', '=', kind),
                ('mode', '=', 'primary'),
            ]
        )

    def test_every_form_takes_a_row_in_each_of_its_lists(self):
        filled = set()
        for view in self.views:
            for role, user in self.users.items():
                model = self.env[view.model].with_user(user)
                if not model.has_access('create') or self._is_closed(model, view):
                    continue
                for is_ticked in (False, True):
                    with (
                        self.subTest(view=view.xml_id, role=role, is_ticked=is_ticked),
                        self.cr.savepoint(),
                    ):
                        filled |= self._fill(Form(model, view), is_ticked)
        self.assertIn(('crm.contract', 'rate_ids'), filled)
        self.assertIn(('crm.contract.template', 'rate_ids'), filled)

    def test_no_form_saves_what_nobody_typed(self):
        """Leaving the page, the web client saves a new record as soon as it is valid."""
        checked = 0
        for view in self.views:
            arch = etree.fromstring(self.env[view.model].get_view(view.id)['arch'])
            if arch.get('create') not in CLOSED:
                checked += 1
                with self.subTest(view=view.xml_id):
                    self.assertEqual(arch.get('js_class'), 'crm_typed_form')
        self.assertTrue(checked)

    def test_no_new_row_of_a_list_is_complete_before_anybody_typed(self):
        """The same for lists that are edited in place: something required is still empty."""
        checked = 0
        for view in self._get_primary_views('list'):
            arch = etree.fromstring(self.env[view.model].get_view(view.id, 'list')['arch'])
            if arch.get('editable') and arch.get('create') not in CLOSED:
                model = self.env[view.model]
                shown = {node.get('name') for node in arch.iter('field')}
                required = [name for name in shown if model._fields[name].required]
                defaults = model.default_get(required)
                checked += 1
                with self.subTest(view=view.xml_id):
                    self.assertTrue([name for name in required if not defaults.get(name)])
        self.assertTrue(checked)

    # === HELPERS === #

    @classmethod
    def _make_contract_to_choose(cls):
        """Make a running contract of nobody, which everybody may choose, with usage to report."""
        product = cls.env['product.product'].create({'name': 'Gigabytes', 'type': 'service'})
        line = {'product_id': product.id, 'price_unit': 1.0, 'is_metered': True}
        cls.env['crm.contract'].create(
            {
                'name': 'Storage',
                'partner_id': cls.env['res.partner'].create({'name': 'Customer'}).id,
                'manager_id': False,
                'date_start': fields.Date.today(),
                'state': 'open',
                'line_ids': [fields.Command.create(line)],
            }
        )

    def _is_closed(self, model, view):
        """Tell whether nothing new begins on the form: it is closed, or that of a row."""
        arch = etree.fromstring(model.get_view(view.id)['arch'])
        open_fields = {
            node.get('name') for node in arch.iter('field') if node.get('readonly') not in SAID
        }
        owners = {
            name
            for name, field in model._fields.items()
            if field.type == 'many2one' and field.required and not (field.compute or field.default)
        }
        return arch.get('create') in CLOSED or not owners <= open_fields

    def _fill(self, form, is_ticked):
        """Fill the form with a row in each list, save it, and return which lists got one.

        :param is_ticked: tick every box first, for what shows only then
        """
        self._fill_required(form)
        if is_ticked:
            self._tick(form)
            self._fill_required(form)
        filled = set()
        for name, info in form._view['fields'].items():
            if info['type'] == 'one2many' and self._takes_rows(form, name, info):
                with form[name].new() as row:
                    self._fill_required(row)
                filled.add((form._record._name, name))
        form.save()
        return filled

    def _tick(self, form):
        for name, info in form._view['fields'].items():
            if info['type'] == 'boolean' and self._is_open(form, name):
                form[name] = True

    def _is_open(self, form, name):
        hindrances = ('readonly', 'invisible', 'column_invisible')
        return not any(form._get_modifier(name, hindrance) for hindrance in hindrances)

    def _takes_rows(self, form, name, info):
        arch = info['edition_view']['tree']
        return (
            self._is_open(form, name)
            and arch.get('create') not in CLOSED
            and self._get_list(form, name).get('create') not in CLOSED
            and form._env[info['relation']].has_access('create')
        )

    def _get_list(self, form, name):
        node = next(node for node in form._view['tree'].iter('field') if node.get('name') == name)
        return next((child for child in node if child.tag in ('list', 'kanban')), node)

    def _fill_required(self, form):
        for _round in range(ROUNDS):
            for name, info in form._view['fields'].items():
                if name != 'id' and self._is_missing(form, name, info):
                    value = self._guess(form, name, info)
                    if info['type'] == 'many2many':
                        form[name].add(value)
                    else:
                        form[name] = value

    def _is_missing(self, form, name, info):
        return (
            info['type'] not in ('boolean', 'one2many')
            and not form._values[name]
            and form._get_modifier(name, 'required')
            and self._is_open(form, name)
        )

    def _guess(self, form, name, info):
        known = FITTING.get((form._record._name, name))
        if known is not None:
            return known
        match info['type']:
            case 'many2one' | 'many2many':
                return self._find(form, name, info)
            case 'selection':
                return info['selection'][0][0]
            case 'date':
                return fields.Date.today()
            case 'datetime':
                return fields.Datetime.now() + timedelta(days=1)
            case 'char' | 'text':
                # names may have to differ
                return f'Something {next(self.numbers)}'
        return GUESSES[info['type']]

    def _find(self, form, name, info):
        """Return a record that the field offers to the user."""
        domain = info.get('domain') or []
        if isinstance(domain, str):
            domain = safe_eval(domain, {**form._get_eval_context(), 'uid': form._env.uid})
        records = form._env[info['relation']].search(domain, limit=1)
        self.assertTrue(records, f'nothing to choose for {form._record._name}.{name}')
        return records
