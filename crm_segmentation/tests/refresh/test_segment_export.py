import io

import openpyxl

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from ..common import SegmentCase

EXPORTERS = 'sales_team.group_sale_manager,base.group_allow_export'


@tagged('post_install', '-at_install')
@freeze_time('2026-06-15 10:00:00')
class TestSegmentExport(SegmentCase):
    """The Spanish companies, mailed every week to a colleague of who set it up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.author, cls.reader = (
            new_test_user(cls.env, login=login, email=f'{login}@example.com', groups=EXPORTERS)
            for login in ('segment_author', 'segment_reader')
        )
        cls.segment = (
            cls.env['crm.segment']
            .with_user(cls.author)
            .create({'name': 'Spain', 'domain': "[('ref', '=', 'SEG-ES')]", 'scope': 'companies'})
        )
        cls.segment.action_apply()
        cls.export = (
            cls.env['crm.segment.export']
            .with_user(cls.author)
            .create({'segment_id': cls.segment.id, 'user_ids': cls.reader.ids})
        )
        cls.brisa.name = '=1+1'

    def send(self):
        """Let the job run; return the mails."""
        before = self.env['mail.mail'].search([])
        with self.enter_registry_test_mode():
            self.env.ref('crm_segmentation.ir_cron_segment_exports').method_direct_trigger()
        self.env.invalidate_all()
        return self.env['mail.mail'].search([]) - before

    def read_rows(self, mail):
        book = openpyxl.load_workbook(io.BytesIO(mail.attachment_ids.raw))
        return list(book.active.iter_rows(values_only=True))

    def test_members_are_mailed_once_a_week_as_a_spreadsheet(self):
        mail = self.send()
        self.assertEqual(mail.email_to, self.reader.email_formatted)
        header, *rows = self.read_rows(mail)
        self.assertEqual(header[0], 'Name')
        self.assertEqual({row[0] for row in rows}, {'Alba', '=1+1'})
        self.assertFalse(self.export.problem)
        self.assertEqual(str(self.export.next_date), '2026-06-22')
        self.assertFalse(self.send(), 'sent once')
        with freeze_time('2026-06-22 10:00:00'):
            self.assertEqual(len(self.send()), 1)

    def test_a_saved_choice_of_columns_is_taken(self):
        self.export.template_id = self.env['ir.exports'].create(
            {
                'name': 'Short',
                'resource': 'res.partner',
                'export_fields': [(0, 0, {'name': name}) for name in ('ref', 'name')],
            }
        )
        rows = self.read_rows(self.send())
        self.assertEqual(rows[0], ('Reference', 'Name'))
        self.assertIn(('SEG-ES', 'Alba'), rows)

    def test_who_may_not_read_or_export_gets_nothing(self):
        outsider = new_test_user(
            self.env,
            login='segment_outsider',
            email='outsider@example.com',
            groups='base.group_user,base.group_allow_export',
        )
        self.salesman.email = 'salesman@example.com'
        self.salesman.group_ids -= self.env.ref('base.group_allow_export')
        self.export.user_ids |= outsider | self.salesman
        mail = self.send()
        self.assertEqual(mail.email_to, self.reader.email_formatted)
        self.assertIn(outsider.name, self.export.problem)
        self.assertIn(self.salesman.name, self.export.problem)
        self.assertNotIn(self.reader.name, self.export.problem)

    def test_file_holds_what_both_author_and_reader_may_read(self):
        blind = self.env['res.groups'].create({'name': 'Blind'})
        self.env['ir.rule'].create(
            {
                'name': 'Alba is secret',
                'model_id': self.env['ir.model']._get_id('res.partner'),
                'domain_force': f"[('id', '!=', {self.alba.id})]",
                'groups': blind.ids,
            }
        )
        export = self.export.sudo()
        self.assertIn(self.alba, export._get_partners(self.reader))
        for user in (self.author, self.reader):
            with self.subTest(user=user.login):
                user.group_ids |= blind
                self.assertEqual(export._get_partners(self.reader), self.brisa)
                user.group_ids -= blind

    def test_author_who_may_not_export_any_more_sends_nothing(self):
        self.author.group_ids -= self.env.ref('base.group_allow_export')
        self.assertFalse(self.send())
        self.assertIn('may not read', self.export.problem)
        self.assertEqual(str(self.export.next_date), '2026-06-15', 'tried again tomorrow')
        self.assertFalse(self.export.last_date)
        self.author.group_ids += self.env.ref('base.group_allow_export')
        self.assertEqual(len(self.send()), 1)
        self.assertFalse(self.export.problem)

    def test_columns_that_one_may_not_read_are_left_out_for_this_one(self):
        names = ('name', 'category_id/name')
        self.export.template_id = self.env['ir.exports'].create(
            {
                'name': 'With Tags',
                'resource': 'res.partner',
                'export_fields': [(0, 0, {'name': name}) for name in names],
            }
        )
        other = new_test_user(
            self.env, login='segment_other', email='segment_other@example.com', groups=EXPORTERS
        )
        self.export.sudo().user_ids |= other
        category = self.env['ir.model']._get('res.partner.category')
        secret = self.env['res.groups'].create({'name': 'Reads Tags', 'user_ids': other.ids})
        secret.user_ids |= self.author
        category.access_ids.group_id = secret
        mails = {mail.email_to: mail for mail in self.send()}
        self.assertEqual(set(mails), {other.email_formatted, self.reader.email_formatted})
        whole, part = mails[other.email_formatted], mails[self.reader.email_formatted]
        self.assertEqual(self.read_rows(whole)[0], ('Name', 'Tags'))
        self.assertNotIn('left out', whole.body_html)
        self.assertEqual(self.read_rows(part)[0], ('Name',))
        self.assertRegex(part.body_html, 'left out.*Tags')

    def test_who_cannot_be_sent_it_stops_nobody_else(self):
        stranger = new_test_user(self.env, login='segment_stranger')
        self.alba.user_id = stranger
        other = new_test_user(
            self.env, login='segment_other', email='segment_other@example.com', groups=EXPORTERS
        )
        self.export.sudo().user_ids |= other
        everybody, others = [(1, '=', 1)], [('id', '!=', stranger.id)]
        self.env['ir.rule'].create(
            {
                'name': 'The stranger is secret',
                'model_id': self.env['ir.model']._get_id('res.users'),
                'domain_force': f'{others} if user.id == {self.reader.id} else {everybody}',
            }
        )
        mail = self.send()
        self.assertEqual(mail.email_to, other.email_formatted)
        self.assertIn(self.reader.name, self.export.problem)
        self.assertEqual(str(self.export.next_date), '2026-06-22')

    def test_too_large_for_a_mail_is_a_link_to_the_segment(self):
        self.env['ir.config_parameter'].sudo().set_param('base.default_max_email_size', '0.001')
        mail = self.send()
        self.assertFalse(mail.attachment_ids)
        self.assertIn(f'/odoo/crm-segments/{self.segment.id}', mail.body_html)

    def test_draft_and_archived_segment_are_not_mailed(self):
        self.segment.action_archive()
        self.assertFalse(self.send())
        self.segment.action_unarchive()
        self.segment.action_draft()
        self.assertFalse(self.send())
        self.segment.action_apply()
        self.assertEqual(len(self.send()), 1)

    def test_who_changes_recipients_answers_for_it_and_salespeople_see_none(self):
        self.export.with_user(self.reader).user_ids |= self.manager
        self.assertEqual(self.export.author_id, self.reader)
        self.export.with_user(self.manager).write({'author_id': self.author.id})
        self.assertEqual(self.export.author_id, self.manager)
        with self.assertRaises(AccessError):
            self.export.with_user(self.salesman).read(['unit'])
