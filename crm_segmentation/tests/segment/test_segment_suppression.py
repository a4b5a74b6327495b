from ast import literal_eval

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentSuppression(SegmentCase):
    """Alba complained: she is on a list that keeps her out of all other segments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaints = cls._create_list(cls.alba)
        cls.complaints.action_apply()

    @classmethod
    def _create_list(cls, partners, **values):
        segments = cls.env['crm.segment'].with_user(cls.manager)
        return segments.create(
            {
                'name': 'Complaints',
                'is_suppression': True,
                'include_partner_ids': partners.ids,
                **values,
            }
        )

    def test_who_is_on_a_list_is_in_no_other_segment_whatever_that_says(self):
        segment = self.create_segment(include_partner_ids=self.alba.ids)
        self.assertEqual(segment._get_changes()[segment.id], {'enter': 1, 'leave': 0, 'stay': 0})
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.brisa)
        self.assertFalse(self.alba.category_id)
        self.complaints.include_partner_ids = self.brisa
        self.complaints.action_apply()
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.alba)

    def test_who_comes_onto_a_list_leaves_also_what_keeps_its_members(self):
        additive = self.create_segment(mode='additive', domain="[('ref', '=', 'SEG-FR')]")
        additive.action_apply()
        self.assertEqual(self.open_partners(additive), self.cierzo)
        self.complaints.include_partner_ids = self.cierzo
        self.complaints.action_apply()
        self.assertEqual(additive._get_changes()[additive.id]['leave'], 1)
        additive.action_apply()
        self.assertFalse(self.open_partners(additive))

    def test_lists_do_not_suppress_each_other(self):
        second = self._create_list(self.alba, name='Lawsuits')
        second.action_apply()
        self.assertEqual(self.open_partners(second), self.alba)

    def test_list_of_a_company_counts_for_the_segments_of_that_company(self):
        company = self.env['res.company'].create({'name': 'Segment Company B'})
        self.manager.company_ids |= company
        segments = self.env['crm.segment'].create(
            [
                {'name': name, 'company_id': owner.id, 'domain': "[('ref', '=', 'SEG-ES')]"}
                for name, owner in (
                    ('Here', self.env.company),
                    ('There', company),
                    ('Everywhere', company.browse()),
                )
            ]
        )
        self.complaints.sudo().company_id = company
        segments.action_apply()
        here, there, everywhere = (self.alba in self.open_partners(one) for one in segments)
        self.assertEqual((here, there, everywhere), (True, False, True))

    def test_lists_are_applied_first_and_a_circle_is_refused(self):
        segment = self.create_segment()
        order = list((segment | self.complaints).sudo()._sorted_to_apply())
        self.assertLess(order.index(self.complaints), order.index(segment))
        with self.assertRaisesRegex(ValidationError, 'circle'), self.cr.savepoint():
            self.complaints.parent_ids = segment
        child = self.create_segment(name='Child', parent_ids=segment.ids)
        with self.assertRaisesRegex(ValidationError, 'circle'), self.cr.savepoint():
            child.is_suppression = True
        self.complaints.action_archive()
        self.complaints.parent_ids = segment
        with self.assertRaisesRegex(ValidationError, 'circle'), self.cr.savepoint():
            self.complaints.action_unarchive()

    def test_a_list_that_is_switched_on_or_off_is_a_change_of_all(self):
        segment = self.create_segment()
        segment.action_apply()
        self.assertFalse(segment.is_changed)
        for method, *values in (
            ('write', {'is_suppression': False}),
            ('write', {'is_suppression': True}),
            ('action_archive',),
            ('action_unarchive',),
            ('action_draft',),
            ('action_apply',),
            ('unlink',),
        ):
            getattr(self.complaints, method)(*values)
            self.assertTrue(segment.is_changed, (method, values))
            segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.alba | self.brisa)

    def test_a_draft_keeps_nobody_out(self):
        self._create_list(self.brisa, name='Draft')
        segment = self.create_segment()
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.brisa)

    def test_explanation_names_the_list(self):
        segment = self.create_segment()
        form = Form(
            self.env['crm.segment.explanation']
            .with_user(self.salesman)
            .with_context(default_segment_id=segment.id)
        )
        form.partner_id = self.alba
        names = [line['name'] for line in form.line_ids._records]
        self.assertIn('On the suppression list "Complaints"', names)
        self.assertIn('Does not belong', form.verdict)
        form.partner_id = self.brisa
        self.assertNotIn('Complaints', str([line['name'] for line in form.line_ids._records]))

    def test_mailing_leaves_out_who_is_on_a_list_and_never_goes_to_a_list(self):
        if 'mailing.mailing' not in self.env:
            self.skipTest('Email Marketing is not installed')
        segment = self.create_segment(include_partner_ids=self.duna.ids)
        segment.action_apply()
        self.complaints.include_partner_ids |= self.brisa
        self.complaints.action_apply()
        action = segment.sudo().action_send_mailing()
        recipients = self.env['res.partner'].search(
            literal_eval(action['context']['default_mailing_domain'])
        )
        self.assertEqual(recipients, self.duna)
        with self.assertRaisesRegex(UserError, 'suppression list'):
            self.complaints.sudo().action_send_mailing()

    def test_order_asks_for_all_lists_at_once(self):
        self.create_segment()
        self.env.flush_all()
        counts = []
        for _round in range(2):
            self.env['crm.segment'].create([{'name': f'One of many {n}'} for n in range(20)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env['crm.segment']._get_dependencies()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
