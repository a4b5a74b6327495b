from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentPreview(SegmentCase):
    def test_preview_counts_and_writes_nothing(self):
        segment = self.create_segment()
        segment.flush_recordset()
        self.assertEqual(segment._preview(), {segment.id: 2})
        self.assertFalse(segment.membership_ids)
        self.assertFalse(self.tag.partner_ids)
        self.assertFalse(segment.last_run)

    def test_preview_announces_what_apply_does(self):
        segment = self.create_segment()
        for mode in ('dynamic', 'additive', 'manual'):
            with self.subTest(mode=mode):
                segment.mode = mode
                segment.write(
                    {
                        'include_partner_ids': [(6, 0, self.cierzo.ids)],
                        'exclude_partner_ids': [(6, 0, [])],
                    }
                )
                segment.action_apply()
                self.alba.ref = 'SEG-FR'
                segment.exclude_partner_ids = self.brisa
                segment.include_partner_ids |= self.duna
                announced = segment._get_changes()[segment.id]
                before = self.open_partners(segment)
                segment.action_apply()
                after = self.open_partners(segment)
                self.assertEqual(
                    announced,
                    {
                        'enter': len(after - before),
                        'leave': len(before - after),
                        'stay': len(before & after),
                    },
                )
                self.alba.ref = 'SEG-ES'

    def test_dialogue_shows_the_change_and_applies_it(self):
        segment = self.create_segment()
        segment.action_apply()
        self.alba.ref = 'SEG-FR'
        segment.include_partner_ids = self.cierzo | self.duna
        action = segment.action_preview()
        preview = (
            self.env[action['res_model']]
            .with_user(self.manager)
            .with_context(**action['context'])
            .create({})
        )
        self.assertRecordValues(
            preview, [{'enter_count': 2, 'leave_count': 1, 'stay_count': 1, 'total_count': 3}]
        )
        self.assertEqual(self.open_partners(segment), self.alba | self.brisa)
        preview.action_apply()
        self.assertEqual(self.open_partners(segment), self.brisa | self.cierzo | self.duna)

    def test_dialogue_opens_as_a_form(self):
        action = self.create_segment().action_preview()
        form = Form(
            self.env[action['res_model']].with_user(self.manager).with_context(**action['context'])
        )
        self.assertEqual(form.enter_count, 2)

    def test_preview_is_for_managers(self):
        segment = self.create_segment()
        with self.assertRaises(AccessError):
            segment.with_user(self.salesman).action_preview()
        with self.assertRaises(AccessError):
            self.env['crm.segment.preview'].with_user(self.salesman).create(
                {'segment_id': segment.id}
            )
        self.assertEqual(segment.action_preview()['target'], 'new')
