"""A salesperson revises the price of a contract by an index, after a preview."""

import pytest

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import OnAPhone


class PriceRevisionCase(HttpCase):
    def walk(self, language):
        self.env['res.lang']._activate_lang(language)
        seller = new_test_user(
            self.env,
            login='revision_seller',
            name='Sol Vega',
            groups='sales_team.group_sale_salesman',
            lang=language,
            tz='Europe/Madrid',
        )
        contract = self.create_contract(seller)
        short = language.partition('_')[0]
        self.start_tour(
            f'/odoo/crm-contracts/{contract.id}',
            f'crm_contracts_price_revision_{short}',
            login=seller.login,
        )
        self.assertEqual(contract.line_ids.price_unit, 104.0)
        self.assertEqual(contract.revision_ids.user_id, seller)

    def create_contract(self, seller):
        index = self.env['crm.contract.index'].create(
            {
                'name': 'Consumer prices',
                'value_ids': [
                    Command.create({'month': '2026-01-01', 'value': 100.0}),
                    Command.create({'month': '2027-01-01', 'value': 104.0}),
                ],
            }
        )
        contract = self.env['crm.contract'].create(
            {
                'name': 'Support of the web shop',
                'partner_id': self.env['res.partner'].create({'name': 'Bodegas Arlanza'}).id,
                'manager_id': seller.id,
                'date_start': '2026-01-01',
                'date_end': '2026-12-31',
                'revision_type': 'index',
                'revision_index_id': index.id,
                'line_ids': [Command.create({'name': 'Support', 'price_unit': 100.0})],
            }
        )
        contract.action_confirm()
        return contract


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestPriceRevisionOnTheDesktop(PriceRevisionCase):
    def test_in_english(self):
        self.walk('en_US')


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestPriceRevisionOnThePhone(OnAPhone, PriceRevisionCase):
    def test_in_spanish(self):
        self.walk('es_ES')
