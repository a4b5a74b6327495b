"""An agent on the phone: takes the time on a claim and claims what was invoiced."""

import pytest

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import OnAPhone


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestClaimOnThePhone(OnAPhone, HttpCase):
    def test_timer_runs_and_an_item_comes_from_the_invoice(self):
        agent = new_test_user(
            self.env,
            login='phone_claims',
            groups='crm_claims.crm_claims_group_agent,hr_timesheet.group_hr_timesheet_user',
            lang='en_US',
            tz='Europe/Madrid',
        )
        self.env['hr.employee'].create({'name': 'Alba Ruiz', 'user_id': agent.id})
        team = self.env['service.team'].create(
            {
                'name': 'Claims',
                'member_ids': [Command.set(agent.ids)],
                'project_id': self.env['project.project'].create({'name': 'Claims'}).id,
            }
        )
        customer = self.env['res.partner'].create({'name': 'Bodegas Altozano'})
        invoice = self.env['account.move'].create(
            {
                'move_type': 'out_invoice',
                'partner_id': customer.id,
                'invoice_date': '2026-02-03',
                'invoice_line_ids': [
                    Command.create({'name': 'Oak barrel', 'quantity': 3, 'price_unit': 40})
                ],
            }
        )
        invoice.action_post()
        claim = self.env['service.claim'].create(
            {
                'name': 'Barrels leak',
                'partner_id': customer.id,
                'team_id': team.id,
                'user_id': agent.id,
            }
        )
        self.start_tour(f'/odoo/claims/{claim.id}', 'crm_contracts_claim_phone', login=agent.login)
        self.assertRecordValues(
            claim.line_ids, [{'name': 'Oak barrel', 'quantity': 3.0, 'amount_claimed': 120.0}]
        )
        self.assertRecordValues(claim.crm_timesheet_ids, [{'user_id': agent.id}])
