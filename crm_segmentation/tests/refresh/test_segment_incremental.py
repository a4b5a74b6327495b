import random

from odoo.fields import Command
from odoo.tests import tagged

from ..real_transactions import RealTransactionCase

REFS = ('REAL-IN', 'REAL-OUT')


@tagged('post_install', '-at_install')
class TestSegmentIncremental(RealTransactionCase):
    def prepare_partners(self):
        return [
            {'name': f'Real {number}', 'ref': REFS[number % 2], 'is_company': number % 3 == 0}
            for number in range(24)
        ]

    def refresh(self, segment_id, incremental=True):
        """Apply in a transaction of its own and return the change."""
        with self.registry.cursor() as cr:
            segment = self.as_root(cr)['crm.segment'].browse(segment_id)
            return segment._apply_changes(incremental=incremental)

    def follows_changes(self, segment_id):
        """Say whether the next refresh would look at changed contacts only."""
        with self.registry.cursor() as cr:
            segment = self.as_root(cr)['crm.segment'].browse(segment_id)
            return segment._load_suspects(segment._get_refresh_mark()) is not None

    def edit(self, function):
        with self.registry.cursor() as cr:
            partners = self.as_root(cr)['res.partner'].with_context(active_test=False)
            function(partners.browse(self.partner_ids).exists())

    def members(self, segment_id):
        with self.registry.cursor() as cr:
            return self.open_partner_ids(self.as_root(cr), segment_id)

    def test_contacts_enter_and_leave_as_they_change(self):
        segment_id = self.create_segment(category_id=self.tag_id)
        self.assertFalse(self.follows_changes(segment_id))
        self.assertEqual(self.refresh(segment_id), {'enter': 12, 'leave': 0})
        self.assertTrue(self.follows_changes(segment_id))
        self.assertEqual(self.refresh(segment_id), {'enter': 0, 'leave': 0})
        self.edit(lambda partners: partners[1].write({'ref': 'REAL-IN'}))
        self.assertEqual(self.refresh(segment_id), {'enter': 1, 'leave': 0})
        self.edit(lambda partners: partners[0].write({'ref': 'REAL-OUT'}))
        self.assertEqual(self.refresh(segment_id), {'enter': 0, 'leave': 1})

    def test_condition_finds_the_rows_written_since(self):
        """All transactions before the mark are over, so what they wrote is left out."""
        with self.registry.cursor() as cr:
            env = self.as_root(cr)
            partners = env['res.partner'].browse(self.partner_ids)
            partners[0].ref = 'REAL-OUT'
            env.flush_all()
            cr.execute(
                """SELECT id FROM res_partner
                    WHERE id = ANY(%s) AND age(xmin) <= age(pg_current_xact_id()::xid)""",
                [partners.ids],
            )
            self.assertEqual(cr.fetchall(), [(partners[0].id,)])

    def test_change_that_is_committed_late_is_not_missed(self):
        segment_id = self.create_segment()
        self.refresh(segment_id)
        with self.registry.cursor() as late:
            self.as_root(late)['res.partner'].browse(self.partner_ids[1]).ref = 'REAL-IN'
            self.as_root(late).flush_all()
            self.edit(lambda partners: partners[3].write({'ref': 'REAL-IN'}))
            self.assertEqual(self.refresh(segment_id), {'enter': 1, 'leave': 0})
            late.commit()
        self.assertEqual(self.refresh(segment_id), {'enter': 1, 'leave': 0})

    def test_write_in_sql_is_not_missed(self):
        segment_id = self.create_segment()
        self.refresh(segment_id)
        self.edit(
            lambda partners: partners.env.cr.execute(
                "UPDATE res_partner SET ref = 'REAL-IN' WHERE id = %s", [self.partner_ids[1]]
            )
        )
        self.assertEqual(self.refresh(segment_id), {'enter': 1, 'leave': 0})

    def test_changed_criteria_look_at_everybody(self):
        segment_id = self.create_segment()
        self.refresh(segment_id)
        with self.registry.cursor() as cr:
            segment = self.as_root(cr)['crm.segment'].browse(segment_id)
            segment.domain = "[('ref', '=', 'REAL-OUT')]"
        self.assertFalse(self.follows_changes(segment_id))
        self.assertEqual(self.refresh(segment_id), {'enter': 12, 'leave': 12})

    def test_criteria_on_other_documents_look_at_everybody(self):
        for values in (
            {'domain': "[('ref', '=', 'REAL-IN'), ('category_id.name', '!=', 'Unreal')]"},
            {'mode': 'additive'},
        ):
            with self.subTest(**values):
                segment_id = self.create_segment(**values)
                self.refresh(segment_id)
                self.assertFalse(self.follows_changes(segment_id))

    def test_tag_removed_by_hand_comes_back(self):
        segment_id = self.create_segment(category_id=self.tag_id)
        self.refresh(segment_id)
        with self.registry.cursor() as cr:
            self.as_root(cr)['res.partner.category'].browse(self.tag_id).partner_ids = False
        self.refresh(segment_id)
        self.edit(
            lambda partners: self.assertEqual(
                partners.filtered('category_id').ids, sorted(self.members(segment_id))
            )
        )

    def test_who_comes_onto_a_suppression_list_or_leaves_it_is_followed(self):
        segment_id = self.create_segment()
        list_id = self.create_segment(domain=False, is_suppression=True)
        for id_ in (list_id, segment_id):
            self.refresh(id_)
        self.assertTrue(self.follows_changes(segment_id))
        for partner_ids, change in (
            (self.partner_ids[:1], {'enter': 0, 'leave': 1}),
            ([], {'enter': 1, 'leave': 0}),
        ):
            self.edit_segment(list_id, include_partner_ids=[Command.set(partner_ids)])
            self.refresh(list_id)
            self.assertTrue(self.follows_changes(segment_id))
            self.assertEqual(self.refresh(segment_id), change)
        self.edit_segment(list_id, is_suppression=False)
        self.assertFalse(self.follows_changes(segment_id), 'the lists are others')

    def edit_segment(self, segment_id, **values):
        with self.registry.cursor() as cr:
            self.as_root(cr)['crm.segment'].browse(segment_id).write(values)

    def ref(self, xml_id):
        with self.registry.cursor() as cr:
            return self.as_root(cr).ref(xml_id).id

    def test_incremental_equals_full(self):
        """After random edits the segments that follow changes have the members of the others."""
        chance = random.Random(7)
        calls = {'metric_id': self.ref('crm_segmentation.metric_call_count')}
        kinds = (
            {},
            {'scope': 'companies', 'domain': "[('ref', '=like', 'REAL-I%')]"},
            {
                'domain': "[('ref', '=like', 'REAL-%')]",
                'rule_ids': [Command.create({**calls, 'operator': '>=', 'value': 1})],
            },
            {
                'include_partner_ids': self.partner_ids[:2],
                'exclude_partner_ids': self.partner_ids[2:4],
            },
        )
        pairs = [(self.create_segment(**kind), self.create_segment(**kind)) for kind in kinds]
        tagging = self.create_segment(category_id=self.tag_id)
        by_hand = self.partner_ids[5]
        self.edit(lambda partners: partners[5].write({'category_id': [(4, self.tag_id)]}))
        for _round in range(8):
            for _edit in range(chance.randint(1, 3)):
                self.edit(chance.choice(EDITS)(chance))
            self.refresh(tagging)
            self.assertEqual(self.refresh(tagging), {'enter': 0, 'leave': 0})
            for following, complete in pairs:
                self.refresh(following)
                self.refresh(complete, incremental=False)
                self.assertEqual(self.members(following), self.members(complete))
                self.assertEqual(self.refresh(following), {'enter': 0, 'leave': 0})
            self.edit(
                lambda partners: self.assertIn(
                    self.tag_id, partners.browse(by_hand).category_id.ids
                )
            )


def _move(chance):
    return lambda partners: partners[chance.randrange(len(partners))].write(
        {'ref': chance.choice(REFS)}
    )


def _archive(chance):
    def toggle(partners):
        partner = partners[chance.randrange(len(partners))]
        partner.active = not partner.active

    return toggle


def _become_company(chance):
    return lambda partners: partners[chance.randrange(len(partners))].write(
        {'is_company': chance.choice((True, False))}
    )


def _call(chance):
    return lambda partners: partners.env['crm.call'].create(
        {
            'name': 'Real',
            'partner_id': partners[chance.randrange(len(partners))].id,
            'state': 'held',
            'date': '2026-01-01 10:00:00',
        }
    )


def _delete_calls(_chance):
    return lambda partners: (
        partners.env['crm.call'].search([('partner_id', 'in', partners.ids)], limit=2).unlink()
    )


def _delete(chance):
    return lambda partners: partners[chance.randrange(6, len(partners))].unlink()


def _merge(chance):
    def merge(partners):
        kept, gone = partners[6], partners[chance.randrange(7, len(partners))]
        wizard = partners.env['base.partner.merge.automatic.wizard']
        wizard._merge((kept | gone).ids, kept)

    return merge


def _write_in_sql(chance):
    return lambda partners: partners.env.cr.execute(
        'UPDATE res_partner SET ref = %s WHERE id = %s',
        [chance.choice(REFS), partners[chance.randrange(len(partners))].id],
    )


EDITS = (_move, _archive, _become_company, _call, _delete_calls, _delete, _merge, _write_in_sql)
