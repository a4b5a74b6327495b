from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import ContractCase

# Who, when and what of one contract: nothing that a kind of contract has in common.
OF_THE_SINGLE_CONTRACT = {
    'access_token',
    'active',
    'analytic_account_id',
    'close_reason',
    'company_id',
    'cost_tax_ids',
    'currency_id',
    'customer_ref',
    'date_end',
    'date_offer_end',
    'date_start',
    'date_term_start',
    'fiscal_position_id',
    'fixed_amount',
    'invoice_partner_id',
    'invoice_user_id',
    'manager_id',
    'name',
    'opportunity_id',
    'partner_bank_id',
    'partner_id',
    'prepaid_used',
    'proposed_template_id',
    'retention_date',
    'revision_base_month',
    'sla_policy_ids',
    'tag_ids',
    'team_id',
    'template_id',
}


@tagged('post_install', '-at_install')
class TestContractTemplate(ContractCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env['crm.contract.template'].create(
            {
                'name': 'Half a year',
                'terms': '<p>By phone</p>',
                'span_months': 6,
                'renewal_type': 'tacit',
                'term_months': 3,
                'notice_days': 15,
            }
        )

    def test_template_proposes_terms_duration_and_renewal(self):
        contract = self.env['crm.contract'].create(
            {
                'name': 'From template',
                'partner_id': self.customer.id,
                'template_id': self.template.id,
                'date_start': '2026-01-31',
            }
        )
        self.assertRecordValues(
            contract, [{'renewal_type': 'tacit', 'term_months': 3, 'notice_days': 15}]
        )
        self.assertIn('By phone', contract.terms)
        self.assertEqual(str(contract.date_end), '2026-07-30')
        self.assertEqual(str(contract.date_notice), '2026-07-15')

    def _give_parts(self):
        service = self.env['product.product'].create(
            {'name': 'Consulting', 'type': 'service', 'list_price': 80.0}
        )
        self.template.write(
            {
                'bill_time': True,
                'time_ratio': 80.0,
                'create_project': True,
                'prepaid_quantity': 10.0,
                'line_ids': [
                    Command.create({'name': 'Support', 'price_unit': 100.0, 'quantity': 2.0}),
                    Command.create(
                        {
                            'kind': 'milestone',
                            'name': 'Delivery',
                            'price_unit': 900.0,
                            'offset_count': 2,
                        }
                    ),
                    Command.create(
                        {
                            'name': 'Later',
                            'price_unit': 5.0,
                            'offset_count': 10,
                            'offset_unit': 'day',
                        }
                    ),
                    Command.create({'kind': 'milestone', 'name': 'By mark', 'has_date': False}),
                ],
                'rate_ids': [Command.create({'product_id': service.id})],
            }
        )

    def _get_parts(self, contract):
        return [
            (line.name, str(line.date_start), str(line.date_due), line.quantity, line.price_unit)
            for line in contract.line_ids.sorted('id')
        ]

    PARTS = [
        ('Support', '2026-01-31', 'False', 2.0, 100.0),
        ('Delivery', '2026-01-31', '2026-03-31', 1.0, 900.0),
        ('Later', '2026-02-10', 'False', 1.0, 5.0),
        ('By mark', '2026-01-31', 'False', 1.0, 0.0),
    ]

    def test_template_proposes_lines_rates_and_how_to_bill(self):
        self._give_parts()
        contract = (
            self.env['crm.contract']
            .with_user(self.salesman)
            .create(
                {
                    'name': 'From template',
                    'partner_id': self.customer.id,
                    'template_id': self.template.id,
                    'date_start': '2026-01-31',
                }
            )
        )
        self.assertEqual(self._get_parts(contract), self.PARTS)
        self.assertEqual(contract.rate_ids.price_unit, 80.0)
        self.assertRecordValues(
            contract,
            [
                {
                    'bill_time': True,
                    'time_ratio': 80.0,
                    'create_project': True,
                    'prepaid_quantity': 10.0,
                }
            ],
        )
        self.assertEqual(len(contract.copy().line_ids), 4)

    def test_markup_that_is_given_beats_those_of_the_template(self):
        self.template.write({'cost_markup': 10, 'cost_markup_expense': 0})
        values = {'name': 'x', 'partner_id': self.customer.id, 'template_id': self.template.id}
        proposed, own, kind = self.env['crm.contract'].create(
            [values, {**values, 'cost_markup': 20}, {**values, 'cost_markup_other': 7}]
        )
        names = ['cost_markup_purchase', 'cost_markup_expense', 'cost_markup_other']
        self.assertEqual([proposed[name] for name in names], [10, 0, 10])
        self.assertEqual([own[name] for name in names], [20, 20, 20])
        self.assertEqual([kind[name] for name in names], [10, 0, 7])

    def test_lines_that_are_given_beat_the_template(self):
        self._give_parts()
        contract = self.create_contract(
            template_id=self.template.id, line_ids=[], rate_ids=[], time_ratio=100.0
        )
        self.assertFalse(contract.line_ids | contract.line_ids)
        self.assertFalse(contract.rate_ids)
        self.assertEqual(contract.time_ratio, 100.0)

    def test_form_takes_the_template_over_once_and_moves_it_with_the_start(self):
        self._give_parts()
        with Form(self.env['crm.contract'].with_user(self.salesman)) as form:
            form.name = 'From the form'
            form.partner_id = self.customer
            form.date_start = '2026-02-28'
            form.template_id = self.template
            self.assertEqual(len(form.line_ids), 4)
            form.date_start = '2026-01-31'
        self.assertEqual(self._get_parts(form.record), self.PARTS)
        self.assertEqual(len(form.record.rate_ids), 1)

    def test_what_was_typed_stays_when_a_template_is_chosen(self):
        self._give_parts()
        other = self.template.copy({'name': 'Other', 'notice_days': 60, 'span_months': 24})
        form = Form(self.env['crm.contract'].with_user(self.salesman))
        form.name = 'Typed'
        form.partner_id = self.customer
        form.notice_days = 45
        with form.line_ids.new() as line:
            line.name = 'By hand'
        with self.assertLogs('odoo.tests.form.onchange', 'WARNING') as logs:
            form.template_id = self.template
        self.assertIn('Notice Days', logs.output[0])
        self.assertEqual((form.notice_days, form.span_months), (45, 6))
        with form.line_ids.edit(1) as line:
            line.price_unit = 111.0
        with self.assertLogs('odoo.tests.form.onchange', 'WARNING'):
            form.template_id = other
        self.assertEqual((form.notice_days, form.span_months), (45, 24))
        contract = form.save()
        self.assertEqual(
            contract.line_ids.mapped(lambda line: (line.name, line.price_unit)),
            [
                ('By hand', 0.0),
                ('Support', 111.0),
                ('Support', 100.0),
                ('Delivery', 900.0),
                ('Later', 5.0),
                ('By mark', 0.0),
            ],
        )

    def test_template_written_by_a_script_proposes_as_in_the_form(self):
        self._give_parts()
        contract = self.env['crm.contract'].create(
            {
                'name': 'By script',
                'partner_id': self.customer.id,
                'date_start': '2026-01-31',
                'notice_days': 45,
            }
        )
        contract.write({'template_id': self.template.id, 'time_ratio': 90.0})
        self.assertEqual(self._get_parts(contract), self.PARTS)
        self.assertEqual(len(contract.rate_ids), 1)
        self.assertTrue(contract.bill_time)
        self.assertEqual((contract.notice_days, contract.time_ratio), (45, 90.0))
        contract.write({'template_id': self.template.id, 'name': 'Again'})
        self.assertEqual(len(contract.line_ids), 4)

    def test_template_written_to_what_runs_changes_nothing(self):
        self._give_parts()
        contract = self.create_running(bill_time=False)
        contract.template_id = self.template
        self.assertFalse(contract.line_ids)
        self.assertFalse(contract.bill_time)

    def test_parts_of_a_template_are_kept_by_administrators(self):
        self._give_parts()
        for part in (self.template.line_ids[0], self.template.rate_ids):
            self.assertTrue(part.with_user(self.salesman).read(['price_unit']))
            with self.assertRaises(AccessError):
                part.with_user(self.overseer).price_unit = 1.0
            part.with_user(self.administrator).price_unit = 1.0
        portal = new_test_user(self.env, login='template_portal', groups='base.group_portal')
        with self.assertRaises(AccessError):
            self.template.line_ids.with_user(portal).read(['price_unit'])
        other = self.env['res.company'].create({'name': 'Contract Company B'})
        self.template.company_id = other
        for part in (self.template.line_ids, self.template.rate_ids):
            self.assertFalse(
                part.with_user(self.salesman).search([('template_id', '=', self.template.id)])
            )

    def test_queries_do_not_grow_with_the_contracts(self):
        self._give_parts()

        def measure(size):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env['crm.contract'].create(
                [
                    {
                        'name': f'Contract {number}',
                        'partner_id': self.customer.id,
                        'template_id': self.template.id,
                    }
                    for number in range(size)
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        measure(2)
        self.assertLessEqual(measure(60) - measure(6), 6)

    def test_what_is_given_beats_the_template(self):
        contract = self.create_contract(template_id=self.template.id)
        self.assertRecordValues(
            contract, [{'renewal_type': 'manual', 'term_months': 12, 'notice_days': 30}]
        )
        self.assertEqual(str(contract.date_end), '2026-12-31')

    def test_template_chosen_in_the_form_fills_it(self):
        form = Form(self.env['crm.contract'].with_user(self.salesman))
        form.date_start = '2026-02-01'
        form.template_id = self.template
        self.assertEqual(str(form.date_end), '2026-07-31')
        self.assertEqual(form.renewal_type, 'tacit')

    def test_open_ended_template_leaves_the_end_open(self):
        self.template.span_months = 0
        contract = self.env['crm.contract'].create(
            {
                'name': 'Open end',
                'partner_id': self.customer.id,
                'template_id': self.template.id,
                'fixed_amount': 100.0,
            }
        )
        self.assertFalse(contract.date_end)
        self.assertFalse(contract.date_notice)
        contract.action_confirm()
        self.assertEqual(len(contract.term_ids), 1)

    def test_changing_the_template_leaves_contracts_alone(self):
        contract = self.env['crm.contract'].create(
            {'name': 'Stays', 'partner_id': self.customer.id, 'template_id': self.template.id}
        )
        self.template.write({'term_months': 24, 'terms': '<p>Other</p>'})
        self.assertEqual(contract.term_months, 3)
        self.assertIn('By phone', contract.terms)

    def test_every_condition_of_a_contract_is_proposed_by_its_template(self):
        """A new option belongs into the template, or is named here as of the single contract."""
        conditions = {
            name
            for name, field in self.env['crm.contract']._fields.items()
            if field.store and not field.readonly and field.type != 'one2many'
        }
        proposed = set(self.env['crm.contract']._get_template_fields())
        self.assertEqual(conditions - proposed, OF_THE_SINGLE_CONTRACT)
        for name in proposed:
            self.assertEqual(
                self.env['crm.contract.template']._fields[name].type,
                self.env['crm.contract']._fields[name].type,
                name,
            )

    def test_template_proposes_how_hours_are_prepaid_and_invoiced(self):
        service = self.env['product.product'].create({'name': 'Consulting', 'type': 'service'})
        options = {
            'prepaid_rollover': True,
            'alert_thresholds': '50,100',
            'time_product_id': service.id,
            'invoice_grouping': 'customer',
            'invoice_auto_post': True,
            'portal_show_hours': True,
        }
        self.template.write(options)
        scripted = self.env['crm.contract'].create(
            {'name': 'By script', 'partner_id': self.customer.id, 'template_id': self.template.id}
        )
        form = Form(self.env['crm.contract'].with_user(self.salesman))
        form.name = 'By hand'
        form.partner_id = self.customer
        form.template_id = self.template
        typed = form.save()
        self.assertRecordValues(scripted | typed, [options, options])

    def test_template_without_service_leaves_that_of_the_company(self):
        service, better = self.env['product.product'].create(
            [{'name': name, 'type': 'service'} for name in ('Consulting', 'Architecture')]
        )
        self.env.company.crm_contract_time_product_id = service
        other = self.template.copy({'name': 'Other', 'time_product_id': better.id})
        form = Form(self.env['crm.contract'].with_user(self.salesman))
        form.name = 'By hand'
        form.partner_id = self.customer
        form.template_id = self.template
        self.assertEqual(form.time_product_id, service)
        form.template_id = other
        self.assertEqual(form.time_product_id, better)
        scripted = self.env['crm.contract'].create(
            {'name': 'By script', 'partner_id': self.customer.id, 'template_id': self.template.id}
        )
        self.assertEqual(scripted.time_product_id, service)

    def test_thresholds_that_are_no_percentages_are_refused(self):
        with self.assertRaises(ValidationError):
            self.template.alert_thresholds = 'most of it'

    def test_negative_months_are_refused(self):
        with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self.template.term_months = -1
            self.template.flush_recordset()
        self.template.invalidate_recordset()
        self.template.term_months = 0
        self.template.flush_recordset()
