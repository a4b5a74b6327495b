import psycopg2

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import ServiceCommon


@tagged('post_install', '-at_install')
class TestServiceClaimLine(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env['product.product'].create({'name': 'Oak barrel'})

    def create_claim(self, *lines, **values):
        commands = [Command.create({'name': 'Barrel', **line}) for line in lines]
        return self.create_case('service.claim', line_ids=commands, **values)

    def test_line_takes_name_and_unit_from_the_product(self):
        with Form(self.env['service.claim'].with_user(self.agent)) as form:
            form.name = 'Leaking barrels'
            with form.line_ids.new() as line:
                line.product_id = self.product
                self.assertEqual(line.name, 'Oak barrel')
                line.quantity = 2
                line.amount_claimed = 300
            self.assertEqual(form.amount_claimed, 300)
        line = form.record.line_ids
        self.assertEqual(line.product_uom_id, self.product.uom_id)
        self.assertEqual(form.record.amount_claimed, 300)

    def test_amounts_are_the_sum_of_the_lines_else_what_was_typed(self):
        claim = self.create_claim(
            {'amount_claimed': 300, 'amount_granted': 100}, {'amount_claimed': 50}
        )
        self.assertRecordValues(claim, [{'amount_claimed': 350, 'amount_granted': 100}])
        claim.line_ids[0].amount_granted = 250
        self.assertEqual(claim.amount_granted, 250)
        typed = self.create_claim({}, amount_claimed=80, amount_granted=20)
        self.assertRecordValues(typed, [{'amount_claimed': 80, 'amount_granted': 20}])
        typed.line_ids.reason = 'Broken'
        typed.amount_claimed = 90
        self.assertEqual(typed.amount_claimed, 90)

    def test_cost_is_what_we_grant_and_the_handling(self):
        claim = self.create_claim({'amount_claimed': 300, 'amount_granted': 100})
        claim.amount_handling = 35
        self.assertEqual(claim.amount_cost, 135)
        supplier = self.create_claim({'amount_granted': 100}, against='supplier')
        supplier.amount_handling = 12
        self.assertEqual(supplier.amount_cost, 12)

    def test_impossible_lines_are_refused(self):
        for values in (
            {'quantity': 0},
            {'quantity': -1},
            {'amount_claimed': -5},
            {'outcome': 'rejected', 'amount_granted': 5},
        ):
            with (
                self.subTest(values=values),
                mute_logger('odoo.sql_db'),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.create_claim(values)

    def test_rejected_line_grants_nothing(self):
        claim = self.create_claim({'outcome': 'rejected', 'amount_claimed': 40})
        self.assertRecordValues(claim, [{'amount_claimed': 40, 'amount_granted': 0}])

    def test_copy_takes_the_lines_along(self):
        claim = self.create_claim({'reason': 'Leaks', 'lot_name': 'B-12'})
        self.assertRecordValues(claim.copy().line_ids, [{'reason': 'Leaks', 'lot_name': 'B-12'}])

    def test_lines_are_as_visible_as_their_claim(self):
        claim = self.create_claim({}, team_id=self.desk.id, user_id=self.colleague.id)
        line = claim.line_ids
        self.assertTrue(line.with_user(self.colleague).name)
        self.assertTrue(line.with_user(self.salesman).name)
        for user in (self.agent, self.employee):
            with self.assertRaises(AccessError):
                line.with_user(user).read(['name'])
        with self.assertRaises(AccessError):
            line.with_user(self.salesman).write({'amount_granted': 1})
