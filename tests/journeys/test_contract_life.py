"""A salesperson makes a contract from a template, bills it and renews it. In the browser."""

import pytest

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import OnAPhone


class ContractLifeCase(HttpCase):
    def walk(self, language):
        self.env['res.lang']._activate_lang(language)
        seller = new_test_user(
            self.env,
            login='contract_seller',
            name='Marta Gil',
            groups='sales_team.group_sale_salesman',
            lang=language,
            tz='Europe/Madrid',
        )
        customer = self.env['res.partner'].create(
            {'name': 'Quinta del Sol', 'is_company': True, 'lang': language}
        )
        self.create_template()
        short = language.partition('_')[0]
        self.start_tour(
            '/odoo/crm-contracts', f'crm_contracts_life_{short}', login=seller.login, timeout=120
        )
        contract = self.env['crm.contract'].search([('partner_id', '=', customer.id)])
        self.assertEqual(contract.manager_id, seller)
        self.assertEqual(contract.state, 'open')
        self.assertEqual(contract.billing_ids.mapped('amount'), [123.0])
        first, second = contract.term_ids.sorted('date_start')
        self.assertEqual((second.date_start - first.date_end).days, 1)
        self.assertEqual(contract.date_end, second.date_end)

    def create_template(self):
        self.env['crm.contract.template'].create(
            {
                'name': 'Care of web shops',
                'line_ids': [Command.create({'name': 'Monthly care', 'price_unit': 123.0})],
            }
        )


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestContractLifeOnTheDesktop(ContractLifeCase):
    def test_in_english(self):
        self.walk('en_US')


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestContractLifeOnThePhone(OnAPhone, ContractLifeCase):
    def test_in_spanish(self):
        self.walk('es_ES')
