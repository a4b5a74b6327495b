"""A customer reads a contract, what was used of it, and asks for more in the portal."""

import pytest

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import OnAPhone


class PortalContractCase(HttpCase):
    def walk(self, language):
        self.env['res.lang']._activate_lang(language)
        customer = new_test_user(
            self.env,
            login=f'portal_contract_{language}',
            name='Lucía Arlanza',
            groups='base.group_portal',
            lang=language,
        )
        contract = self.create_contract(customer.partner_id)
        short = language.partition('_')[0]
        self.start_tour('/my', f'crm_contracts_portal_{short}', login=customer.login)
        self.assertIn('ten hours more', ''.join(contract.message_ids.mapped('body')))

    def create_contract(self, customer):
        contract = self.env['crm.contract'].create(
            {
                'name': 'Support of the web shop',
                'partner_id': customer.id,
                'date_start': '2026-01-01',
                'prepaid_quantity': 10,
                'portal_show_hours': True,
                'line_ids': [Command.create({'name': 'Support', 'price_unit': 123.0})],
            }
        )
        contract.action_confirm()
        project = self.env['project.project'].create(contract._prepare_project())
        employee = self.env['hr.employee'].create({'name': 'Ada Byron'})
        self.env['account.analytic.line'].create(
            {
                'name': 'Repaired the checkout',
                'project_id': project.id,
                'employee_id': employee.id,
                'unit_amount': 2.5,
            }
        )
        return contract


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestPortalContractOnTheDesktop(PortalContractCase):
    def test_in_english(self):
        self.walk('en_US')


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestPortalContractOnThePhone(OnAPhone, PortalContractCase):
    def test_in_spanish(self):
        self.walk('es_ES')
