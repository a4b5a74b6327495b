from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...models import crm_capture_form, crm_capture_suspect
from ...models.capture.crm_capture_reading import Visit
from ..common import NOW
from .common import CaptureCase


@tagged('post_install', '-at_install')
class TestCaptureRate(CaptureCase):
    """What is too much or too fast is kept aside, and one sender does not use up all."""

    def capture(self, number, address='203.0.113.9', **more):
        visitor = self.form.with_user(self.env.ref('base.public_user')).sudo()
        return visitor._capture({'contact_name': f'n{number}', **more}, Visit(address=address))

    def assert_too_much(self, number, address='203.0.113.9'):
        try:  # no assertRaises: its savepoint would undo what is kept
            self.capture(number, address)
        except crm_capture_form.RateExceeded as error:
            return str(error)
        return self.fail('it was taken')

    def test_one_sender_uses_up_no_more_than_his_share(self):
        self.form.write({'rate_limit': 20, 'sender_share': 25})
        with freeze_time(NOW):
            for number in range(5):
                self.capture(number)
            self.assertIn('need not send it again', self.assert_too_much(5))
            for number in range(6, 9):  # one network of the new internet is one sender
                self.capture(number, f'2001:db8:1:2::{number}')
            self.capture(9, '198.51.100.7')
            self.capture(10, '')
        self.assertEqual(len(self.get_leads()), 10)
        self.assertRecordValues(self.get_suspects(), [{'name': 'n5', 'reason': 'sender'}])
        windows = self.env['crm.capture.window'].search([('form_id', '=', self.form.id)])
        counted = {window.sender: window.hits for window in windows if window.kind == 'sender'}
        self.assertEqual(sorted(counted.values()), [1, 3, 5])
        self.assertNotIn('203.0.113', ''.join(counted), 'addresses are personal')
        [whole] = windows.filtered(lambda window: window.kind == 'post')
        self.assertEqual(whole.hits, 10, 'what one sender had too much counts for nobody else')
        with freeze_time(NOW + timedelta(hours=1)):
            self.capture(11)

    def test_excess_is_kept_and_the_manager_told_once(self):
        self.form.rate_limit = 1
        told = self.env['mail.message'].search_count([('model', '=', 'crm.capture.form')])
        self.post({'contact_name': 'A'})
        files = [('f', ('plan.txt', b'hello'))]
        refused = self.post({'contact_name': 'B', 'Zona': 'Norte'}, files=files)
        self.assertEqual(refused.status_code, 429)
        self.assertIn('need not send it again', refused.json()['error'])
        self.post({'contact_name': 'B', 'Zona': 'Norte'}, files=files)
        self.post({'contact_name': 'C', 'email': 'c@ebro.example.com'})
        suspects = self.get_suspects()
        self.assertEqual(suspects.mapped('name'), ['C', 'B'], 'sent twice is kept once')
        messages = self.env['mail.message'].search([('model', '=', 'crm.capture.form')])
        self.assertEqual(len(messages) - told, 1)
        self.assertEqual(messages[0].notified_partner_ids, self.manager.partner_id)
        self.assertEqual(self.form.suspect_count, 2)

        suspects.with_user(self.manager).action_accept()
        leads = self.get_leads()
        self.assertEqual(leads.mapped('contact_name'), ['A', 'C', 'B'])
        self.assertIn('Zona: Norte', leads[2].description)
        self.assertEqual((leads[2].user_id, leads[2].team_id), (self.salesman, self.team))
        files = [('res_model', '=', 'crm.lead'), ('res_id', '=', leads[2].id)]
        self.assertEqual(self.env['ir.attachment'].search(files).raw, b'hello')
        self.assertFalse(self.get_suspects())
        self.post({'contact_name': 'D'})
        again = self.env['mail.message'].search_count([('model', '=', 'crm.capture.form')])
        self.assertEqual(again - told, 2, 'told again, after all were decided')

    def test_kept_post_that_comes_again_with_room_is_one_lead(self):
        self.form.rate_limit = 1
        for contact in ('A', 'B'):
            self.post({'contact_name': contact})
        self.form.rate_limit = 5
        self.assertEqual(self.post({'contact_name': 'B'}).status_code, 201)
        self.assertFalse(self.get_suspects())
        self.assertEqual(len(self.get_leads()), 2)

    def test_nobody_fills_the_database(self):
        self.form.rate_limit = 1
        self.capture(0)
        module = crm_capture_suspect
        with patch.object(module, 'MOST_OF_SENDER', 2), patch.object(module, 'MOST_OF_FORM', 3):
            for number in range(1, 4):
                message = self.assert_too_much(number)
            self.assertIn('try again in an hour', message, 'this sender has enough there')
            self.assert_too_much(4, '198.51.100.7')
            self.assertIn('try again', self.assert_too_much(5, '198.51.100.8'))
        self.assertEqual(len(self.get_suspects()), 3)

    def test_what_is_faster_than_people_is_thanked_and_kept_aside(self):
        self.form.least_seconds = 2
        for seconds, status in (('1', 201), ('2', 201), ('', 201), ('x', 201)):
            response = self.post({'contact_name': f's{seconds}', 'crm_seconds': seconds})
            self.assertEqual(response.status_code, status)
        self.assertEqual(self.get_leads().mapped('contact_name'), ['s2', 's', 'sx'])
        self.assertRecordValues(self.get_suspects(), [{'name': 's1', 'reason': 'fast'}])
        self.assertFalse(self.get_leads()[0].description, 'the time is no word of the visitor')

    def test_what_is_kept_aside_is_the_managers_to_decide(self):
        self.form.rate_limit = 1
        for contact in ('A', 'B', 'C'):
            self.post({'contact_name': contact})
        suspects = self.get_suspects()
        company = self.env['res.company'].create({'name': 'Sucursal Lisboa'})
        director = new_test_user(
            self.env,
            login='crm_extended_suspicious',
            groups='sales_team.group_sale_manager',
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for user in (self.salesman, self.portal, director):
            for act in ('action_accept', 'action_discard'):
                with self.assertRaises(AccessError):
                    getattr(suspects.with_user(user), act)()
        with self.assertRaises(AccessError):
            suspects.with_user(self.manager).write({'name': 'x'})
        with self.assertRaises(AccessError):
            suspects.with_user(self.manager).read(['raw_post'])
        action = self.form.with_user(self.manager).action_view_suspects()
        self.assertEqual(self.env[action['res_model']].search(action['domain']), suspects)
        suspects[0].with_user(self.manager).action_discard()
        self.assertEqual(len(self.get_leads()), 1)
        with freeze_time(NOW + timedelta(days=3650)):
            self.env['crm.capture.suspect']._gc_suspects()
        self.assertFalse(self.get_suspects())
