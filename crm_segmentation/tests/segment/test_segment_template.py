from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentTemplate(SegmentCase):
    def _use(self, name, **context):
        """Create the segments of a shipped template as the manager."""
        template = self.env.ref(f'crm_segmentation.crm_segment_template_{name}')
        action = template.with_user(self.manager).with_context(**context).action_create_segments()
        segments = self.env['crm.segment'].with_user(self.manager)
        if action.get('res_id'):
            return segments.browse(action['res_id'])
        return segments.search(action['domain'])

    def test_every_shipped_template_that_is_available_can_be_used(self):
        if 'mailing.trace' in self.env:
            self.manager.group_ids += self.env.ref('mass_mailing.group_mass_mailing_user')
        templates = self.env['crm.segment.template'].with_user(self.manager)
        templates = templates.search([('is_available', '=', True)])
        self.assertIn(self.env.ref('crm_segmentation.crm_segment_template_abc'), templates)
        own, seen = self._create_our_own(), self.env['res.partner']
        for template in templates:
            with self.subTest(template=template.name):
                action = template.action_create_segments()
                domain = action['domain'] or [('id', '=', action['res_id'])]
                segments = self.env['crm.segment'].search(domain)
                self.assertEqual(len(segments), len(template.line_ids))
                segments.with_user(self.manager).action_apply()
                self.assertFalse(self.open_partners(segments) & own)
                seen |= self.open_partners(segments)
        self.assertIn(self.alba, seen)

    def _create_our_own(self):
        """Return our company and people, with an address of each, that anybody could pick."""
        company, person = self.manager.company_id.partner_id, self.manager.partner_id
        addresses = self.env['res.partner'].create(
            [
                {'name': 'Our Warehouse', 'parent_id': company.id, 'type': 'delivery'},
                {'name': 'At Home', 'parent_id': person.id, 'type': 'other'},
            ]
        )
        (company | person | addresses).customer_rank = 1
        for partner in company | person:
            self.env['sale.order'].create({'partner_id': partner.id}).action_confirm()
        return company | person | addresses

    def test_our_own_are_found_and_known(self):
        own = self._create_our_own()
        portal = self.env.ref('base.group_portal')
        self.env['res.users'].create(
            {
                'name': 'Alba',
                'login': 'own_alba',
                'partner_id': self.alba.id,
                'group_ids': portal.ids,
            }
        )
        partners = self.env['res.partner'].with_user(self.salesman)
        everybody = own | self.alba | self.brisa
        among = [('id', 'in', everybody.ids)]
        self.assertEqual(partners.search([*among, ('crm_is_own', '=', True)]), own)
        self.assertEqual(
            partners.search([*among, ('crm_is_own', '=', False)]), self.alba | self.brisa
        )
        self.assertEqual(everybody.filtered('crm_is_own'), own)

    def test_segments_are_made_for_the_company_and_wait_to_be_applied(self):
        segment = self._use('top')
        self.assertRecordValues(
            segment,
            [
                {
                    'name': 'Top 10 %',
                    'company_id': self.manager.company_id.id,
                    'author_id': self.manager.id,
                    'user_id': self.manager.id,
                    'next_refresh': False,
                    'last_run': False,
                }
            ],
        )
        self.assertEqual(segment.category_id.name, 'Top 10 %')
        self.run_cron()
        self.assertFalse(segment.last_run, 'nobody is tagged before somebody looked at it')
        segment.action_apply()
        self.assertTrue(segment.next_refresh)

    def test_three_segments_of_one_template_exclude_each_other(self):
        segments = self._use('abc')
        self.assertEqual(segments.mapped('name'), ['A customers', 'B customers', 'C customers'])
        self.assertEqual(len(segments.group_id), 1)

    def test_segments_speak_the_language_of_their_user(self):
        self.manager.lang = 'es_ES'
        segment = self._use('dormant', lang='es_ES')
        self.assertEqual(segment.with_context(lang='es_ES').name, 'Durmientes')
        self.assertEqual(segment.category_id.with_context(lang='es_ES').name, 'Durmientes')

    def test_existing_tag_is_used_again(self):
        first, second = self._use('dormant'), self._use('dormant')
        self.assertEqual(first.category_id.name, 'Dormant')
        self.assertEqual(first.category_id, second.category_id)

    def test_template_of_what_is_not_installed_is_hidden_and_refused(self):
        template = self.env['crm.segment.template'].create(
            {
                'name': 'Moon landings',
                'line_ids': [
                    (
                        0,
                        0,
                        {
                            'name': 'Astronauts',
                            'rules': [{'metric': 'moon.metric_landings', 'operator': '>'}],
                        },
                    )
                ],
            }
        )
        templates = self.env['crm.segment.template']
        self.assertNotIn(template, templates.search([('is_available', '=', True)]))
        self.assertIn(template, templates.search([('is_available', '=', False)]))
        with self.assertRaisesRegex(UserError, 'Moon landings'):
            template.action_create_segments()

    def test_at_risk_means_bought_and_stopped(self):
        segment = self._use('at_risk')
        order = self.env['sale.order'].create({'partner_id': self.alba.id})
        recent = self.env['sale.order'].create({'partner_id': self.brisa.id})
        product = self.env['product.product'].create({'name': 'Thing', 'list_price': 100})
        for sale in order | recent:
            sale.order_line = [(0, 0, {'product_id': product.id, 'tax_ids': False})]
        (order | recent).action_confirm()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET date_order = date_order - interval '5 months' WHERE id = %s",
            [order.id],
        )
        segment.action_apply()
        ours = self.alba | self.brisa | self.cierzo
        self.assertEqual(self.open_partners(segment) & ours, self.alba)

    def test_new_this_quarter_begins_with_its_first_day(self):
        segment = self._use('new')
        self.env.flush_all()
        for partner, created in (
            (self.alba, '2026-07-01 09:00:00'),
            (self.brisa, '2026-06-30 09:00:00'),
            (self.cierzo, '2026-08-14 09:00:00'),
        ):
            self.cr.execute(
                'UPDATE res_partner SET create_date = %s WHERE id = %s', [created, partner.id]
            )
        self.env.invalidate_all()
        with freeze_time('2026-08-15 12:00:00'):
            segment.action_apply()
        ours = self.alba | self.brisa | self.cierzo
        self.assertEqual(self.open_partners(segment) & ours, self.alba | self.cierzo)

    @freeze_time('2026-08-15 12:00:00')
    def test_without_contact_are_those_whom_no_call_reached(self):
        segment = self._use('no_contact')
        self.log_calls(self.alba, '2026-08-01 10:00:00')
        self.log_calls(self.brisa, '2026-08-01 10:00:00', state='not_held')
        self.log_calls(self.cierzo, '2026-05-01 10:00:00')
        segment.action_apply()
        everybody = self.alba | self.brisa | self.cierzo | self.duna
        self.assertEqual(
            self.open_partners(segment) & everybody, self.brisa | self.cierzo | self.duna
        )

    def test_templates_are_for_managers(self):
        template = self.env.ref('crm_segmentation.crm_segment_template_new')
        self.assertTrue(template.with_user(self.salesman).description)
        with self.assertRaises(AccessError), self.cr.savepoint():
            template.with_user(self.salesman).action_create_segments()
        with self.assertRaises(AccessError):
            template.with_user(self.salesman).name = 'Mine'
        self.assertTrue(self._use('new'))
