from datetime import date

from odoo.tests import freeze_time, tagged

from ...core.plan import Entry
from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-01-31')
class TestContractHooks(BillingCase):
    """What another addon may change of billing, by a dictionary or by a source of entries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.create_contract()

    def travel(self, **values):
        return {
            'contract_id': self.contract.id,
            'kind': 'cost',
            'date_due': date(2026, 1, 31),
            'currency_id': self.contract.currency_id.id,
            'name': 'Travel',
            'quantity': 1.0,
            'price_unit': 40.0,
            'amount': 40.0,
            **values,
        }

    def extend(self, model, name, added):
        """Let a method of a model return more, as an override in another addon does."""
        owner = type(self.env[model])
        original = getattr(owner, name)
        self.patch(owner, name, lambda *args: [*original(*args), added])

    def billed(self):
        lines = self.contract._bill().invoice_line_ids
        return [(line.name.split('\n')[0], line.price_subtotal) for line in lines]

    def test_plan_takes_a_dictionary_more(self):
        self.extend('crm.contract', '_get_billing_plan', self.travel(distance=120))
        fee, travel = self.contract._preview_billing()
        self.assertEqual(fee['amount'], 100.0)
        self.assertEqual((travel['distance'], travel['held'], travel['line_id']), (120, '', False))
        self.assertEqual(self.billed(), [('Support', 100.0), ('Travel', 40.0)])
        self.assertEqual(sum(self.live(self.contract).mapped('amount')), 140.0)

    def test_plan_takes_an_entry_that_is_held_back(self):
        held = self.travel(held='Not approved yet.', waits=True)
        self.extend('crm.contract', '_get_billing_plan', held)
        self.assertEqual(self.contract._preview_billing()[1]['held'], 'Not approved yet.')
        self.assertEqual(self.billed(), [('Support', 100.0)])

    def test_what_is_billed_is_what_the_preview_shows(self):
        self.extend('crm.contract', '_preview_billing', self.travel())
        self.assertEqual(self.billed(), [('Support', 100.0), ('Travel', 40.0)])

    def test_source_more_is_billed(self):
        entry = Entry(**self.travel())
        self.extend('crm.contract.biller', '_get_sources', lambda contracts, until: [entry])
        self.assertEqual(self.billed(), [('Support', 100.0), ('Travel', 40.0)])

    def test_hooks_of_an_entry_get_a_dictionary(self):
        owner = type(self.env['crm.contract'])
        key, line = owner._get_invoice_key, owner._prepare_invoice_line
        self.extend('crm.contract', '_get_billing_plan', self.travel(distance=120))
        self.patch(
            owner,
            '_get_invoice_key',
            lambda contracts, entry: (key(contracts, entry), entry.get('distance')),
        )
        self.patch(
            owner,
            '_prepare_invoice_line',
            lambda contract, entry, *args: {
                **line(contract, entry, *args),
                'discount': 50.0 if entry.get('distance') else 0.0,
            },
        )
        moves = self.contract._bill()
        self.assertEqual(sorted(moves.mapped('amount_untaxed')), [20.0, 100.0])
