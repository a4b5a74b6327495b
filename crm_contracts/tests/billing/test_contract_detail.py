from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractDetail(ItemCase):
    """Hours of two people on two tasks, and costs of two vendors."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract.rate_ids.filtered('job_id').unlink()
        cls.design, cls.testing = cls.env['project.task'].create(
            [{'name': name, 'project_id': cls.project.id} for name in ('Design', 'Testing')]
        )

    def book_all(self):
        self.book(self.ben, 2, '2026-03-02', task_id=self.design.id, name='Drafts')
        self.book(self.ben, 3, '2026-03-03', task_id=self.testing.id, name='Trials')
        self.book(self.ada, 4, '2026-03-04', task_id=self.design.id, name='Sketches')

    def bill(self):
        lines = self.contract._bill().invoice_line_ids
        return [(line.name.split('\n')[0], line.quantity, line.price_subtotal) for line in lines]

    def test_hours_stand_on_the_invoice_in_the_detail_that_was_agreed(self):
        for detail, expected in {
            'employee': [('Support - Ben', 5, 300.0), ('Support - Ada', 4, 240.0)],
            'one': [('Support - Hours', 9, 540.0)],
            'task': [('Support - Design', 6, 360.0), ('Support - Testing', 3, 180.0)],
            'entry': [
                ('Support - Ben: 03/02/2026 Drafts', 2, 120.0),
                ('Support - Ben: 03/03/2026 Trials', 3, 180.0),
                ('Support - Ada: 03/04/2026 Sketches', 4, 240.0),
            ],
        }.items():
            with self.subTest(detail=detail), self.cr.savepoint() as savepoint:
                self.contract.time_detail = detail
                self.book_all()
                self.assertCountEqual(self.bill(), expected)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_preview_shows_the_lines_and_their_rounding(self):
        self.contract.time_detail = 'entry'
        self.contract.rate_ids.price_unit = 10.1
        for _number in range(2):
            self.book(self.ben, 0.25)
        plan = self.contract._preview_billing()
        self.assertEqual([entry['amount'] for entry in plan], [2.53, 2.53])

    def test_corrections_are_taken_from_hours_that_then_stay_together(self):
        self.contract.time_detail = 'entry'
        self.book(self.ben, 4)
        self.book(self.ben, -1)
        self.book(self.ada, 2)
        self.assertEqual(
            [(quantity, amount) for _name, quantity, amount in self.bill()],
            [(3, 180.0), (2, 120.0)],
        )

    def test_each_price_has_its_line(self):
        self.contract.write(
            {
                'time_detail': 'one',
                'rate_ids': [(0, 0, self.rate(employee_id=self.ada.id, price_unit=90.0))],
            }
        )
        self.book_all()
        self.assertEqual(
            [(quantity, amount) for _name, quantity, amount in self.bill()],
            [(5, 300.0), (4, 360.0)],
        )

    def test_each_cost_has_its_description_date_and_document(self):
        self.contract.cost_detail = 'entry'
        self.contract.cost_markup = 10
        bill = self.spend(100.0)
        bill.ref = 'F-17'
        self.spend(50.0)
        lines = self.bill()
        self.assertEqual([amount for _name, _quantity, amount in lines], [110.0, 55.0])
        self.assertIn('Licences (03/05/2026, partner_b, F-17)', lines[0][0])

    def test_costs_that_were_refunded_in_part_stay_together(self):
        self.contract.cost_detail = 'entry'
        self.spend(100.0)
        self.spend(30.0, 'in_refund')
        self.assertEqual([amount for _name, _quantity, amount in self.bill()], [70.0])

    def test_template_proposes_the_detail(self):
        template = self.env['crm.contract.template'].create(
            {'name': 'x', 'time_detail': 'entry', 'cost_detail': 'entry', 'retention_rate': 5}
        )
        contract = self.env['crm.contract'].create(
            {'name': 'x', 'partner_id': self.partner_a.id, 'template_id': template.id}
        )
        self.assertRecordValues(
            contract, [{'time_detail': 'entry', 'cost_detail': 'entry', 'retention_rate': 5}]
        )
