from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

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
