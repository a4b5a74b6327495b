"""A customer who comes by a public form: the case, its number, and the answer in the portal."""

import pytest

from odoo.tests import HttpCase, new_test_user, tagged


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestVisitor(HttpCase):
    def test_visitor_writes_with_a_form_and_goes_on_in_the_portal(self):
        visitor = new_test_user(
            self.env,
            login='form_visitor',
            name='Lucía Altozano',
            email='lucia@altozano.example.com',
            groups='base.group_portal',
        )
        floor = {
            'name': 'floor',
            'string': 'Floor',
            'type': 'char',
            'service_customer': 'required',
        }
        self.env['service.category'].create(
            {
                'name': 'Installation',
                'is_offered': True,
                'case_properties_definition': [floor],
            }
        )
        team = self.env['service.team'].create({'name': 'Front Desk'})
        form = self.env['crm.capture.form'].create(
            {'name': 'Report a breakdown', 'service_team_id': team.id}
        )
        self.start_tour(f'/service/form/{form.token}', 'crm_claims_visitor', login=visitor.login)
        ticket = self.env['service.ticket'].search([('crm_capture_form_id', '=', form.id)])
        self.assertRecordValues(
            ticket,
            [
                {
                    'name': 'The press leaks',
                    'partner_id': visitor.partner_id.id,
                    'team_id': team.id,
                    'is_private': True,
                }
            ],
        )
        self.assertEqual(ticket.category_properties['floor'], 'Third')
        self.assertIn('Now it leaks more.', ''.join(ticket.message_ids.mapped('body')))
