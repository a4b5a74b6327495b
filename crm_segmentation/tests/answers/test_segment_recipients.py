from ast import literal_eval

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentRecipients(SegmentCase):
    """A user of Email Marketing, who is no salesperson, writes to a segment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if 'mailing.mailing' not in cls.env:
            cls.skipTest(cls, 'Email Marketing is not installed')
        cls.marketer = new_test_user(
            cls.env,
            login='segment_sender',
            groups='base.group_user,base.group_partner_manager,'
            'mass_mailing.group_mass_mailing_user',
        )
        cls.alba.email = 'alba@example.com'
        cls.brisa.email = 'brisa@example.com'

    def test_mailing_goes_to_who_belongs_when_it_is_sent(self):
        segment = self.create_segment()
        segment.action_apply()
        action = segment.with_user(self.marketer).action_send_mailing()
        mailing = (
            self.env['mailing.mailing']
            .with_user(self.marketer)
            .with_context(**action['context'])
            .create({'subject': 'News'})
        )
        self.assertEqual(mailing.mailing_model_real, 'res.partner')
        self.assertEqual(set(mailing._get_recipients()), set((self.alba | self.brisa).ids))
        self.alba.ref = 'SEG-FR'
        segment.action_apply()
        self.assertEqual(mailing._get_recipients(), self.brisa.ids)

    def test_segment_is_chosen_on_the_mailing_in_one_field(self):
        segment = self.create_segment()
        other = self.create_segment(name='Other', domain="[('ref', '=', 'SEG-FR')]", scope='both')
        (segment | other).action_apply()
        mailings = self.env['mailing.mailing'].with_user(self.marketer)
        form = Form(mailings, view='mass_mailing.view_mail_mass_mailing_form')
        form.subject = 'News'
        form.mailing_model_id = self.env['ir.model']._get('res.partner')
        form.crm_segment_id = other.with_user(self.marketer)
        form.crm_segment_id = segment.with_user(self.marketer)
        self.assertEqual(form.mailing_domain, repr([('crm_segment_ids', 'in', segment.ids)]))
        mailing = form.save()
        self.assertEqual(mailing.crm_segment_id, segment)
        self.assertEqual(set(mailing._get_recipients()), set((self.alba | self.brisa).ids))
        self.alba.ref = 'SEG-FR'
        segment.action_apply()
        self.assertEqual(mailing._get_recipients(), self.brisa.ids)
        narrow = [('crm_segment_ids', 'in', segment.ids), ('name', '=', 'Alba')]
        mailing.write({'mailing_domain': repr(narrow), 'crm_segment_id': segment.id})
        self.assertEqual(mailing.mailing_domain, repr(narrow))
        mailing.crm_segment_id = False
        self.assertEqual(mailing.mailing_domain, repr([('name', '=', 'Alba')]))

    def test_segment_on_the_mailing_leaves_out_lists_and_keeps_other_conditions(self):
        segment, other, blocked = (
            self.create_segment(name=name, is_suppression=name == 'Blocked', domain=domain)
            for name, domain in (
                ('Spain', "[('ref', '=', 'SEG-ES')]"),
                ('Also Spain', "[('ref', '=', 'SEG-ES')]"),
                ('Blocked', "[('name', '=', 'Nobody at First')]"),
            )
        )
        blocked.include_partner_ids = self.cierzo
        (segment | other | blocked).action_apply()
        contacts = self.env['ir.model']._get('res.partner')
        narrow = ['|', ('name', 'in', ['Alba', 'Brisa']), ('crm_segment_ids', 'in', other.ids)]
        strangers = ('crm_segment_ids', 'not in', other.ids)
        mailing = (
            self.env['mailing.mailing']
            .with_user(self.marketer)
            .create(
                {
                    'subject': 'News',
                    'mailing_model_id': contacts.id,
                    'mailing_domain': repr([*narrow, strangers]),
                }
            )
        )
        mailing.crm_segment_id = other
        mailing.crm_segment_id = segment
        kept = [('crm_segment_ids', 'in', segment.ids), ('crm_segment_ids', 'not in', blocked.ids)]
        domain = literal_eval(mailing.mailing_domain)
        self.assertEqual([term for term in domain if term != '&'], [*kept, *narrow, strangers])
        self.assertEqual(mailing.crm_segment_id, segment)
        with self.assertRaisesRegex(UserError, 'suppression list'), self.cr.savepoint():
            mailing.crm_segment_id = blocked
        with self.assertRaisesRegex(UserError, 'Nobody belongs'), self.cr.savepoint():
            mailing.crm_segment_id = self.create_segment(name='Draft')
        mailing.invalidate_recordset(['crm_segment_id'])
        self.assertEqual(mailing.crm_segment_id, segment)
        mailing.crm_segment_id = False
        domain = literal_eval(mailing.mailing_domain)
        self.assertEqual([term for term in domain if term != '&'], [*narrow, strangers])

    def test_segment_of_a_mailing_is_one_that_its_writer_may_read(self):
        elsewhere = self.env['res.company'].create({'name': 'Segment Company B'})
        hidden = self.env['crm.segment'].create({'name': 'Hidden', 'company_id': elsewhere.id})
        hidden.include_partner_ids = self.alba
        hidden.action_apply()
        contacts = self.env['ir.model']._get('res.partner')
        values = {'subject': 'News', 'mailing_model_id': contacts.id}
        mailings = self.env['mailing.mailing'].with_user(self.marketer)
        with self.assertRaises(AccessError), self.cr.savepoint():
            mailings.create({**values, 'crm_segment_id': hidden.id})
        mailing = self.env['mailing.mailing'].create({**values, 'crm_segment_id': hidden.id})
        self.assertEqual(mailing.crm_segment_id, hidden)
        self.assertFalse(mailing.with_user(self.marketer).crm_segment_id)

    def test_who_sends_mailings_previews_segments_and_applies_none(self):
        segment = self.create_segment().with_user(self.marketer)
        self.assertTrue(segment.can_preview)
        segment.action_preview()
        preview = self.env['crm.segment.preview'].with_user(self.marketer)
        dialogue = preview.create({'segment_id': segment.id})
        self.assertEqual(dialogue.enter_count, 2)
        self.assertFalse(dialogue.can_apply)
        self.assertTrue(dialogue.action_view_entering())
        with self.assertRaises(AccessError):
            dialogue.action_apply()
        measured = self.create_rule_segment('call_count', ('=', 0)).with_user(self.marketer)
        with self.assertRaises(AccessError):
            measured.action_preview()

    def test_who_sends_mailings_reads_segments_and_writes_none(self):
        segment = self.create_rule_segment('call_count', ('=', 0))
        segment.action_apply()
        seen = segment.with_user(self.marketer)
        self.assertTrue(seen.get_view(view_type='form'))
        self.assertTrue(seen.read(list(seen.fields_get())))
        self.assertTrue(seen.rule_ids.display_name)
        self.assertEqual(self.alba.with_user(self.marketer).crm_segment_ids, segment)
        for refused in (seen.unlink, seen.action_apply, seen.copy):
            with self.assertRaises(AccessError), self.cr.savepoint():
                refused()
        elsewhere = self.env['res.company'].create({'name': 'Segment Company B'})
        hidden = self.env['crm.segment'].create({'name': 'Hidden', 'company_id': elsewhere.id})
        with self.assertRaises(AccessError):
            hidden.with_user(self.marketer).read(['name'])

    def test_salesperson_without_mailings_sends_none(self):
        segment = self.create_segment()
        with self.assertRaisesRegex(UserError, 'Email Marketing'):
            segment.with_user(self.salesman).action_send_mailing()
        nobody = new_test_user(self.env, login='segment_nobody', groups='base.group_user')
        with self.assertRaises(AccessError):
            segment.with_user(nobody).read(['name'])
