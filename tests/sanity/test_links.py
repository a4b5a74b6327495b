"""A link is no way in: whoever may not see a document learns nothing by pointing at it."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import TransactionCase, new_test_user, tagged

from tests.suite import ADDONS, ROLES, models_of_ours

SECRET = 'Unheard-of'
# Rules choose what they measure; the metric is no parent of theirs.
NO_PARENTS = {('crm.segment.rule', 'metric_id')}


@tagged('post_install', '-at_install')
class TestLinks(TransactionCase):
    """Over RPC: with every link of every model of ours, into another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home, cls.abroad = cls.env['res.company'].create([{'name': 'Home'}, {'name': 'Abroad'}])
        groups = ','.join({'base.group_user', *ROLES.values()} - {'base.group_system'})
        cls.stranger = new_test_user(
            cls.env,
            login='stranger',
            groups=groups,
            company_id=cls.home.id,
            company_ids=[Command.set(cls.home.ids)],
        )
        cls.targets = cls._create_targets()

    @classmethod
    def _create_targets(cls):
        """Return {model: a record of another company}."""
        env = cls.env(context={'allowed_company_ids': cls.abroad.ids})
        customer = env['res.partner'].create(
            {'name': SECRET, 'phone': '+34 600 000 001', 'company_id': cls.abroad.id}
        )
        said = {'partner_id': customer.id, 'company_id': cls.abroad.id, 'name': SECRET}
        team = env['service.team'].create({'name': SECRET, 'company_id': cls.abroad.id})
        contract = env['crm.contract'].create(
            {
                **said,
                'date_start': Date.today(),
                'line_ids': [Command.create({'name': SECRET, 'price_unit': 4711.0})],
                'rate_ids': [Command.create({'price_unit': 4712.0})],
            }
        )
        segment = env['crm.segment'].create({'name': SECRET, 'company_id': cls.abroad.id})
        template = env['crm.contract.template'].create(
            {
                'name': SECRET,
                'company_id': cls.abroad.id,
                'line_ids': [Command.create({'name': SECRET, 'price_unit': 4713.0})],
            }
        )
        claim = env['service.claim'].create({**said, 'team_id': team.id})
        records = [
            contract,
            contract.line_ids,
            contract.rate_ids,
            template,
            template.line_ids,
            segment,
            team,
            claim,
            env['service.ticket'].create({**said, 'team_id': team.id}),
            env['crm.lead'].create({**said, 'type': 'opportunity', 'phone': '+34 600 000 002'}),
            env['crm.call'].create(said),
            env['service.sla.policy'].create(
                {'name': SECRET, 'team_id': team.id, 'case_model': 'service.ticket'}
            ),
        ]
        env.flush_all()
        return {record._name: record.with_env(cls.env) for record in records}

    def test_the_targets_are_hidden_from_the_stranger(self):
        self.assertTrue(self.targets)
        for record in self.targets.values():
            with self.subTest(model=record._name):
                self.assertFalse(record.with_user(self.stranger).has_access('read'))

    def test_the_links_are_found(self):
        found = {(model._name, field.name) for model, field in self._get_links()}
        for link in (
            ('crm.contract.line', 'contract_id'),
            ('crm.contract.renewal', 'contract_id'),
            ('crm.call', 'lead_id'),
            ('service.ticket', 'contract_id'),
            ('calendar.event', 'crm_call_id'),
            ('account.analytic.line', 'crm_ticket_id'),
        ):
            self.assertIn(link, found)

    def test_a_link_to_what_is_hidden_is_refused_whichever_way_it_is_made(self):
        checked = 0
        for model, field in self._get_links():
            for operation in ('create', 'write', 'onchange', 'onchange_default'):
                checked += 1
                with self.subTest(model=model._name, field=field.name, operation=operation):
                    getattr(self, f'_try_{operation}')(model, field, self._get_value(field))
        self.assertTrue(checked)

    def test_default_get_tells_no_more_than_it_was_told(self):
        checked = 0
        for model, field in self._get_links():
            value = self._get_value(field)
            defaults = model.with_context(**{f'default_{field.name}': value}).default_get(
                [name for name, other in model._fields.items() if other.store]
            )
            checked += 1
            with self.subTest(model=model._name, field=field.name):
                self.assertNotIn(SECRET, str(defaults))
                self.assertNotRegex(str(defaults), r'471\d|60000000|600 000')
        self.assertTrue(checked)

    def test_an_id_that_is_spelled_otherwise_is_refused_too(self):
        checked = 0
        for model, field in self._get_links():
            if field.type != 'reference' or not model.has_access('create'):
                continue
            target = self.targets['crm.contract']
            for spelling in (f' {target.id}', f'+{target.id}', f'{target.id} '):
                checked += 1
                with self.subTest(model=model._name, spelling=spelling):
                    self._try_create(model, field, f'{target._name},{spelling}')
        self.assertTrue(checked)

    def test_a_dialog_that_is_opened_on_what_is_hidden_tells_nothing(self):
        checked = 0
        for model in models_of_ours(self.env):
            if not model._transient or model._abstract:
                continue
            for target in self.targets.values():
                checked += 1
                with self.subTest(model=model._name, target=target._name):
                    self.assertNotIn(SECRET, self._open_on(model, target))
        self.assertTrue(checked)

    def _open_on(self, model, target):
        """Return what a dialog tells that is opened from the list of a model."""
        dialog = model.with_user(self.stranger).with_context(
            active_model=target._name, active_ids=target.ids, active_id=target.id
        )
        links = {
            name: {'fields': {'display_name': {}}}
            for name, field in model._fields.items()
            if field.type in ('many2one', 'many2many')
        }
        try:
            return str(dialog.onchange({}, [], self._get_specification(model) | links))
        except (AccessError, UserError) as error:
            return str(error)

    def test_a_copy_leaves_out_what_is_hidden(self):
        lead, contract = self.targets['crm.lead'], self.targets['crm.contract']
        tag = self.env['crm.contract.tag'].create({'name': 'Plain'})
        env = self.env(user=self.stranger)
        call = env['crm.call'].create({'name': 'Call'})
        claim = env['service.claim'].create({'name': 'Claim'})
        self.env.cr.execute('UPDATE crm_call SET lead_id = %s WHERE id = %s', [lead.id, call.id])
        self.env.cr.execute(
            'UPDATE service_claim SET ref = %s WHERE id = %s',
            [f'{contract._name},{contract.id}', claim.id],
        )
        self.env.invalidate_all()
        self.assertFalse(call.copy().lead_id)
        self.assertFalse(claim.copy().ref)
        with self.assertRaises(AccessError):
            call.copy({'lead_id': lead.id})
        own = env['crm.contract'].create(
            {
                'name': 'Own',
                'partner_id': self.stranger.partner_id.id,
                'date_start': Date.today(),
                'tag_ids': tag.ids,
            }
        )
        self.assertEqual(own.copy().tag_ids, tag)
        own.tag_ids = [(5,)]
        self.assertFalse(own.tag_ids)

    def test_a_line_stays_with_its_parent(self):
        env = self.env(user=self.stranger)
        customer = env['res.partner'].create({'name': 'Customer'})
        one, other = env['crm.contract'].create(
            [
                {
                    'name': name,
                    'partner_id': customer.id,
                    'date_start': Date.today(),
                    'line_ids': [Command.create({'name': 'Support', 'price_unit': 10.0})],
                }
                for name in ('One', 'Other')
            ]
        )
        with self.assertRaisesRegex(UserError, 'stays there'):
            one.line_ids.contract_id = other
        with self.assertRaisesRegex(UserError, 'stays there'):
            other.line_ids = [Command.link(one.line_ids.id)]
        one.line_ids.contract_id = one
        self.assertEqual(one.line_ids.price_unit, 10.0)

    def test_every_line_declares_its_parent(self):
        checked = set()
        for model in models_of_ours(self.env):
            parents = {
                field.name
                for field in model._fields.values()
                if field.type == 'many2one'
                and field.store
                and field.required
                and not field.readonly
                and field.ondelete == 'cascade'
                and self._is_line_of(model, field)
            }
            with self.subTest(model=model._name):
                declared = getattr(model, '_parent_link', None)
                self.assertLessEqual(parents, {declared})
            checked |= parents
        self.assertIn('contract_id', checked)

    def _is_line_of(self, model, field):
        if (model._name, field.name) in NO_PARENTS or model._abstract:
            return False
        parent = self.env[field.comodel_name]
        is_written = model.with_user(self.stranger).has_access('create')
        return is_written and parent._transient == model._transient and self._is_ours(parent)

    def _is_ours(self, model):
        return model._original_module in ADDONS

    # === ATTACKS === #

    def _try_create(self, model, field, value):
        if model.has_access('create'):
            self.assertRaises(AccessError, model.create, {field.name: value})

    def _try_write(self, model, field, value):
        if model.has_access('write'):
            self.assertRaises(AccessError, model.write, {field.name: value})

    def _try_onchange(self, model, field, value):
        if model.has_access('create'):
            self.assertRaises(
                AccessError,
                model.onchange,
                {field.name: value},
                [field.name],
                self._get_specification(model),
            )

    def _try_onchange_default(self, model, field, value):
        if model.has_access('create'):
            hinted = model.with_context(**{f'default_{field.name}': value})
            self.assertRaises(AccessError, hinted.onchange, {}, [], self._get_specification(model))

    def _get_specification(self, model):
        return {name: {} for name, field in model._fields.items() if not field.relational}

    # === WHAT THERE IS === #

    def _get_links(self):
        """Yield (model, field) of each link of ours to a kind of document that has an owner."""
        for model in map(self.env.__getitem__, self.env):
            if model._abstract or not model._auto:
                continue
            for field in model._fields.values():
                is_ours = self._is_ours(model) or set(field._modules or ()) & set(ADDONS)
                if is_ours and field.store and self._points_at_documents(model, field):
                    yield model.with_user(self.stranger), field

    def _points_at_documents(self, model, field):
        if field.readonly and not model._transient:
            return False  # of the program: see test_program_fields
        if field.type == 'reference':
            return True
        is_link = field.type in ('many2one', 'many2many')
        return is_link and field.comodel_name in self.targets

    def _get_value(self, field):
        if field.type == 'reference':
            target = self.targets['crm.contract']
            return f'{target._name},{target.id}'
        target = self.targets[field.comodel_name]
        return target.id if field.type == 'many2one' else [Command.set(target.ids)]
