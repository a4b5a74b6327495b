from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from ..billing_common import ItemCase

ROLES = {'contracts': 'salesman', 'accounting': 'accountant'}


@freeze_time('2026-06-15 09:00:00')
@tagged('post_install', '-at_install')
class TestContractHome(ItemCase):
    """The day of who answers for contracts, and of who invoices them."""

    def blocks(self, role, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        home = self.env['crm.home'].with_user(user or getattr(self, ROLES[role]))
        return {
            block['key']: home.action_tell_home_card(role, block['key'])
            if block['is_later']
            else block
            for block in home.action_tell_home(role)['blocks']
        }

    def names(self, block):
        return [row['name'] for row in block['rows']]

    def check_counts(self, blocks, user):
        """See that each number opens as many records as it says."""
        counted = [block for block in blocks.values() if block['count'] is not None]
        parts = [part for block in blocks.values() for part in block['parts']]
        self.assertGreater(len(counted), 4)
        self.assertGreater(len(parts), 1)
        opened = [
            self.env[one['action']['res_model']]
            .with_user(user)
            .search_count(Domain(one['action']['domain']))
            for one in counted + parts
        ]
        self.assertEqual([one['count'] for one in counted + parts], opened)

    def test_account_manager(self):
        due = self.create_contract(name='Due', date_end='2026-07-31', notice_days=30)
        self.create_contract(name='Of a colleague', manager_id=self.colleague.id)
        held = self.create_contract(name='Held')
        held.sudo().billing_error = 'No journal'
        self.create_contract(
            self.monthly(date_start='2026-07-01'), name='Later', date_end='2026-10-31'
        )
        late = (
            self.env['service.claim']
            .sudo()
            .create(
                {'name': 'Broken', 'partner_id': self.partner_a.id, 'date_deadline': '2026-06-01'}
            )
        )
        self.env['service.claim'].sudo().create({'name': 'Other', 'partner_id': self.partner_b.id})
        blocks = self.blocks('contracts')
        self.check_counts(blocks, self.salesman)
        self.assertEqual(self.names(blocks['to_bill']), [due.display_name])
        self.assertIn('600.00', blocks['to_bill']['value'])
        self.assertEqual(self.names(blocks['held']), [held.display_name])
        self.assertEqual(blocks['held']['tone'], 'danger')
        self.assertEqual(blocks['renewals']['count'], 1)
        self.assertEqual([part['count'] for part in blocks['renewals']['parts']], [1, 0, 0])
        self.assertIn('1,200.00', blocks['renewals']['parts'][0]['label'])
        self.assertIn('200.00', blocks['mrr']['value'])
        self.assertEqual(self.names(blocks['claims']), [late.display_name])
        self.assertEqual(self.names(blocks['quiet']), [self.partner_a.display_name])
        self.env['crm.call'].create(
            {
                'name': 'How is it going?',
                'partner_id': self.partner_a.id,
                'state': 'held',
                'user_id': self.salesman.id,
                'date': '2026-06-10 09:00:00',
            }
        )
        due.with_user(self.salesman)._bill()
        blocks = self.blocks('contracts')
        self.assertEqual((blocks['to_bill']['count'], blocks['to_bill']['value']), (0, None))
        self.assertEqual(blocks['quiet']['count'], 0)
        others = self.blocks('contracts', self.colleague)
        self.assertEqual(others['to_bill']['count'], 1)
        with self.assertRaises(AccessError):
            self.blocks('contracts', self.accountant)

    def test_margins_and_prepaid_units(self):
        contract = self.contract
        contract.write({'prepaid_quantity': 10.0, 'prepaid_uom_id': self.hour.id})
        self.book(self.ben, 7.0)
        self.assertEqual(self.blocks('contracts')['prepaid']['count'], 0)
        self.book(self.ben, 1.0)
        self.create_contract(name='Earns')._bill().action_post()
        blocks = self.blocks('contracts')
        self.check_counts(blocks, self.salesman)
        self.assertEqual(self.names(blocks['prepaid']), [contract.display_name])
        self.assertIn('2.00', blocks['prepaid']['rows'][0]['when'])
        self.assertEqual(len(blocks['margins']['rows']), 1)
        self.assertEqual(blocks['margins']['rows'][0]['when'], '100.0 %')

    def test_accountant(self):
        old = self.create_contract(name='Old')
        new = self.create_contract(self.monthly(date_start='2026-06-01'), name='New')
        billed = self.create_contract(name='Billed', partner_id=self.partner_b.id)
        move = billed._bill()
        blocks = self.blocks('accounting')
        self.check_counts(blocks, self.accountant)
        self.assertEqual(self.names(blocks['to_bill']), [old.display_name, new.display_name])
        self.assertIn('700.00', blocks['to_bill']['value'])
        self.assertEqual([part['count'] for part in blocks['to_bill']['parts']], [1, 1, 0])
        self.assertEqual((blocks['drafts']['count'], blocks['failed']['count']), (1, 0))
        self.assertIn('600.00', blocks['drafts']['value'])
        move.action_post()
        move._reverse_moves([{'date': '2026-06-15'}], cancel=True)
        blocks = self.blocks('accounting')
        self.assertEqual(blocks['drafts']['count'], 0)
        self.assertEqual(blocks['to_bill']['parts'][-1]['count'], 1, 'open again')
        with self.assertRaises(AccessError):
            self.blocks('accounting', self.salesman)
        with self.assertRaises(AccessError):
            self.env['crm.home'].with_user(self.salesman).action_tell_home_card(
                'accounting', 'to_bill'
            )
        with self.assertRaises(AccessError):
            self.env['crm.home'].with_user(self.salesman).action_tell_home_card(
                'contracts', 'drafts'
            )
        home = self.env['crm.home'].with_user(self.accountant)
        self.assertEqual(
            home.action_view_contract_deferrals()['res_model'], 'crm.contract.deferring'
        )

    def test_number_of_queries_does_not_grow(self):
        for role in ROLES:
            with self.subTest(role=role):
                self.create_contract(name='First')
                self.blocks(role)
                self.env.invalidate_all()
                few = self.count_queries(role)
                self.env['crm.contract'].create(
                    [self.prepare_contract(name=f'Contract {n}') for n in range(30)]
                )
                self.assertLessEqual(self.count_queries(role), few)
                self.assertLessEqual(few, 15)

    def count_queries(self, role):
        home = self.env['crm.home'].with_user(getattr(self, ROLES[role]))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        home.action_tell_home(role)
        return self.env.cr.sql_log_count - before
