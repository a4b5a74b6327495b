from odoo.tests import tagged

from odoo.addons.crm_extended.tests.import_common import ImportMixin

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentFile(ImportMixin, SegmentCase):
    """Hand lists of an older system as segments."""

    def test_templates_in_both_languages_make_hand_lists(self):
        hands = ('include_partner_ids', 'exclude_partner_ids')
        for language in ('en_US', 'es_ES'):
            with self.subTest(language=language):
                result = self.import_template(
                    'crm.segment', language, create=hands, user=self.manager
                )
                self.assertFalse(result['messages'])
                first, second = self.env['crm.segment'].browse(result['ids'])
                self.assertEqual((first | second).mapped('mode'), ['manual', 'manual'])
                self.assertEqual(len(first.include_partner_ids), 2)
                self.assertEqual(len(second.exclude_partner_ids), 1)
                first.with_user(self.manager).action_apply()
                self.assertEqual(self.open_partners(first), first.include_partner_ids)

    def test_imported_again_list_is_replaced_and_salespeople_import_none(self):
        columns, first = ('id', 'name', 'mode', 'include_partner_ids'), 'Alba,Brisa'
        row = ['hand', 'By hand', 'By hand', first]
        made = self.load('crm.segment', columns, [row], user=self.manager)
        self.assertFalse(made['messages'])
        again = self.load('crm.segment', columns, [[*row[:3], 'Cierzo']], user=self.manager)
        self.assertEqual(again['ids'], made['ids'])
        segment = self.env['crm.segment'].browse(made['ids'])
        self.assertEqual(segment.include_partner_ids, self.cierzo)
        refused = self.load('crm.segment', columns, [['x', *row[1:]]], user=self.salesman)
        self.assertFalse(refused['ids'])
