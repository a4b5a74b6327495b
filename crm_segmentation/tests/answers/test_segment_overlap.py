import json
from urllib.parse import parse_qs, urlsplit

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentOverlap(SegmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        segments = cls.env['crm.segment'].with_user(cls.manager)
        cls.spanish, cls.companies = segments.create(
            [
                {'name': 'Spanish', 'domain': "[('ref', '=', 'SEG-ES')]"},
                {
                    'name': 'Companies',
                    'domain': "[('ref', '=like', 'SEG-%')]",
                    'scope': 'companies',
                },
            ]
        )
        (cls.spanish | cls.companies).action_apply()

    def test_counts_are_what_the_lists_show(self):
        action = (self.spanish | self.companies).with_user(self.salesman).action_compare()
        form = Form(
            self.env[action['res_model']].with_user(self.salesman).with_context(**action['context'])
        )
        self.assertEqual(form.only_first_count, 1)
        self.assertEqual(form.both_count, 2)
        self.assertEqual(form.only_second_count, 1)
        overlap = form.save()
        for button, expected in (
            (overlap.action_view_only_first, self.duna),
            (overlap.action_view_both, self.alba | self.brisa),
            (overlap.action_view_only_second, self.cierzo),
        ):
            opened = button()
            partners = self.env['res.partner'].with_user(self.salesman)
            self.assertEqual(
                partners.with_context(**opened['context']).search(opened['domain']), expected
            )
            json.dumps(opened['domain'])

    def test_nothing_is_counted_before_both_are_chosen(self):
        form = Form(self.env['crm.segment.overlap'].with_context(default_first_id=self.spanish.id))
        self.assertEqual((form.only_first_count, form.both_count), (0, 0))
        form.second_id = self.companies
        self.assertEqual(form.both_count, 2)

    def test_export_asks_for_the_members_of_the_segment(self):
        action = self.spanish.with_user(self.salesman).action_export_members()
        data = json.loads(parse_qs(urlsplit(action['url']).query)['data'][0])
        self.assertEqual(
            self.env['res.partner'].search(data['domain']), self.alba | self.brisa | self.duna
        )
        exported = (
            self.env['res.partner']
            .search(data['domain'])
            .export_data([field['name'] for field in data['fields']])
        )
        self.assertEqual(exported['datas'][0][0], 'Alba')
        self.assertTrue(all(field['label'] for field in data['fields']))

    def test_comparing_is_for_salespeople(self):
        with self.assertRaises(AccessError):
            self.env['crm.segment.overlap'].with_user(self.env.ref('base.public_user')).create({})
