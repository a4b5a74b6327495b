from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentDocuments(SegmentCase):
    """Alba is in the first segment, her person Ana in both, Duna in the second.

    Opportunity     Contact    Company    Segments         Revenue
    of the company  Alba       Alba       first            100
    of the person   Ana        Alba       first, second    10
    of a private    Duna       -          second           1
    of nobody's     Cierzo     Cierzo     -                1000
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ana = cls.env['res.partner'].create({'name': 'Ana', 'parent_id': cls.alba.id})
        cls.first = cls.make('First', cls.alba | cls.ana)
        cls.second = cls.make('Second', cls.ana | cls.duna)
        cls.leads = cls.env['crm.lead'].create(
            [
                {
                    'name': partner.name,
                    'type': 'opportunity',
                    'partner_id': partner.id,
                    'expected_revenue': revenue,
                    'user_id': cls.salesman.id,
                }
                for partner, revenue in (
                    (cls.alba, 100),
                    (cls.ana, 10),
                    (cls.duna, 1),
                    (cls.cierzo, 1000),
                )
            ]
        )

    @classmethod
    def make(cls, name, partners, **values):
        segment = cls.env['crm.segment'].create(
            {
                'name': name,
                'mode': 'manual',
                'include_partner_ids': [Command.set(partners.ids)],
                **values,
            }
        )
        segment.action_apply()
        return segment

    def get_groups(self, model, records, *aggregates, user=None):
        groups = (
            self.env[model]
            .with_user(user or self.salesman)
            ._read_group([('id', 'in', records.ids)], ['crm_segment_ids'], aggregates)
        )
        return {segment.name: values for segment, *values in groups}

    def test_opportunities_count_in_each_segment_of_contact_and_company(self):
        groups = self.get_groups('crm.lead', self.leads, '__count', 'expected_revenue:sum')
        self.assertEqual(groups, {'First': [2, 110.0], 'Second': [2, 11.0], False: [1, 1000.0]})
        rows = (
            self.env['crm.lead']
            .with_user(self.salesman)
            .formatted_read_group(
                [('id', 'in', self.leads.ids)],
                ['crm_segment_ids', 'stage_id'],
                ['__count', 'expected_revenue:sum'],
            )
        )
        self.assertEqual(sum(row['__count'] for row in rows), 5)

    def test_a_group_opens_what_it_counts(self):
        leads = self.env['crm.lead'].with_user(self.salesman)
        own = [('id', 'in', self.leads.ids)]
        for group in leads.formatted_read_group(own, ['crm_segment_ids'], ['__count']):
            found = leads.search(own + group['__extra_domain'])
            with self.subTest(segment=group['crm_segment_ids']):
                self.assertEqual(len(found), group['__count'])
                held = found.crm_segment_ids.ids
                opened = group['crm_segment_ids'] and group['crm_segment_ids'][0]
                self.assertIn(opened, held or [False])
        self.assertEqual(
            leads.search([*own, ('crm_segment_ids', 'ilike', 'first')]), self.leads[:2]
        )
        self.assertEqual(leads.search([*own, ('crm_segment_ids', '=', False)]), self.leads[3])
        self.assertEqual(
            leads.search([*own, ('crm_segment_ids', 'not in', self.first.ids)]), self.leads[2:]
        )

    def test_contacts_are_grouped_by_their_own_segments(self):
        partners = self.alba | self.ana | self.duna | self.cierzo
        groups = self.get_groups('res.partner', partners, '__count')
        self.assertEqual(groups, {'First': [2], 'Second': [2], False: [1]})

    def test_calls_stay_with_the_company_of_their_time(self):
        [call] = self.log_calls(self.ana, '2026-06-01 10:00:00')
        self.second.exclude_partner_ids = self.ana
        self.first.exclude_partner_ids = self.ana
        (self.first | self.second).action_apply()
        self.ana.parent_id = self.cierzo
        self.assertEqual(call.crm_segment_ids, self.first)
        self.assertEqual(
            self.get_groups('crm.call', call, '__count', user=self.manager), {'First': [1]}
        )

    def test_archived_contacts_count_and_archived_segments_do_not(self):
        self.alba.action_archive()
        self.second.action_archive()
        groups = self.get_groups('crm.lead', self.leads, '__count')
        self.assertEqual(groups, {'First': [2], False: [2]})
        leads = self.env['crm.lead'].with_user(self.salesman)
        own = [('id', 'in', self.leads.ids)]
        self.assertEqual(leads.search([*own, ('crm_segment_ids', '=', False)]), self.leads[2:])
        self.assertEqual(
            leads.search([*own, ('crm_segment_ids', 'in', self.first.ids)]), self.leads[:2]
        )

    # === RIGHTS === #

    def test_segments_and_contacts_that_one_may_not_read_are_not_told(self):
        elsewhere = self.env['res.company'].create({'name': 'Segment Company B'})
        self.make('Abroad', self.cierzo, company_id=elsewhere.id)
        self.env['ir.rule'].create(
            {
                'name': 'Hide Alba',
                'model_id': self.env['ir.model']._get('res.partner').id,
                'domain_force': [('id', '!=', self.alba.id)],
            }
        )
        leads = self.env['crm.lead'].with_user(self.salesman)
        groups = self.get_groups('crm.lead', self.leads, '__count')
        self.assertEqual(groups, {'First': [1], 'Second': [2], False: [2]})
        own = [('id', 'in', self.leads.ids)]
        self.assertEqual(
            leads.search([*own, ('crm_segment_ids', 'in', self.first.ids)]), self.leads[1]
        )
        self.assertFalse(self.leads[0].with_user(self.salesman).crm_segment_ids)
        self.assertEqual(self.leads[0].sudo().crm_segment_ids, self.first)

    def test_who_reads_no_segments_neither_finds_nor_groups_by_them(self):
        for group in ('base.group_user', 'base.group_portal'):
            user = new_test_user(self.env, login=f'no segments {group}', groups=group)
            for model in ('crm.lead', 'res.partner', 'crm.call'):
                documents = self.env[model].with_user(user)
                with self.subTest(group=group, model=model):
                    self.assertNotIn('crm_segment_ids', documents.fields_get())
                    with self.assertRaises(AccessError):
                        documents._read_group([], ['crm_segment_ids'], ['__count'])
                    with self.assertRaises(AccessError):
                        documents.search([('crm_segment_ids', 'in', self.first.ids)])
        clerk = self.env['crm.lead'].with_user(self.salesman)
        arch = clerk.get_view(view_type='search')['arch']
        self.assertIn('group_by_crm_segment', arch)
        self.assertIn('name="crm_segment_ids"', arch)
        self.assertTrue(clerk.fields_get()['crm_segment_ids']['groupable'])

    # === MANY === #

    def test_number_of_queries_does_not_depend_on_the_number_of_documents(self):
        partners = self.env['res.partner'].create([{'name': f'Many {n}'} for n in range(1000)])
        self.make('Many', partners)
        leads = self.env['crm.lead'].create(
            [{'name': partner.name, 'partner_id': partner.id} for partner in partners]
        )
        leads = leads.with_user(self.manager)
        counts = []
        for some in (leads[:10], leads[:10], leads):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped('crm_segment_ids')
            some._read_group([('id', 'in', some.ids)], ['crm_segment_ids'], ['__count'])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
