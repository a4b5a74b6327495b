from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import CrmExtendedCase


@tagged('post_install', '-at_install')
class TestCustomerPrivacy(CrmExtendedCase):
    """What is known about a person is printed, and forgotten without losing what is counted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.write({'email': 'lucia@ebro.example.com', 'comment': 'Likes olives'})
        leads = cls.env['crm.lead']
        cls.lead = leads.create(
            {
                'name': 'Lucía wants forklifts',
                'partner_id': cls.contact.id,
                'email_from': 'lucia@ebro.example.com',
                'description': 'Call Lucía at home',
                'expected_revenue': 900.0,
                'user_id': cls.salesman.id,
            }
        )
        cls.nobodys = leads.create(
            {'name': 'From the web', 'email_from': 'Lucía <Lucia@ebro.example.com>'}
        )
        cls.call = cls.env['crm.call'].create(
            {'name': 'Ask Lucía', 'partner_id': cls.contact.id, 'state': 'held', 'duration': 0.5}
        )
        form = cls.env['crm.capture.form'].create({'name': 'Page', 'consent_text': 'I agree'})
        cls.consent = cls.env['crm.capture.consent'].create(
            {
                'form_id': form.id,
                'company_id': form.company_id.id,
                'email': 'lucia@ebro.example.com',
                'date': '2026-03-02 09:00:00',
                'address': '203.0.113.9',
                'text': 'I agree',
            }
        )
        cls.suspect = cls.env['crm.capture.suspect'].create(
            {
                'form_id': form.id,
                'date': '2026-03-02 09:00:00',
                'reason': 'rate',
                'digest': 'x',
                'name': 'Lucía',
                'email': 'lucia@ebro.example.com',
                'content': 'Three forklifts kept aside',
                'raw_post': '{"contact_name": "Lucía"}',
            }
        )
        cls.other = leads.create({'name': 'Other', 'partner_id': cls.other_customer.id})
        cls.message = cls.lead.message_post(
            body='My mother is ill',
            author_id=cls.contact.id,
            message_type='email',
            subtype_xmlid='mail.mt_comment',
            attachments=[('health.txt', b'secret')],
        )

    def _dialog(self, user=None):
        dialogs = self.env['crm.privacy'].with_user(user or self.manager)
        context = {'active_model': 'res.partner', 'active_ids': self.contact.ids}
        return Form(dialogs.with_context(**context)).save()

    def _track(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_everything_that_is_known_is_printed(self):
        action = self._dialog().action_print()
        self.assertEqual(action['report_name'], 'crm_extended.crm_privacy_document')
        reports = self.env['ir.actions.report'].with_user(self.manager)
        html = reports._render_qweb_html(action['report_name'], self.contact.ids)[0].decode()
        for text in ('lucia@ebro.example.com', 'Likes olives', 'Call Lucía at home'):
            self.assertIn(text, html)
        for text in ('Three forklifts kept aside', '203.0.113.9'):
            self.assertIn(text, html)
        for text in ('Ask Lucía', 'From the web', 'My mother is ill'):
            self.assertIn(text, html)
        self.assertNotIn('Nordlicht', html)

    def test_who_it_was_is_forgotten_and_what_is_counted_stays(self):
        files = self.message.attachment_ids
        stages = self.env['crm.stage'].search([], limit=2)
        self.lead.stage_id = stages[0]
        self._track()
        self.lead.write({'stage_id': stages[1].id, 'phone': '600 22 22 22'})
        self._track()
        twin = self.contact.copy({'name': 'Lucía Sanz Gil', 'parent_id': False})
        merging = self.env['base.partner.merge.automatic.wizard']
        merging._merge((self.contact | twin).ids, self.contact)
        merge = self.contact.crm_merge_ids
        self._dialog().action_anonymise()
        self.assertTrue(merge)
        self.assertFalse(merge.exists())
        self.env.invalidate_all()
        self.assertRecordValues(
            self.contact,
            [{'email': False, 'phone': False, 'comment': False, 'active': False}],
        )
        self.assertEqual(self.contact.name, f'Anonymous {self.contact.id}')
        for lead in self.lead | self.nobodys:
            self.assertRecordValues(
                lead,
                [{'email_from': False, 'description': False, 'name': f'Anonymous {lead.id}'}],
            )
        self.assertEqual((self.lead.expected_revenue, self.lead.user_id), (900.0, self.salesman))
        self.assertRecordValues(self.call, [{'phone': False, 'state': 'held', 'duration': 0.5}])
        self.assertRecordValues(
            self.consent,
            [{'email': False, 'address': False, 'text': 'I agree', 'reference': False}],
        )
        self.assertFalse(self.suspect.content)
        with self.assertRaisesRegex(UserError, 'Nothing was sent'):
            self.suspect.action_accept()
        self.assertFalse(self.message.body)
        self.assertFalse(files.exists())
        changes = self.lead.message_ids.tracking_value_ids.field_id.mapped('name')
        self.assertIn('stage_id', changes, 'how long it stood where is counted')
        self.assertFalse({'phone', 'email_from', 'partner_id'} & set(changes))
        known = str(self.contact.with_user(self.manager)._get_crm_known())
        for trace in ('Luc', 'lucia', 'mother', 'olives'):
            self.assertNotIn(trace, known)
        self.assertEqual(self.other.name, 'Other')
        self.assertEqual(self.company.name, 'Talleres Ebro')

    def test_only_administrators_may_and_nobody_who_logs_in_is_forgotten(self):
        with self.assertRaises(AccessError):
            self._dialog(self.coordinator)
        with self.assertRaises(AccessError):
            self.contact.with_user(self.coordinator)._anonymise()
        new_test_user(self.env, 'lucia_portal', 'base.group_portal', partner_id=self.contact.id)
        with self.assertRaisesRegex(UserError, 'can log in'):
            self.contact.with_user(self.manager)._anonymise()
        self.assertEqual(self.contact.comment, '<p>Likes olives</p>')
