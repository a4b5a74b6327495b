import re

from lxml import html

from odoo import Command
from odoo.tests import freeze_time, tagged

from ..common import ContractCase

PICTURE = (
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E'
    'rkJggg=='
)


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractDocument(ContractCase):
    """What the customer reads in the printed contract."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('es_ES')
        cls.env.company.write({'vat': 'ESA00000000', 'street': 'Calle Mayor 1'})
        cls.customer.write({'vat': 'ESB12345674', 'street': 'Camino de la Viña 7'})

    def _prepare(self, **values):
        return {
            'fixed_amount': 0.0,
            'partner_id': self.contact.id,
            'line_ids': [
                Command.create({'name': 'Support', 'price_unit': 100.0}),
                Command.create({'name': 'Backup', 'price_unit': 20.0}),
                Command.create(
                    {
                        'name': 'Audit',
                        'price_unit': 300.0,
                        'interval_unit': 'year',
                    }
                ),
                Command.create(
                    {
                        'name': 'Launch',
                        'kind': 'milestone',
                        'price_unit': 1000.0,
                        'date_due': '2026-09-01',
                    }
                ),
            ],
            **values,
        }

    def get_text(self, contract):
        """Return the text of the document, with single spaces."""
        report = self.env['ir.actions.report']
        content, _kind = report._render_qweb_html('crm_contracts.report_crm_contract', contract.ids)
        (page,) = html.fromstring(content.decode()).xpath("//div[@class='page']")
        return re.sub(r'\s+', ' ', page.text_content())

    def test_document_tells_all_that_was_agreed(self):
        day, hour = self.env.ref('uom.product_uom_day'), self.env.ref('uom.product_uom_hour')
        contract = self.create_contract(
            **self._prepare(
                bill_time=True,
                time_ratio=80.0,
                bill_costs=True,
                cost_markup=10.0,
                cost_markup_expense=0.0,
                prepaid_quantity=10.0,
                prepaid_uom_id=hour.id,
                prepaid_rollover=True,
                customer_ref='PO 77',
                time_rounding=15,
                hours_per_day=7.5,
                payment_term_id=self.env.ref('account.account_payment_term_30days').id,
                retention_rate=5.0,
                renewal_type='tacit',
                rate_ids=[Command.create({'product_uom_id': day.id, 'price_unit': 650.0})],
            )
        )
        text = self.get_text(contract)
        for words in (
            'Calle Mayor 1',
            'A00000000',
            'Bodegas Arlanza',
            'Camino de la Viña 7',
            'B12345674',
            'Represented by Lucía Arlanza',
            'PO 77',
            'Total per month $ 120.00',
            'Total per year $ 300.00',
            # twelve months, one year, one milestone
            'Total of the term $ 2,740.00',
            '80.00 % of their price is charged',
            'Purchases: at cost plus 10.00 %',
            'Expenses: at cost ',
            'Other costs: at cost plus 10.00 %',
            '10.00 Hours',
            'added to the next one',
            '650.00 a day',
            'Hours of a day: 07:30',
            'in steps of 15 minutes',
            'Payment: 30 Days',
            '5.00 % of each invoice',
            'another year unless notice is given by 12/01/2026.',
            'Place and date',
        ):
            self.assertIn(words, text)

    def test_offer_and_contract_are_called_by_their_names(self):
        contract = self.create_contract(**self._prepare(date_offer_end='2026-04-30'))
        contract.action_mark_offered()
        text = self.get_text(contract)
        self.assertIn(f'Offer {contract.code}', text)
        self.assertIn('Valid until 04/30/2026', text)
        contract.action_confirm()
        text = self.get_text(contract)
        self.assertIn(f'Contract {contract.code}', text)
        self.assertNotIn('Valid until', text)

    def test_what_is_not_agreed_is_not_said(self):
        text = self.get_text(self.create_contract(line_ids=[], date_end=False))
        for words in (
            'Total',
            'passed on',
            'of their price',
            'Prepaid',
            'Hours of a day',
            'Represented',
        ):
            self.assertNotIn(words, text)

    def test_costs_of_all_kinds_alike_are_said_once(self):
        text = self.get_text(self.create_contract(bill_costs=True))
        self.assertIn('Purchases, expenses and other costs: at cost', text)

    def test_agreed_amount_stands_in_for_milestones_in_the_total(self):
        text = self.get_text(self.create_contract(**self._prepare(fixed_amount=5000.0)))
        self.assertIn('Total of the term $ 6,740.00', text)

    def test_total_is_that_of_the_current_term(self):
        contract = self.create_running(**self._prepare())
        contract._renew('2027-06-30')
        # six months and a year that has begun; the milestone was of the first term
        self.assertIn('Total of the term $ 1,020.00', self.get_text(contract))

    def test_closed_contract_tells_its_real_end_and_no_milestone_that_was_called_off(self):
        contract = self.create_running(**self._prepare())
        self.assertIn('Launch', self.get_text(contract))
        contract.action_close()
        text = self.get_text(contract)
        self.assertIn('Ended 03/31/2026', text)
        self.assertNotIn('12/31/2026', text)
        self.assertNotIn('Launch', text)

    def test_signed_document_shows_who_signed_when_and_where(self):
        self.contact.tz = 'Europe/Madrid'
        contract = self.create_contract(**self._prepare())
        contract.action_mark_offered()
        with freeze_time('2026-03-31 10:00:00'):
            contract._sign('Lucía A.', PICTURE, '192.0.2.7')
        text = self.get_text(contract)
        for words in ('Lucía A.', '192.0.2.7', '03/31/2026 12:00:00'):
            self.assertIn(words, text)
        self.assertEqual(text.count('Name and signature'), 1)

    def test_document_speaks_the_language_of_the_customer(self):
        self.contact.lang = 'es_ES'
        text = self.get_text(self.create_contract(**self._prepare()))
        for words in ('01/01/2026', '31/12/2026', '120,00'):
            self.assertIn(words, text)
