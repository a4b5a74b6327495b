from psycopg2.errors import CheckViolation

from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ContractCase


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
            {'name': 'Open end', 'partner_id': self.customer.id, 'template_id': self.template.id}
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

    def test_negative_months_are_refused(self):
        with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self.template.term_months = -1
            self.template.flush_recordset()
        self.template.invalidate_recordset()
        self.template.term_months = 0
        self.template.flush_recordset()
