from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentOfSegments(SegmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env['res.partner.category']

    def test_only_members_of_another_segment_match(self):
        spanish = self.create_segment()
        named = self.create_segment(
            name='Named A', domain="[('name', '=', 'Alba')]", parent_ids=spanish.ids
        )
        everybody = self.create_segment(name='Same', domain=False, parent_ids=spanish.ids)
        spanish.action_apply()
        (named | everybody).action_apply()
        self.assertEqual(self.open_partners(named), self.alba)
        self.assertEqual(self.open_partners(everybody), self.alba | self.brisa)

    def test_members_of_an_unwanted_segment_do_not_match(self):
        spanish = self.create_segment()
        rest = self.create_segment(
            name='Rest', domain="[('ref', '=like', 'SEG-%')]", not_parent_ids=spanish.ids
        )
        (rest | spanish).action_apply()
        self.assertEqual(self.open_partners(rest), self.cierzo, 'the used one is applied first')

    def test_members_of_either_segment_match(self):
        spanish = self.create_segment()
        french = self.create_segment(name='French', domain="[('ref', '=', 'SEG-FR')]")
        either = self.create_segment(name='Either', domain=False, parent_ids=(spanish | french).ids)
        (either | spanish | french).action_apply()
        self.assertEqual(self.open_partners(either), self.alba | self.brisa | self.cierzo)

    def test_hand_list_of_the_other_segment_counts(self):
        spanish = self.create_segment(include_partner_ids=self.cierzo.ids)
        child = self.create_segment(name='Child', domain=False, parent_ids=spanish.ids)
        (child | spanish).action_apply()
        self.assertIn(self.cierzo, self.open_partners(child))

    def test_circle_is_refused_with_its_segments(self):
        first = self.create_segment(name='First')
        second = self.create_segment(name='Second', parent_ids=first.ids)
        third = self.create_segment(name='Third', not_parent_ids=second.ids)
        with self.assertRaisesRegex(ValidationError, 'circle: .*→.*→'), self.cr.savepoint():
            first.parent_ids = third
        with self.assertRaisesRegex(ValidationError, 'First → First'), self.cr.savepoint():
            first.parent_ids = first

    def test_circle_through_a_group_is_refused(self):
        group = self.env['crm.segment.group'].with_user(self.manager).create({'name': 'A/B'})
        first = self.create_segment(name='First', group_id=group.id, sequence=1)
        second = self.create_segment(name='Second', group_id=group.id, sequence=2)
        with self.assertRaisesRegex(ValidationError, 'circle'), self.cr.savepoint():
            first.not_parent_ids = second
        second.parent_ids = first

    def test_a_group_is_one_node_of_the_order(self):
        """C feeds the group of A and B, and K takes nobody of A."""
        group = self.env['crm.segment.group'].with_user(self.manager).create({'name': 'A/B'})
        rest = self.create_segment(name='K')
        first = self.create_segment(name='A', group_id=group.id, sequence=1)
        second = self.create_segment(name='B', group_id=group.id, sequence=2)
        source = self.create_segment(name='C')
        second.parent_ids = source
        rest.not_parent_ids = first
        units = (rest | first | source).sudo()._get_refresh_units()
        self.assertEqual([unit.mapped('name') for unit in units], [['C'], ['A', 'B'], ['K']])
        (rest | first | source).action_apply()
        self.assertFalse(self.open_partners(rest), 'whoever A takes was known')
        with self.assertRaisesRegex(ValidationError, 'circle'), self.cr.savepoint():
            source.parent_ids = first

    def test_tags_and_members_in_criteria_are_dependencies(self):
        tag = self.env['res.partner.category'].create({'name': 'Sunny'})
        below = self.env['res.partner.category'].create({'name': 'Hot', 'parent_id': tag.id})
        asked = {
            'by tag': [('category_id', 'in', below.ids)],
            'by the tag above': [('category_id', 'child_of', tag.id)],
            'by a part of its name': [('category_id', 'ilike', 'Ho')],
            'by a field of the tag': [('category_id.name', '=', 'Hot')],
            'of the company': [('parent_id', 'any', [('category_id', '=', below.id)])],
            'without a tag': [('category_id', '=', False)],
            'as a member': [('crm_segment_ids.name', '=', 'Giver')],
            'by membership': [('crm_segment_membership_ids.segment_id', 'ilike', 'Give')],
        }
        readers = self.create_segment(name='Reader')
        for domain in asked.values():
            readers |= self.create_segment(name='Reader', domain=repr(domain))
        other = self.create_segment(name='Other', domain=repr([('category_id', '=', tag.id)]))
        giver = self.create_segment(name='Giver', category_id=below.id)
        order = list((readers | other | giver).sudo()._sorted_to_apply())
        uses = giver.sudo()._get_dependencies()
        self.assertEqual(
            {segment.id for segment in readers if giver.id in uses[segment.id]},
            set(readers[1:].ids),
        )
        self.assertTrue(all(order.index(giver) < order.index(one) for one in readers[1:]))
        self.assertNotIn(giver.id, uses[other.id])
        with self.assertRaisesRegex(ValidationError, 'circle: .*Giver'), self.cr.savepoint():
            giver.parent_ids = readers[1]

    def test_segment_that_asks_for_what_it_writes_is_refused(self):
        tag = self.env['res.partner.category'].create({'name': 'Sunny'})
        segment = self.create_segment(name='Giver', category_id=tag.id)
        for domain, sentence in (
            ([('category_id', 'in', tag.ids)], 'the tag "Sunny"'),
            ([('category_id', '=', False)], 'the tag "Sunny"'),
            ([('crm_segment_ids', 'in', segment.ids)], 'its own members'),
            ([('crm_segment_membership_ids.date_out', '=', False)], 'its own members'),
        ):
            with (
                self.subTest(domain=domain),
                self.assertRaisesRegex(ValidationError, sentence),
                self.cr.savepoint(),
            ):
                segment.domain = repr(domain)
        by_hand = self.create_segment(
            name='By hand', mode='manual', domain=repr([('category_id', 'in', tag.ids)])
        )
        by_hand.category_id = tag
        with self.assertRaisesRegex(ValidationError, 'the tag "Sunny"'), self.cr.savepoint():
            by_hand.mode = 'dynamic'

    def test_documents_that_ask_for_tags_are_dependencies(self):
        tag = self.env['res.partner.category'].create({'name': 'Sunny'})
        giver = self.create_segment(name='Giver', category_id=tag.id)
        metric = self.env['crm.segment.metric'].create(
            {
                'name': 'Sunny calls',
                'model': 'crm.call',
                'domain': repr([('partner_id.category_id', 'in', tag.ids)]),
            }
        )
        rule = {'metric_id': metric.id, 'operator': '>=', 'value': 1}
        caller = self.create_segment(name='Caller', rule_ids=[Command.create(rule)])
        self.assertIn(giver.id, caller.sudo()._get_dependencies()[caller.id])
        with self.assertRaisesRegex(ValidationError, 'the tag "Sunny"'), self.cr.savepoint():
            giver.rule_ids = [Command.create(rule)]
        metric.domain = '[]'
        giver.rule_ids = [Command.create(rule)]
        with self.assertRaisesRegex(ValidationError, 'the tag "Sunny"'), self.cr.savepoint():
            metric.domain = repr([('partner_id.category_id', 'in', tag.ids)])

    def test_used_segment_is_neither_deleted_nor_archived(self):
        used = self.create_segment(name='Used one')
        user = self.create_segment(name='User', parent_ids=used.ids)
        with self.assertRaisesRegex(UserError, 'Used one'), self.cr.savepoint():
            used.unlink()
        with self.assertRaisesRegex(ValidationError, 'Used one'), self.cr.savepoint():
            used.action_archive()
        user.action_archive()
        used.action_archive()
        with self.assertRaisesRegex(ValidationError, 'Used one'), self.cr.savepoint():
            user.action_unarchive()
        (used | user).action_unarchive()
        (used | user).unlink()

    def test_other_segments_are_of_the_same_company(self):
        other = self.env['res.company'].create({'name': 'Segment Company B'})
        elsewhere = self.env['crm.segment'].create({'name': 'Elsewhere', 'company_id': other.id})
        with self.assertRaises(UserError), self.cr.savepoint():
            self.create_segment(parent_ids=elsewhere.ids)
        shared = self.create_segment(name='Shared')
        self.create_segment(name='Child', parent_ids=shared.ids)
        with self.assertRaises(UserError), self.cr.savepoint():
            shared.sudo().company_id = other


@tagged('post_install', '-at_install')
class TestSegmentGroup(SegmentCase):
    """Segments A and B of one group, both with a tag of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag_b = cls.env['res.partner.category'].create({'name': 'B'})
        cls.group = cls.env['crm.segment.group'].with_user(cls.manager).create({'name': 'A and B'})

    def _create_pair(self, **values_b):
        first = self.create_segment(name='A', group_id=self.group.id, sequence=1)
        second = self.create_segment(
            **{
                'name': 'B',
                'group_id': self.group.id,
                'sequence': 2,
                'category_id': self.tag_b.id,
                'domain': "[('ref', '=like', 'SEG-%')]",
                **values_b,
            }
        )
        return first, second

    def test_first_match_wins(self):
        first, second = self._create_pair()
        self.assertEqual((first | second)._preview(), {first.id: 2, second.id: 1})
        second.action_apply()
        self.assertEqual(self.open_partners(first), self.alba | self.brisa, 'the group is applied')
        self.assertEqual(self.open_partners(second), self.cierzo)

    def test_contact_that_moves_wears_one_tag(self):
        first, second = self._create_pair()
        self.group.action_apply()
        self.alba.ref, self.cierzo.ref = 'SEG-FR', 'SEG-ES'
        first.action_apply()
        self.assertEqual(self.open_partners(first), self.brisa | self.cierzo)
        self.assertEqual(self.open_partners(second), self.alba)
        self.assertEqual(self.alba.category_id, self.tag_b)
        self.assertEqual(self.cierzo.category_id, self.tag)

    def test_order_is_what_was_dragged(self):
        first, second = self._create_pair()
        self.group.action_apply()
        second.sequence = 0
        self.group.action_apply()
        self.assertFalse(self.open_partners(first))
        self.assertEqual(self.open_partners(second), self.alba | self.brisa | self.cierzo)
        self.assertEqual(self.alba.category_id, self.tag_b)

    def test_additive_segment_gives_up_who_an_earlier_one_takes(self):
        _first, second = self._create_pair(mode='additive')
        self.group.action_apply()
        self.cierzo.ref = 'SEG-ES'
        self.assertEqual(second._get_changes()[second.id], {'enter': 0, 'leave': 1, 'stay': 0})
        self.group.action_apply()
        self.assertFalse(self.open_partners(second))
        self.assertEqual(self.cierzo.category_id, self.tag)

    def test_additive_segment_keeps_whom_it_has_from_later_ones(self):
        first, second = self._create_pair()
        first.mode = 'additive'
        self.group.action_apply()
        self.alba.ref = 'SEG-FR'
        self.group.action_apply()
        self.assertIn(self.alba, self.open_partners(first))
        self.assertNotIn(self.alba, self.open_partners(second))

    def test_excluded_by_hand_falls_through_to_the_next(self):
        first, second = self._create_pair()
        first.exclude_partner_ids = self.alba
        self.group.action_apply()
        self.assertEqual(self.open_partners(second), self.alba | self.cierzo)

    def test_preview_of_the_group_is_what_applying_makes(self):
        first, second = self._create_pair(mode='additive', include_partner_ids=self.alba.ids)
        first.exclude_partner_ids = self.alba
        self.group.action_apply()
        self.brisa.ref, self.cierzo.ref = 'GONE', 'SEG-ES'
        third = self.create_segment(
            name='C',
            group_id=self.group.id,
            sequence=3,
            domain=repr([('id', 'in', (self.brisa | self.duna).ids)]),
            scope='both',
        )
        announced = (third | first | second)._preview()
        self.group.action_apply()
        self.assertEqual(
            announced,
            {segment.id: len(self.open_partners(segment)) for segment in (third, first, second)},
        )
        self.assertEqual(announced[third.id], 2)

    def test_archived_segment_leaves_the_rest_alone(self):
        first, second = self._create_pair()
        first.action_archive()
        self.assertEqual(second._preview(), {second.id: 3})

    def test_group_is_managed_by_managers(self):
        as_salesman = self.group.with_user(self.salesman)
        self.assertEqual(as_salesman.name, 'A and B')
        self._create_pair()
        for refused in (as_salesman.unlink, as_salesman.action_apply):
            with self.assertRaises(AccessError), self.cr.savepoint():
                refused()
        other = self.env['res.company'].create({'name': 'Segment Company B'})
        elsewhere = self.env['crm.segment.group'].create(
            {
                'name': 'Elsewhere',
                'company_id': other.id,
                'segment_ids': [Command.create({'name': 'A', 'company_id': other.id})],
            }
        )
        with self.assertRaises(AccessError):
            elsewhere.with_user(self.manager).read(['name'])
