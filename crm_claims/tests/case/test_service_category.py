from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import ServiceCommon


@tagged('post_install', '-at_install')
class TestServiceCategory(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine = cls.env['service.category'].create({'name': 'Machine'})
        cls.press = cls.env['service.category'].create(
            {
                'name': 'Press',
                'parent_id': cls.machine.id,
            }
        )

    def test_name_shows_the_path_and_follows_the_parent(self):
        self.assertEqual(self.press.display_name, 'Machine / Press')
        self.machine.name = 'Machinery'
        self.assertEqual(self.press.complete_name, 'Machinery / Press')

    def test_cycle_is_refused(self):
        with self.assertRaises(UserError):
            self.machine.parent_id = self.press
        with self.assertRaises(UserError):
            self.press.parent_id = self.press

    def test_cases_are_found_below_the_category(self):
        case = self.create_case(category_id=self.press.id)
        found = self.env['service.ticket'].search([('category_id', 'child_of', self.machine.id)])
        self.assertEqual(found, case)
