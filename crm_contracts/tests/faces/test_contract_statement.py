from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractStatement(BillingCase):
    """The contract and its consumption as documents for the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('es_ES')
        cls.partner_a.lang = 'es_ES'
        for group in (
            'hr.group_hr_user',
            'hr_timesheet.group_timesheet_manager',
            'project.group_project_manager',
        ):
            cls.env.user.group_ids |= cls.env.ref(group)
        cls.contract = cls.create_contract(
            cls.monthly(name='Soporte'), bill_time=True, terms='<p>Texto</p>'
        )
        cls.contract.rate_ids = [
            Command.create(
                {
                    'product_id': cls.support.id,
                    'price_unit': 60.0,
                    'product_uom_id': cls.env.ref('uom.product_uom_hour').id,
                }
            )
        ]
        project = cls.env['project.project'].create(cls.contract._prepare_project())
        ada, ben = cls.env['hr.employee'].create(
            [{'name': 'Ada', 'hourly_cost': 41.0}, {'name': 'Ben'}]
        )
        cls.items = cls.env['account.analytic.line'].create(
            [
                {
                    'name': name,
                    'project_id': project.id,
                    'employee_id': employee.id,
                    'unit_amount': hours,
                    'date': day,
                }
                for name, employee, hours, day in (
                    ('First', ada, 2.0, '2026-02-10'),
                    ('Second', ada, 1.5, '2026-03-10'),
                    ('Third', ben, 4.0, '2026-03-11'),
                )
            ]
        )

    def render(self, report, record):
        html, _type = self.env['ir.actions.report']._render_qweb_html(report, record.ids)
        return html.decode()

    def create_statement(self, user=None, **values):
        return (
            self.env['crm.contract.statement']
            .with_user(user or self.env.user)
            .create({'contract_ids': self.contract.ids, **values})
        )

    def test_form_opens_with_the_contracts_chosen_and_the_days_of_their_term(self):
        action = self.env.ref('crm_contracts.crm_contract_statement_action')
        context = safe_eval(action.context, {'active_ids': self.contract.ids})
        form = Form(
            self.env['crm.contract.statement'].with_user(self.salesman).with_context(**context)
        )
        self.assertEqual(form.contract_ids.ids, self.contract.ids)
        self.assertEqual((str(form.date_from), str(form.date_to)), ('2026-01-01', '2026-03-31'))
        self.assertEqual(form.save().contract_ids, self.contract)

    def test_statement_tells_the_hours_and_charges_of_its_days(self):
        self.contract._bill('2026-02-28')
        self.items[2].crm_contract_non_billable = True
        statement = self.contract._get_statement('2026-02-01', '2026-03-31')
        self.assertEqual(
            [(line['name'], line['hours'], line['status']) for line in statement.hours],
            [
                ('First', 2.0, 'Being invoiced'),
                ('Second', 1.5, 'Not charged yet'),
                ('Third', 4.0, 'Not charged'),
            ],
        )
        self.assertEqual(statement.hours_by_employee, {'Ada': 3.5, 'Ben': 4.0})
        self.assertEqual(
            [(row.kind, row.amount) for row in statement.charges],
            [('recurring', 100.0), ('time', 120.0)],
        )
        march = self.contract._get_statement('2026-03-01', '2026-03-31')
        self.assertEqual(len(march.hours), 2)
        self.assertFalse(march.charges)

    def test_term_that_has_ended_is_proposed_as_a_whole(self):
        self.contract.date_end = '2026-02-28'
        self.assertEqual(
            tuple(map(str, self.contract._get_statement_period())), ('2026-01-01', '2026-02-28')
        )

    def test_current_term_up_to_today_is_proposed(self):
        statement = self.create_statement()
        self.assertEqual(
            (str(statement.date_from), str(statement.date_to)), ('2026-01-01', '2026-03-31')
        )

    def test_documents_speak_the_language_of_the_customer(self):
        html = self.render('crm_contracts.report_crm_contract', self.contract)
        for text in ('Contrato', 'Soporte', 'al mes', 'Texto', 'Tarifas'):
            self.assertIn(text, html)
        html = self.render('crm_contracts.report_crm_contract_statement', self.create_statement())
        for text in ('Extracto de consumo', 'Third', '04:00', 'Aún sin cargo'):
            self.assertIn(text, html)
        self.assertNotRegex(html, r'\b(41|164)[.,]00', 'no costs, per hour or in all')

    def test_contract_is_sent_with_its_document(self):
        action = self.contract.with_user(self.salesman).action_send()
        composer = (
            self.env['mail.compose.message']
            .with_user(self.salesman)
            .with_context(**action['context'])
            .create({})
        )
        self.assertEqual(composer.partner_ids, self.partner_a)
        self.assertIn('Web', self.contract.name.title())
        self.assertEqual(composer.template_id.report_template_ids.report_type, 'qweb-pdf')

    def test_statement_of_several_contracts_is_printed_and_not_sent(self):
        self.env.company.external_report_layout_id = self.env.ref('web.external_layout_standard')
        other = self.create_contract(name='Other')
        statement = self.create_statement()
        statement.contract_ids |= other
        self.assertEqual(statement.action_print()['type'], 'ir.actions.report')
        with self.assertRaisesRegex(UserError, 'choose one'):
            statement.action_send()

    def test_statement_is_sent_with_its_document(self):
        statement = self.create_statement(self.salesman)
        action = statement.action_send()
        attachment = self.env['ir.attachment'].browse(action['context']['default_attachment_ids'])
        self.assertEqual(attachment.name, f'{self.contract.display_name}.pdf'.replace('/', '-'))
        self.assertIn('Extracto de consumo', attachment.raw.decode())

    def test_nobody_prints_what_they_may_not_read(self):
        statement = self.create_statement(self.salesman)
        self.assertEqual(statement.contract_ids._get_statement().hours_by_employee['Ben'], 4.0)
        with self.assertRaises(AccessError):
            self.contract.with_user(self.colleague)._get_statement()
        with self.assertRaises(AccessError):
            self.create_statement(self.colleague)
        with self.assertRaises(AccessError):
            self.create_statement(self.colleague, date_from='2026-01-01', date_to='2026-01-31')
