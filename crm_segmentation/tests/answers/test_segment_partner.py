from odoo.tests import tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentPartner(SegmentCase):
    def test_card_counts_open_memberships_of_the_whole_hierarchy(self):
        self.duna.parent_id = self.alba
        segment = self.create_segment(scope='both')
        other = self.create_segment(
            name='Other', category_id=False, include_partner_ids=self.cierzo.ids, mode='manual'
        )
        (segment | other).action_apply()
        other.include_partner_ids = self.alba
        other.action_apply()
        alba = self.alba.with_user(self.salesman)
        self.assertEqual(alba.crm_segment_count, 3)
        self.assertEqual(self.cierzo.with_user(self.salesman).crm_segment_count, 0)

    def test_button_opens_exactly_what_it_counts(self):
        self.duna.parent_id = self.alba
        segment = self.create_segment(scope='both')
        segment.action_apply()
        alba = self.alba.with_user(self.salesman)
        action = alba.action_view_crm_segments()
        opened = (
            self.env[action['res_model']]
            .with_user(self.salesman)
            .with_context(**action['context'])
            .search(action['domain'])
        )
        self.assertEqual(len(opened), alba.crm_segment_count)
        self.assertEqual(opened.partner_id, self.alba | self.duna)
        self.assertFalse([key for key in action['context'] if key.startswith('search_default')])

    def test_line_of_the_card_names_the_segments(self):
        self.assertNotIn('segments', self._facts(self.salesman))
        for number in range(5):
            segment = self.create_segment(name=f'Segment {number}', scope='both')
            segment.action_apply()
        fact = self._facts(self.salesman)['segments']
        self.assertEqual(fact['value'], 'Segment 0, Segment 1, Segment 2 +2')
        self.assertEqual(fact['action'], 'action_view_crm_segments')

    def _facts(self, user):
        facts = self.alba.with_user(user).action_tell_crm_facts()
        return {fact['name']: fact for fact in facts}

    def test_why_on_the_card_explains_this_contact(self):
        segment = self.create_segment()
        segment.action_apply()
        membership = self.alba.with_user(self.salesman).crm_segment_membership_ids
        action = membership.action_explain()
        explanation = (
            self.env[action['res_model']]
            .with_user(self.salesman)
            .with_context(**action['context'])
            .create({})
        )
        self.assertEqual(explanation.segment_id, segment)
        self.assertEqual(explanation.partner_id, self.alba)
        self.assertTrue(explanation.line_ids[0].holds)

    def test_members_button_opens_the_members(self):
        segment = self.create_segment()
        segment.action_apply()
        self.alba.action_archive()
        action = segment.with_user(self.salesman).action_view_members()
        opened = (
            self.env[action['res_model']]
            .with_user(self.salesman)
            .with_context(**action['context'])
            .search(action['domain'])
        )
        self.assertEqual(opened, self.alba | self.brisa)
        self.assertEqual(segment.member_count, 2)

    def test_contacts_are_found_by_segment(self):
        segment = self.create_segment()
        segment.action_apply()
        self.brisa.ref = 'SEG-FR'
        segment.action_apply()
        partners = self.env['res.partner'].with_user(self.salesman)
        ours = [('ref', '=like', 'SEG-%')]
        self.assertEqual(partners.search([('crm_segment_ids', '=', segment.id)]), self.alba)
        self.assertEqual(partners.search([('crm_segment_ids', 'ilike', 'spanish comp')]), self.alba)
        self.assertEqual(
            partners.search([*ours, ('crm_segment_ids', 'not in', segment.ids)]),
            self.brisa | self.cierzo | self.duna,
        )
        self.assertEqual(
            partners.search([*ours, ('crm_segment_ids', '=', False)]),
            self.brisa | self.cierzo | self.duna,
        )
        self.assertEqual(self.alba.with_user(self.salesman).crm_segment_ids, segment)

    def test_kanban_statistics_show_the_segments_to_salespeople(self):
        self.create_segment().action_apply()

        def labels(partner):
            return [entry['label'] for entry in partner.application_statistics or []]

        self.assertIn('Segments', labels(self.alba.with_user(self.salesman)))
        self.assertNotIn('Segments', labels(self.cierzo.with_user(self.salesman)))

    def test_deleted_contact_takes_its_memberships_along(self):
        segment = self.create_segment()
        segment.action_apply()
        self.alba.unlink()
        self.assertEqual(self.open_partners(segment), self.brisa)
        segment.action_apply()
        self.assertEqual(segment.member_count, 1)

    def test_merged_contacts_stay_one_member(self):
        segment = self.create_segment()
        segment.action_apply()
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.alba | self.brisa).ids, self.alba
        )
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.alba)
        self.assertEqual(self.tag.partner_ids, self.alba)

    def test_merge_keeps_a_tag_that_was_set_by_hand(self):
        self.cierzo.category_id = self.tag
        segment = self.create_segment()
        segment.action_apply()
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.alba | self.cierzo).ids, self.alba
        )
        self.alba.ref = 'SEG-FR'
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.brisa)
        self.assertEqual(self.alba.category_id, self.tag)
