"""Everything on a screen has its room: on a small desktop, and on a phone. In the browser."""

import json
from pathlib import Path

import pytest

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged

from .common import OnAPhone

MEASURE = Path(__file__).with_name('measure_screens.js').read_text(encoding='utf-8')
NAME = 'Maintenance of the presses, all sites'
LISTS = (
    'crm.crm_lead_action_pipeline',
    'crm_extended.crm_call_action',
    'crm_extended.crm_interaction_action_agenda',
    'crm_claims.service_team_action_dashboard',
    'crm_claims.service_claim_action',
    'crm_claims.service_ticket_action',
    'crm_contracts.crm_contract_action',
    'crm_contracts.crm_contract_action_to_bill',
    'crm_contracts.crm_contract_action_analysis',
    'crm_segmentation.crm_segment_action',
)


class ScreensFitCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            login='measures',
            name='Marta Gil',
            groups='base.group_user,base.group_partner_manager,sales_team.group_sale_manager,'
            'crm_claims.crm_claims_group_manager,account.group_account_invoice,'
            'project.group_project_manager',
        )
        cls.customer = cls.env['res.partner'].create({'name': 'Bodegas Altozano'})

    def measure(self):
        draft, running = self.make_contracts()
        records = [self.customer, draft, running, *self.make_others()]
        screens = [
            *((name, name) for name in LISTS),
            *((record._name, self.get_form_action(record)) for record in records),
        ]
        self.browser_js(
            '/odoo/crm-contracts',
            MEASURE.replace('$SCREENS', json.dumps(screens)),
            ready='odoo.isReady === true',
            login=self.user.login,
            timeout=180,
        )

    def get_form_action(self, record):
        return {
            'type': 'ir.actions.act_window',
            'res_model': record._name,
            'res_id': record.id,
            'views': [[False, 'form']],
        }

    def make_contracts(self):
        """Make a draft, and what shows the most: suspended, something due, about to end."""
        start = fields.Date.start_of(fields.Date.today(), 'month')
        values = {
            'name': NAME,
            'partner_id': self.customer.id,
            'manager_id': self.user.id,
            'date_start': start,
            'date_end': fields.Date.add(start, months=1),
            'line_ids': [Command.create({'name': 'Care', 'price_unit': 12345.67})],
        }
        draft, running = self.env['crm.contract'].create([values, values])
        running.action_confirm()
        running.action_suspend(start)
        return draft, running

    def make_others(self):
        """Make one of each other form, for nobody yet where that shows a button more."""
        team = self.env['service.team'].create({'name': 'Repairs of the south'})
        values = {'name': NAME, 'partner_id': self.customer.id, 'user_id': self.user.id}
        case = {**values, 'user_id': False, 'team_id': team.id}
        between = {
            'metric_id': self.env.ref('crm_segmentation.metric_won_revenue').id,
            'operator': 'between',
            'value_to': 12345.67,
        }
        segment = self.env['crm.segment'].create(
            {'name': NAME, 'rule_ids': [Command.create(between)]}
        )
        return [
            *self.env['crm.lead'].create(
                [{**values, 'type': kind} for kind in ('lead', 'opportunity')]
            ),
            self.env['crm.call'].create(values),
            *(self.env[model].create(case) for model in ('service.claim', 'service.ticket')),
            team,
            self.env['crm.capture.form'].create({'name': 'Website'}),
            self.env['utm.campaign'].create({'title': NAME, 'user_id': self.user.id}),
            segment,
            segment.rule_ids,
        ]


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestScreensFitTheDesktop(ScreensFitCase):
    browser_size = '1366x768'

    def test_every_main_screen_fits(self):
        self.measure()


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestScreensFitThePhone(OnAPhone, ScreensFitCase):
    def test_every_main_screen_fits(self):
        self.measure()
