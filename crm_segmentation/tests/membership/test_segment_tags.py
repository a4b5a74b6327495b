from psycopg2.errors import ForeignKeyViolation, UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentTags(SegmentCase):
    def test_tag_set_by_hand_before_survives_leaving(self):
        self.alba.category_id = self.tag
        segment = self.create_segment()
        segment.action_apply()
        (self.alba | self.brisa).ref = 'SEG-FR'
        segment.action_apply()
        self.assertEqual(self.alba.category_id, self.tag)
        self.assertFalse(self.brisa.category_id)

    def test_other_tags_are_never_touched(self):
        own = self.env['res.partner.category'].create({'name': 'Own'})
        (self.alba | self.cierzo).category_id = own
        segment = self.create_segment()
        segment.action_apply()
        self.assertEqual(self.alba.category_id, own | self.tag)
        self.alba.ref = 'SEG-FR'
        segment.action_apply()
        self.assertEqual((self.alba | self.cierzo).category_id, own)

    def test_tag_removed_by_hand_comes_back_to_a_member(self):
        segment = self.create_segment()
        segment.action_apply()
        self.alba.category_id = False
        segment.action_apply()
        self.assertEqual(self.alba.category_id, self.tag)

    def test_tag_put_back_by_hand_survives_leaving(self):
        segment = self.create_segment()
        segment.action_apply()
        (self.alba | self.brisa).with_user(self.manager).category_id = False
        self.alba.category_id = self.tag
        segment.action_apply()
        (self.alba | self.brisa).ref = 'SEG-FR'
        segment.action_apply()
        self.assertEqual(self.alba.category_id, self.tag)
        self.assertFalse(self.brisa.category_id)

    def test_two_segments_of_one_tag_share_it(self):
        first = self.create_segment()
        second = self.create_segment(
            name='Listed', mode='manual', include_partner_ids=self.alba.ids
        )
        first.action_apply()
        second.action_apply()
        self.alba.ref = 'SEG-FR'
        first.action_apply()
        self.assertEqual(self.alba.category_id, self.tag, 'the second segment still holds it')
        second.include_partner_ids = False
        second.action_apply()
        self.assertFalse(self.alba.category_id, 'it was ours all the time')

    def test_hand_tag_that_was_removed_belongs_to_all_holders(self):
        self.alba.category_id = self.tag
        first = self.create_segment()
        second = self.create_segment(
            name='Listed', mode='manual', include_partner_ids=self.alba.ids
        )
        (first | second).action_apply()
        self.alba.category_id = False
        first.action_apply()
        self.alba.ref = 'SEG-FR'
        first.action_apply()
        self.assertEqual(self.alba.category_id, self.tag)
        second.include_partner_ids = False
        second.action_apply()
        self.assertFalse(self.alba.category_id)

    def test_shared_tag_goes_with_the_last_after_an_edit(self):
        """The second segment gets the tag of the first when its members have it already."""
        self.brisa.category_id = self.tag
        first = self.create_segment()
        second = self.create_segment(name='Second', category_id=False)
        (first | second).action_apply()
        second.category_id = self.tag
        first.unlink()
        self.assertEqual(self.alba.category_id, self.tag, 'the second segment holds it')
        second.category_id = False
        self.assertFalse(self.alba.category_id)
        self.assertEqual(self.brisa.category_id, self.tag, 'set by hand')

    def test_shared_tag_goes_with_the_last_after_a_merge(self):
        """Each contact has the tag of one segment, or of somebody's hand."""
        first = self.create_segment(
            name='A', mode='manual', include_partner_ids=(self.alba | self.cierzo).ids
        )
        second = self.create_segment(name='B', mode='manual', include_partner_ids=self.brisa.ids)
        self.duna.category_id = self.tag
        (first | second).action_apply()
        self.merge(self.alba, self.brisa)
        self.merge(self.cierzo, self.duna)
        first.include_partner_ids = False
        first.action_apply()
        self.assertEqual(self.brisa.category_id, self.tag, 'the second segment holds it')
        second.include_partner_ids = False
        second.action_apply()
        self.assertFalse(self.brisa.category_id)
        self.assertEqual(self.duna.category_id, self.tag, 'set by hand')

    def merge(self, partner, into):
        wizard = self.env['base.partner.merge.automatic.wizard']
        wizard._merge((partner | into).ids, into)
        self.env.invalidate_all()

    def test_changing_the_tag_moves_the_members(self):
        self.alba.category_id = self.tag
        segment = self.create_segment()
        segment.action_apply()
        new = self.env['res.partner.category'].create({'name': 'Iberia'})
        segment.category_id = new
        self.assertEqual(self.alba.category_id, self.tag | new, 'the hand-set one stays')
        self.assertEqual(self.brisa.category_id, new)
        segment.category_id = False
        self.assertEqual(self.alba.category_id, self.tag)
        self.assertFalse(self.brisa.category_id)

    def test_deleting_a_segment_takes_its_tags_along(self):
        self.alba.category_id = self.tag
        segment = self.create_segment()
        segment.action_apply()
        segment.unlink()
        self.assertEqual(self.tag.partner_ids, self.alba)

    def test_archiving_a_segment_leaves_members_and_tags(self):
        segment = self.create_segment()
        segment.action_apply()
        segment.action_archive()
        self.assertEqual(self.tag.partner_ids, self.alba | self.brisa)
        self.assertEqual(segment.member_count, 2)

    def test_tag_of_a_segment_cannot_be_deleted(self):
        segment = self.create_segment()
        with (
            self.assertRaises(ForeignKeyViolation),
            mute_logger('odoo.sql_db'),
            self.cr.savepoint(),
        ):
            self.tag.unlink()
        segment.unlink()
        self.tag.unlink()
        self.assertFalse(self.tag.exists())

    def test_segment_without_tag_has_members_all_the_same(self):
        segment = self.create_segment(category_id=False)
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.alba | self.brisa)
        self.assertFalse(any(segment.membership_ids.mapped('tag_added')))

    def test_second_open_membership_is_refused_by_the_database(self):
        segment = self.create_segment()
        segment.action_apply()
        memberships = self.env['crm.segment.membership']
        values = {
            'segment_id': segment.id,
            'partner_id': self.alba.id,
            'reason': 'criteria',
            'date_in': '2026-01-01 00:00:00',
        }
        memberships.create(dict(values, date_out='2026-02-01 00:00:00'))
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            memberships.create(values)

    def test_related_fields_of_others_follow_the_tags(self):
        user = self.env['res.users'].create(
            {'name': 'Alba', 'login': 'segment_alba', 'partner_id': self.alba.id}
        )
        self.assertFalse(user.category_id)
        segment = self.create_segment()
        segment.action_apply()
        self.assertEqual(user.category_id, self.tag)


@tagged('post_install', '-at_install')
class TestSegmentStoredFields(SegmentCase):
    """Another addon stores what depends on the tags of contacts."""

    def create_tag_count(self, model_name, depends):
        model = self.env['ir.model']._get(model_name)
        self.addCleanup(self.registry.reset_changes)
        self.env['ir.model.fields'].create(
            {
                'model_id': model.id,
                'name': 'x_segment_tag_count',
                'ttype': 'integer',
                'field_description': 'Tags',
                'store': True,
                'depends': depends,
                'compute': 'for record in self:\n'
                f"    record['x_segment_tag_count'] = len(record.{depends})",
            }
        )

    def test_field_of_the_contact_follows_the_tags(self):
        self.create_tag_count('res.partner', 'category_id')
        self.assertEqual(self.alba.x_segment_tag_count, 0)
        segment = self.create_segment()
        segment.action_apply()
        self.assertEqual(self.alba.x_segment_tag_count, 1)
        self.alba.ref = 'SEG-FR'
        segment.action_apply()
        self.assertEqual(self.alba.x_segment_tag_count, 0)

    def test_field_of_another_model_follows_the_tags(self):
        self.create_tag_count('crm.lead', 'partner_id.category_id')
        lead = self.env['crm.lead'].create({'name': 'Lead', 'partner_id': self.alba.id})
        self.create_segment().action_apply()
        self.assertEqual(lead.x_segment_tag_count, 1)
        mine = [('partner_id', '=', self.alba.id), ('x_segment_tag_count', '=', 1)]
        self.assertEqual(self.env['crm.lead'].search(mine), lead, 'stored')


@tagged('post_install', '-at_install')
class TestSegmentTracking(SegmentCase):
    """Another addon tracks the tags of contacts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        field = cls.env['res.partner']._fields['category_id']
        field.tracking = True
        cls.addClassCleanup(field.__dict__.pop, 'tracking', None)
        cls.registry.clear_cache()
        cls.addClassCleanup(cls.registry.clear_cache)

    def tracked(self, partner):
        """Return what was logged on a contact, oldest first."""
        values = partner.message_ids.sudo().tracking_value_ids.sorted('id')
        return [(value.old_value_char or '', value.new_value_char or '') for value in values]

    def test_each_change_is_logged_once(self):
        own = self.env['res.partner.category'].create({'name': 'Own'})
        self.brisa.category_id = own
        self.flush_tracking()
        before = self.tracked(self.brisa)
        segment = self.create_segment()
        segment.action_apply()
        segment.action_apply()
        self.assertEqual(self.tracked(self.alba), [('', 'Spain')])
        self.assertEqual(self.tracked(self.brisa), [*before, ('Own', 'Own, Spain')])
        self.alba.ref = 'SEG-FR'
        segment.action_apply()
        self.assertEqual(self.tracked(self.alba), [('', 'Spain'), ('Spain', '')])
        self.assertFalse(self.tracked(self.cierzo))

    def test_tag_that_was_there_is_not_logged(self):
        self.alba.category_id = self.tag
        self.flush_tracking()
        before = self.tracked(self.alba)
        segment = self.create_segment()
        segment.action_apply()
        segment.unlink()
        self.assertEqual(self.tracked(self.alba), before)

    def test_tracking_that_is_switched_off_logs_nothing(self):
        self.create_segment().with_context(tracking_disable=True).action_apply()
        self.assertFalse(self.tracked(self.alba))

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.flush()
