from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentCriteria(SegmentCase):
    def test_bad_criteria_are_refused_with_the_segment_and_the_reason(self):
        segment = self.create_segment()
        no_list = 'no list of conditions'
        for domain, reason in {
            "[('no_such_field', '=', 1)]": 'there is no field "no_such_field"',
            "[('ref', 'resembles', 'x')]": 'nothing can be compared with "resembles"',
            "[('create_date', '>', 'whenever')]": '"whenever" is no date',
            "[('ref', '=', ": no_list,
            "[('ref', '=', 1), '&']": no_list,
            "'ref'": no_list,
            "[('ref', '=', __import__('os').getcwd())]": no_list,
            "[('ref', '=', uid)]": no_list,
            '7': no_list,
        }.items():
            with (
                self.subTest(domain=domain),
                self.assertRaisesRegex(ValidationError, f'Spanish companies.*{reason}'),
                self.cr.savepoint(),
            ):
                segment.domain = domain
        segment.domain = "[('ref', '=', 'SEG-FR')]"
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.cierzo)

    def test_criteria_on_what_the_author_may_not_read_are_refused(self):
        segment = self.create_segment()
        with self.assertRaises(AccessError):
            segment.domain = "[('user_ids.group_ids.rule_groups.name', '!=', False)]"
        segment.domain = "[('user_ids.group_ids.name', '=', 'SEG')]"

    def test_criteria_see_what_their_author_may_see(self):
        secret, known = self.env['crm.lead'].create(
            [
                {'name': 'SEG secret', 'type': 'opportunity', 'partner_id': self.alba.id},
                {'name': 'SEG known', 'type': 'opportunity', 'partner_id': self.brisa.id},
            ]
        )
        self.env['ir.rule'].create(
            {
                'name': 'Hide one',
                'model_id': self.env['ir.model']._get('crm.lead').id,
                'domain_force': [('id', '!=', secret.id)],
            }
        )
        segment = self.create_segment(domain="[('opportunity_ids.name', '=like', 'SEG %')]")
        self.assertEqual(segment.sudo()._preview(), {segment.id: 1})
        segment.sudo().action_apply()
        self.assertEqual(self.open_partners(segment), known.partner_id)

    def test_nobody_writes_criteria_in_the_name_of_somebody_else(self):
        admin = self.env.ref('base.user_admin')
        segment = self.create_segment(author_id=admin.id)
        self.assertEqual(segment.author_id, self.manager)
        hinted = self.env['crm.segment'].with_user(self.manager)
        hinted = hinted.with_context(default_author_id=admin.id, default_domain='[]')
        self.assertEqual(hinted.create({'name': 'By default'}).author_id, self.manager)
        segment.author_id = admin
        self.assertEqual(segment.author_id, self.manager)
        other = new_test_user(
            self.env, login='segment_other', groups='sales_team.group_sale_manager'
        )
        segment.with_user(other).name = 'Renamed'
        self.assertEqual(segment.author_id, self.manager)
        segment.with_user(other).domain = '[]'
        self.assertEqual(segment.author_id, other)

    def test_bypassing_operators_are_refused(self):
        segment = self.create_segment()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            segment.domain = "[('child_ids', 'any!', [('name', '=', 'x')])]"

    def test_without_criteria_only_the_hand_included_belong(self):
        segment = self.create_segment(domain=False, include_partner_ids=self.cierzo.ids)
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.cierzo)
        for emptied in ('[]', ' [ ] '):
            segment.domain = emptied
            self.assertEqual(segment._preview(), {segment.id: 1})

    def test_match_all_criteria_take_everybody_of_the_scope(self):
        segment = self.create_segment(domain="[(1, '=', 1)]")
        companies = self.env['res.partner'].search_count([('is_company', '=', True)])
        self.assertEqual(segment._preview(), {segment.id: companies})

    def test_relative_dates_are_understood(self):
        segment = self.create_segment(
            domain="[('ref', '=like', 'SEG-%'), ('create_date', '>=', 'today -1d')]", scope='both'
        )
        segment.action_apply()
        self.assertEqual(
            self.open_partners(segment), self.alba | self.brisa | self.cierzo | self.duna
        )

    def test_translated_criteria_mean_the_same_for_everybody(self):
        self.env['res.lang']._activate_lang('es_ES')
        spain = self.env.ref('base.es')
        spain.with_context(lang='es_ES').name = 'España'
        self.alba.country_id = spain
        self.manager.lang = 'es_ES'
        segment = self.create_segment(domain="[('country_id', 'ilike', 'españ')]")
        segment.action_apply()
        self.assertIn(self.alba, self.open_partners(segment))
        segment.sudo().with_user(self.env.ref('base.user_root')).action_apply()
        self.assertIn(self.alba, self.open_partners(segment))

    def test_form_of_a_new_segment_proposes_safe_defaults(self):
        with Form(self.env['crm.segment'].with_user(self.manager)) as form:
            form.name = 'New'
            segment = form.save()
        self.assertRecordValues(
            segment,
            [
                {
                    'mode': 'dynamic',
                    'scope': 'both',
                    'domain': False,
                    'company_id': False,
                    'member_count': 0,
                    'last_run': False,
                }
            ],
        )

    def test_copy_keeps_the_definition_and_not_the_result(self):
        segment = self.create_segment(include_partner_ids=self.cierzo.ids)
        segment.action_apply()
        copy = segment.copy()
        self.assertRecordValues(
            copy,
            [
                {
                    'name': 'Spanish companies (copy)',
                    'domain': segment.domain,
                    'last_run': False,
                    'member_count': 0,
                    'include_partner_ids': self.cierzo.ids,
                }
            ],
        )
