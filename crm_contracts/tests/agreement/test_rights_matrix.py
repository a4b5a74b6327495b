"""Who may do what with contracts and all that belongs to them, written as a table."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, JsonRpcException, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import ContractCase

ROLES = {
    'salesperson': 'sales_team.group_sale_salesman',
    'salesperson of all': 'sales_team.group_sale_salesman_all_leads',
    'sales manager': 'sales_team.group_sale_manager',
    'foreign manager': 'sales_team.group_sale_manager',
    'accountant': 'account.group_account_invoice',
    'agent': 'crm_claims.crm_claims_group_agent',
    'after-sales manager': 'crm_claims.crm_claims_group_manager',
    'employee': 'base.group_user',
    'customer': 'base.group_portal',
    'rival': 'base.group_portal',
    'public': 'base.group_public',
}
NOBODY = dict.fromkeys(ROLES, ('', '', ''))
# What each role may do (r read, w write, c create, u unlink) with what belongs to a contract of
# its own, of a colleague, and of another company.
CONTRACTS = NOBODY | {
    'salesperson': ('rwc', '', ''),
    'salesperson of all': ('rwc', 'rwc', ''),
    'sales manager': ('rwcu', 'rwcu', ''),
    'foreign manager': ('', '', 'rwcu'),
    'accountant': ('r', 'r', ''),
    'agent': ('r', 'r', ''),
    'after-sales manager': ('r', 'r', ''),
    'customer': ('r', 'r', ''),
}
AGREED = NOBODY | {
    'salesperson': ('rwcu', '', ''),
    'salesperson of all': ('rwcu', 'rwcu', ''),
    'sales manager': ('rwcu', 'rwcu', ''),
    'foreign manager': ('', '', 'rwcu'),
    'accountant': ('r', 'r', ''),
}
WRITTEN_BY_THE_SYSTEM = NOBODY | {
    'salesperson': ('r', '', ''),
    'salesperson of all': ('r', 'r', ''),
    'sales manager': ('r', 'r', ''),
    'foreign manager': ('', '', 'r'),
    'accountant': ('r', 'r', ''),
}
# What the program makes, and who may change the contract may go on with.
PROLONGED = WRITTEN_BY_THE_SYSTEM | {
    'salesperson': ('rw', '', ''),
    'salesperson of all': ('rw', 'rw', ''),
    'sales manager': ('rw', 'rw', ''),
    'foreign manager': ('', '', 'rw'),
}
MATRIX = {
    'crm.contract': CONTRACTS,
    'crm.contract.line': AGREED,
    'crm.contract.rate': AGREED,
    'crm.contract.amendment': AGREED,
    'crm.contract.amendment.line': AGREED,
    'crm.contract.advance': AGREED,
    'crm.contract.price.tier': AGREED,
    'crm.contract.usage': AGREED,
    'crm.contract.billing': WRITTEN_BY_THE_SYSTEM,
    'crm.contract.line.price': WRITTEN_BY_THE_SYSTEM,
    'crm.contract.pack': PROLONGED,
    'crm.contract.pack.use': WRITTEN_BY_THE_SYSTEM,
    'crm.contract.mrr.movement': WRITTEN_BY_THE_SYSTEM,
    'crm.contract.price.revision': WRITTEN_BY_THE_SYSTEM,
    'crm.contract.price.revision.line': WRITTEN_BY_THE_SYSTEM,
    'crm.contract.renewal.report': WRITTEN_BY_THE_SYSTEM,
    'crm.contract.report': WRITTEN_BY_THE_SYSTEM,
    'crm.contract.suspension': WRITTEN_BY_THE_SYSTEM,
    'crm.contract.term': WRITTEN_BY_THE_SYSTEM,
}
# What does not belong to one contract: tested where it is described.
SHARED = {
    'crm.contract.billing.run',
    'crm.contract.index',
    'crm.contract.index.value',
    'crm.contract.tag',
    'crm.contract.template',
    'crm.contract.template.line',
    'crm.contract.template.rate',
    'crm.contract.template.tier',
}
OPERATIONS = {'r': 'read', 'w': 'write', 'c': 'create', 'u': 'unlink'}


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestRightsMatrix(ContractCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        abroad = cls.env['res.company'].create({'name': 'Contract Company B'})
        cls.users = {
            role: new_test_user(
                cls.env,
                f'matrix_{number}',
                group,
                **(
                    {'company_id': abroad.id, 'company_ids': [Command.set(abroad.ids)]}
                    if role == 'foreign manager'
                    else {}
                ),
                **({'partner_id': cls.contact.id} if role == 'customer' else {}),
            )
            for number, (role, group) in enumerate(ROLES.items())
        }
        values = {'line_ids': [Command.create({'name': 'Support', 'price_unit': 10.0})]}
        own = cls.create_running(manager_id=cls.users['salesperson'].id, **values)
        colleagues = cls.create_running(manager_id=cls.colleague.id, **values)
        foreign = cls.create_running(
            manager_id=cls.users['foreign manager'].id, company_id=abroad.id, **values
        )
        cls.contracts = own, colleagues, foreign
        cls.records = {
            model_name: [cls.get_part(model_name, contract) for contract in cls.contracts]
            for model_name in MATRIX
        }

    @classmethod
    def get_part(cls, model_name, contract):
        """Return a record of a model that belongs to a contract."""
        if model_name == 'crm.contract':
            return contract
        maker = {
            'crm.contract.rate': cls.prepare_rate,
            'crm.contract.amendment': cls.prepare_amendment,
            'crm.contract.amendment.line': cls.prepare_amendment_line,
            'crm.contract.billing': cls.prepare_billing,
            'crm.contract.line.price': cls.prepare_price,
            'crm.contract.advance': cls.prepare_advance,
            'crm.contract.pack': cls.prepare_pack,
            'crm.contract.price.tier': cls.prepare_tier,
            'crm.contract.usage': cls.prepare_usage,
            'crm.contract.pack.use': cls.prepare_pack_use,
            'crm.contract.suspension': cls.prepare_suspension,
            'crm.contract.price.revision': cls.prepare_revision,
        }.get(model_name)
        if maker:
            return cls.env[model_name].sudo().create(maker(contract))
        if model_name == 'crm.contract.report':
            account = contract.analytic_account_id
            cls.env['account.analytic.line'].sudo().create(
                {
                    'name': 'x',
                    'amount': -5.0,
                    'company_id': contract.company_id.id,
                    account.root_plan_id._column_name(): account.id,
                }
            )
            cls.env.flush_all()
        if model_name == 'crm.contract.renewal.report':
            days = {'date_start': '2020-01-01', 'date_end': '2020-12-31'}
            contract.term_ids.sudo().create({'contract_id': contract.id, **days})
            cls.env.flush_all()
        return cls.env[model_name].sudo().search([('contract_id', '=', contract.id)], limit=1)

    @classmethod
    def prepare_rate(cls, contract):
        product = cls.env['product.product'].create({'name': 'Support', 'type': 'service'})
        return {
            'contract_id': contract.id,
            'product_id': product.id,
            'product_uom_id': cls.env.ref('uom.product_uom_hour').id,
            'price_unit': 60.0,
        }

    @classmethod
    def prepare_amendment(cls, contract):
        return {'contract_id': contract.id, 'date': '2026-07-01'}

    @classmethod
    def prepare_amendment_line(cls, contract):
        amendment = cls.env['crm.contract.amendment'].create(cls.prepare_amendment(contract))
        return {'amendment_id': amendment.id, 'action': 'add', 'name': 'More', 'price_unit': 1.0}

    @classmethod
    def prepare_billing(cls, contract):
        return {
            'contract_id': contract.id,
            'kind': 'cost',
            'amount': 5.0,
            'currency_id': contract.currency_id.id,
        }

    @classmethod
    def prepare_price(cls, contract):
        return {'line_id': contract.line_ids[:1].id, 'date_to': '2026-01-31', 'price_unit': 9.0}

    @classmethod
    def prepare_revision(cls, contract):
        price = {'kind': 'line', 'name': 'Support', 'price_old': 9.0, 'price_new': 10.0}
        return {
            'contract_id': contract.id,
            'date': '2026-07-01',
            'revision_type': 'percentage',
            'price_ids': [Command.create(price)],
        }

    @classmethod
    def prepare_advance(cls, contract):
        return {'contract_id': contract.id, 'amount': 100.0}

    @classmethod
    def prepare_tier(cls, contract):
        return {'line_id': contract.line_ids[:1].id, 'quantity_from': 5, 'price_unit': 1.0}

    @classmethod
    def prepare_usage(cls, contract):
        line = cls.env['crm.contract.line'].create(
            {'contract_id': contract.id, 'name': 'Calls', 'is_metered': True}
        )
        return {'line_id': line.id, 'quantity': 5}

    @classmethod
    def prepare_pack(cls, contract):
        hour = cls.env.ref('uom.product_uom_hour')
        line = cls.env['crm.contract.line'].create(
            {'contract_id': contract.id, 'kind': 'milestone', 'name': 'Pack', 'quantity': 5}
        )
        return {
            'contract_id': contract.id,
            'line_id': line.id,
            'quantity': 5,
            'product_uom_id': hour.id,
        }

    @classmethod
    def prepare_pack_use(cls, contract):
        pack = cls.env['crm.contract.pack'].create(cls.prepare_pack(contract))
        row = cls.env['crm.contract.billing'].create(cls.prepare_billing(contract))
        return {'pack_id': pack.id, 'billing_id': row.id, 'quantity': 1}

    @classmethod
    def prepare_suspension(cls, contract):
        return {
            'contract_id': contract.id,
            'date_from': '2026-08-01',
            'date_to': '2026-08-31',
        }

    def test_table_holds_for_everybody(self):
        for model_name, table in MATRIX.items():
            for role, rights in table.items():
                for record, allowed in zip(self.records[model_name], rights, strict=True):
                    with self.subTest(model=model_name, role=role, record=record):
                        self.assertTrue(record)
                        record = record.with_user(self.users[role]).sudo(False)
                        granted = {
                            key for key, name in OPERATIONS.items() if record.has_access(name)
                        }
                        self.assertEqual(granted, set(allowed))

    def test_search_and_groups_find_what_may_be_read_and_nothing_else(self):
        for model_name, table in MATRIX.items():
            records = self.records[model_name]
            domain = [('id', 'in', [record.id for record in records])]
            for role, rights in table.items():
                readable = [
                    record.id
                    for record, allowed in zip(records, rights, strict=True)
                    if 'r' in allowed
                ]
                model = self.env[model_name].with_user(self.users[role])
                with self.subTest(model=model_name, role=role):
                    if not model.has_access('read'):
                        with self.assertRaises(AccessError):
                            model.search(domain)
                        with self.assertRaises(AccessError):
                            model.formatted_read_group(domain, [], ['__count'])
                        continue
                    self.assertEqual(set(model.search(domain).ids), set(readable))
                    self.assertEqual(
                        model.formatted_read_group(domain, [], ['__count'])[0]['__count'],
                        len(readable),
                    )

    def test_no_model_of_a_contract_is_left_out(self):
        ours = {
            name
            for name in self.env
            if name.startswith('crm.contract')
            and not self.env[name]._abstract
            and not self.env[name]._transient
        }
        self.assertEqual(ours, MATRIX.keys() | SHARED)

    @mute_logger('odoo.http')
    def test_prices_of_colleagues_are_not_guessed_over_rpc(self):
        own, colleagues, _foreign = self.contracts
        user = self.users['salesperson']
        self.authenticate(user.login, user.login)

        def call(model, method, *args):
            return self.make_jsonrpc_request(
                '/web/dataset/call_kw',
                {'model': model, 'method': method, 'args': args, 'kwargs': {}},
            )

        self.assertEqual(
            call('crm.contract', 'search', [('line_ids.price_unit', '=', 10.0)]), own.ids
        )
        for model, record, names in (
            ('crm.contract', colleagues, ['mrr', 'margin', 'amount_expected']),
            ('crm.contract.line', colleagues.line_ids, ['price_unit']),
        ):
            with self.assertRaises(JsonRpcException):
                call(model, 'read', record.ids, names)
            with self.assertRaises(JsonRpcException):
                call(model, 'export_data', record.ids, names)
