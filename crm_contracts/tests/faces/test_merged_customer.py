from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
class TestMergedCustomer(BillingCase):
    """Invoices and contracts of two customers that turn out to be one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = cls.env['res.partner'].create(
            [{'name': name, 'is_company': True} for name in ('Bodegas Arlanza', 'ARLANZA, S.L.')]
        )
        cls.invoice = cls.env['account.move'].create(
            {
                'move_type': 'out_invoice',
                'partner_id': cls.second.id,
                'invoice_line_ids': [
                    Command.create({'name': 'Wine', 'price_unit': 10.0, 'tax_ids': False})
                ],
            }
        )
        cls.invoice.action_post()

    def _merge(self, survivor):
        contacts = self.first | self.second
        with mute_logger('odoo.models.unlink'):
            self.env['base.partner.merge.automatic.wizard']._merge(contacts.ids, survivor)

    def test_posted_invoices_move_and_return(self):
        lines = self.invoice.line_ids
        self._merge(self.first)
        self.assertEqual(self.invoice.commercial_partner_id, self.first)
        self.assertEqual(lines.partner_id, self.first)
        self.first.action_undo_merge()
        self.assertEqual(self.invoice.partner_id, self.second)
        self.assertEqual(self.invoice.commercial_partner_id, self.second)
        self.assertEqual(lines.partner_id, self.second)
        self.assertEqual(self.invoice.state, 'posted')

    def test_who_is_in_sealed_entries_has_to_be_the_one_that_stays(self):
        self.env.cr.execute(
            "UPDATE account_move SET inalterable_hash = '1' WHERE id = %s", self.invoice.ids
        )
        self.invoice.invalidate_recordset()
        with self.assertRaisesRegex(UserError, 'sealed'):
            self._merge(self.first)
        self.assertTrue(self.second.exists())
        self._merge(self.second)
        self.assertEqual(self.invoice.partner_id, self.second)
