"""The invoices of contracts of Spanish companies, as their accountant has to hand them in."""

from unittest import SkipTest

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools.xml_utils import cleanup_xml_node

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

MODULES = ('l10n_es_edi_facturae', 'l10n_es_edi_verifactu')
CENTERS = (('01', 'L01281343'), ('02', 'L01281344'), ('03', 'L01281345'))


class SpanishCase(AccountTestInvoicingCommon):
    """A Spanish company with contracts that are invoiced and posted automatically."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        installed = set(cls.env['ir.module.module']._installed())
        if not installed.issuperset(MODULES):
            raise SkipTest('needs MORE=1 make test')
        for group in (
            'sales_team.group_sale_manager',
            'hr.group_hr_user',
            'hr_timesheet.group_timesheet_manager',
            'project.group_project_manager',
        ):
            cls.env.user.group_ids |= cls.env.ref(group)
        cls.company = cls.company_data['company']
        cls.company.write(
            {
                'crm_contract_plan_id': cls.env['res.company']._get_or_create_contract_plan().id,
                'street': 'Calle Mayor, 1',
                'city': 'Madrid',
                'zip': '28013',
                'state_id': cls.env.ref('base.state_es_m').id,
                'vat': 'ES59962470K',
            }
        )
        cls.charts = cls.env['account.chart.template'].with_company(cls.company)
        cls.service = cls.env['product.product'].create({'name': 'Asistencia', 'type': 'service'})

    @classmethod
    def create_customer(cls, name, country='es', **values):
        return cls.env['res.partner'].create(
            {
                'name': name,
                'is_company': True,
                'street': 'Plaza de la Constitución, 1',
                'city': 'San Sebastián de los Reyes',
                'zip': '28701',
                'country_id': cls.env.ref(f'base.{country}').id,
                'email': 'books@example.com',
                **values,
            }
        )

    @classmethod
    def create_contract(cls, customer, **values):
        """A fee by product, another without, hours, costs without product and with."""
        return cls.env['crm.contract'].create(
            {
                'name': 'Asistencia',
                'partner_id': customer.id,
                'company_id': cls.company.id,
                'state': 'open',
                'date_start': '2026-01-01',
                'invoice_auto_post': True,
                'bill_time': True,
                'bill_costs': True,
                'customer_ref': 'EXP-2026-17',
                'line_ids': [
                    Command.create({'name': 'Cuota', 'price_unit': 100.0, 'timing': 'arrears'}),
                    Command.create(
                        {'product_id': cls.service.id, 'price_unit': 50.0, 'timing': 'arrears'}
                    ),
                ],
                'rate_ids': [Command.create({'price_unit': 40.0})],
                **values,
            }
        )

    @classmethod
    def spend(cls, contract, amount, **values):
        move = cls.env['account.move'].create(
            {
                'move_type': 'in_invoice',
                'partner_id': cls.partner_b.id,
                'invoice_date': '2026-01-20',
                'ref': f'PROV/{contract.id}/{amount}',
                'invoice_line_ids': [
                    Command.create(
                        {
                            'name': 'Licencia',
                            'price_unit': amount,
                            'tax_ids': False,
                            'analytic_distribution': {str(contract.analytic_account_id.id): 100},
                            **values,
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def book(cls, contract, hours):
        column = contract.analytic_account_id.root_plan_id._column_name()
        project = cls.env['project.project'].create(
            {'name': 'Asistencia', column: contract.analytic_account_id.id}
        )
        employee = cls.env['hr.employee'].create({'name': 'Ada'})
        return cls.env['account.analytic.line'].create(
            {
                'name': 'Trabajo',
                'project_id': project.id,
                'employee_id': employee.id,
                'unit_amount': hours,
                'date': '2026-01-15',
            }
        )

    def tax(self, name):
        return self.charts.ref(f'account_tax_template_{name}')

    def bill(self, contract):
        """Bill fees, hours and costs, and return the posted invoice."""
        self.book(contract, 2)
        self.spend(contract, 30.0)
        self.spend(contract, 20.0, product_id=self.service.id)
        move = contract._bill()
        self.assertEqual(move.state, 'posted')
        self.assertEqual(move.amount_untaxed, 280.0)
        return move

    def credit(self, move, quantity=None):
        refund = move._reverse_moves([{'invoice_date': '2026-02-01'}])
        if quantity:
            lines = refund.invoice_line_ids
            refund.invoice_line_ids = [
                Command.update(line.id, {'quantity': quantity}) for line in lines
            ]
        refund.action_post()
        return refund

    def assert_taxes(self, move, taxes, total):
        for line in move.invoice_line_ids:
            self.assertEqual(line.tax_ids, taxes, line.name)
        self.assertAlmostEqual(move.amount_total, total, 2)

    def walk(self, customer, taxes, total):
        """Bill, credit in full and bill again: always with the same taxes."""
        move = self.bill(self.create_contract(customer))
        self.assert_taxes(move, taxes, total)
        self.assert_taxes(self.credit(move), taxes, total)
        again = move.crm_contract_ids._bill()
        self.assertEqual(again.state, 'posted')
        self.assert_taxes(again, taxes, total)
        return move


@tagged('post_install', '-at_install')
@freeze_time('2026-02-01')
class TestSpanishInvoices(SpanishCase):
    @classmethod
    @AccountTestInvoicingCommon.setup_country('es')
    def setUpClass(cls):
        super().setUpClass()

    def use_position(self, customer, name):
        customer.property_account_position_id = self.charts.ref(name)

    # === TAXES === #

    def test_mainland_customer_pays_vat(self):
        customer = self.create_customer('Talleres', vat='ESA39200019')
        vat = self.service.taxes_id._filter_taxes_by_company(self.company)
        self.assertEqual(vat.amount, 21.0)
        self.walk(customer, vat, 338.8)

    def test_professional_withholds_income_tax(self):
        customer = self.create_customer('Estudio', vat='ESA39200019')
        self.use_position(customer, 'fp_irpf15')
        self.service.taxes_id = self.tax('s_iva21s')
        self.company.account_sale_tax_id = self.tax('s_iva21s')
        self.walk(customer, self.tax('s_iva21s') | self.tax('s_irpf15'), 296.8)

    def test_shop_pays_the_equivalence_surcharge(self):
        customer = self.create_customer('Mercería', vat='ESA39200019')
        self.use_position(customer, 'fp_recargo')
        self.service.taxes_id = self.tax('s_iva21s')
        self.company.account_sale_tax_id = self.tax('s_iva21s')
        move = self.walk(customer, self.tax('s_iva21s') | self.tax('s_req52'), 353.36)
        self.assertTrue(move.fiscal_position_id)

    def test_customer_in_the_union_gets_no_vat(self):
        customer = self.create_customer('Brouwerij', country='be', vat='BE0477472701')
        self.service.taxes_id = self.tax('s_iva21s')
        self.company.account_sale_tax_id = self.tax('s_iva21s')
        self.walk(customer, self.tax('s_iva0_sp_i'), 280.0)

    def test_customer_abroad_gets_an_export(self):
        customer = self.create_customer('Indigo', country='us')
        self.service.taxes_id = self.tax('s_iva21s')
        self.company.account_sale_tax_id = self.tax('s_iva21s')
        self.walk(customer, self.tax('s_iva_e'), 280.0)

    def test_product_without_taxes_waits_for_an_exempt_one(self):
        self.assertTrue(self.company.crm_contract_tax_required)
        self.service.taxes_id = False
        contract = self.create_contract(self.create_customer('Talleres', vat='ESA39200019'))
        held = [entry['held'] for entry in contract._preview_billing()]
        self.assertEqual(len([reason for reason in held if 'no tax' in reason]), 1)

    # === ELECTRONIC RECORDS === #

    def create_office(self):
        office = self.create_customer(
            'Ayuntamiento', vat='P2813400E', invoice_edi_format='es_facturae'
        )
        for role, code in CENTERS:
            self.create_customer(
                f'Oficina {role}',
                type='facturae_ac',
                parent_id=office.id,
                is_company=False,
                l10n_es_edi_facturae_ac_center_code=code,
                l10n_es_edi_facturae_ac_role_type_ids=[
                    Command.link(self.env.ref(f'l10n_es_edi_facturae.ac_role_type_{role}').id)
                ],
            )
        return office

    def render_facturae(self, move):
        """Return the electronic invoice before it is signed: that takes a certificate."""
        values, _signature = move._l10n_es_edi_facturae_export_facturae()
        template = 'l10n_es_edi_facturae.account_invoice_facturae_export'
        return cleanup_xml_node(self.env['ir.qweb']._render(template, values))

    def get_texts(self, tree, name):
        return [node.text for node in tree.iter() if etree.QName(node).localname == name]

    def test_public_office_gets_period_reference_and_centres(self):
        move = self.bill(self.create_contract(self.create_office()))
        tree = self.render_facturae(move)
        self.assertEqual(self.get_texts(tree, 'StartDate')[:1], ['2026-01-01'])
        self.assertEqual(self.get_texts(tree, 'EndDate')[:1], ['2026-01-31'])
        self.assertEqual(self.get_texts(tree, 'OperationDate'), ['2026-01-31'])
        centres = self.get_texts(tree, 'CentreCode')
        self.assertGreaterEqual(set(centres), {code for _role, code in CENTERS})
        self.assertIn('EXP-2026-17', etree.tostring(tree, encoding='unicode'))
        self.assertEqual(self.get_texts(tree, 'InvoiceTotal'), ['338.80'])

    def test_credit_note_to_a_public_office_keeps_period_and_reference(self):
        refund = self.credit(self.bill(self.create_contract(self.create_office())))
        tree = self.render_facturae(refund)
        self.assertEqual(self.get_texts(tree, 'OperationDate'), ['2026-01-31'])
        self.assertIn('EXP-2026-17', etree.tostring(tree, encoding='unicode'))

    def create_seller(self):
        return new_test_user(
            self.env,
            login='vendedora',
            groups='sales_team.group_sale_salesman',
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_salesperson_who_may_not_read_the_records_opens_what_was_billed(self):
        seller = self.create_seller()
        customer = self.create_customer('Talleres', vat='ESA39200019')
        contract = self.create_contract(customer, manager_id=seller.id)
        dialog = self.env['crm.contract.invoicing'].with_user(seller)
        action = dialog.create({'contract_ids': [Command.set(contract.ids)]}).action_bill()
        move = self.env['account.move'].with_user(seller).browse(action['res_id'])
        with self.assertRaises(AccessError):
            Form(move, view='account.view_move_form')
        self.assertEqual(Form(move, view=action['views'][0][0]).amount_untaxed, 150.0)
        self.assertIn('/my/invoices/', move.preview_invoice()['url'])

    def test_invoices_of_orders_are_kept_from_the_same_salesperson(self):
        seller = self.create_seller()
        order = self.env['sale.order'].create(
            {
                'partner_id': self.create_customer('Talleres', vat='ESA39200019').id,
                'user_id': seller.id,
                'company_id': self.company.id,
                'order_line': [Command.create({'product_id': self.service.id})],
            }
        )
        order.action_confirm()
        order.order_line.qty_delivered = 1
        move = order._create_invoices().with_user(seller)
        with self.assertRaises(AccessError):
            Form(move, view='account.view_move_form')
        self.assertEqual(Form(move, view=move.get_formview_id()).state, 'draft')

    def test_record_of_verifactu_has_the_total_and_the_day_of_the_operation(self):
        self.company.l10n_es_edi_verifactu_required = True
        move = self.bill(self.create_contract(self.create_customer('Talleres', vat='ESA39200019')))
        records = self.env['l10n_es_edi_verifactu.document']
        values = move._l10n_es_edi_verifactu_get_record_values()
        self.assertFalse(values.get('errors'), values.get('errors'))
        rendered = records._render_vals(values)['RegistroAlta']
        self.assertEqual(rendered['FechaOperacion'], '31-01-2026')
        self.assertEqual(float(rendered['ImporteTotal']), 338.8)


@tagged('post_install', '-at_install')
@freeze_time('2026-02-01')
class TestCanaryInvoices(SpanishCase):
    @classmethod
    @AccountTestInvoicingCommon.setup_chart_template('es_canary_pymes')
    def setUpClass(cls):
        super().setUpClass()

    def test_customer_on_the_islands_pays_igic(self):
        customer = self.create_customer(
            'Bazar', state_id=self.env.ref('base.state_es_gc').id, zip='35001', vat='ESA39200019'
        )
        igic = self.tax('igic_r_7')
        self.service.taxes_id = igic
        self.company.account_sale_tax_id = igic
        self.walk(customer, igic, 299.6)
