from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import CrmExtendedCase


@tagged('post_install', '-at_install')
class TestStageRequirement(CrmExtendedCase):
    """A stage that asks for revenue and a customer, and a won stage that asks for revenue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new, cls.offer, cls.won = cls.env['crm.stage'].create(
            [
                {'name': 'Fresh', 'sequence': -3, 'team_ids': cls.team.ids},
                {'name': 'Offer', 'sequence': -2, 'team_ids': cls.team.ids},
                {'name': 'Signed', 'sequence': -1, 'team_ids': cls.team.ids, 'is_won': True},
            ]
        )
        cls.revenue, cls.customer, cls.won_revenue = cls.env['crm.stage.requirement'].create(
            [
                cls._require(cls.offer, 'Enter the revenue', "[('expected_revenue', '>', 0)]"),
                cls._require(cls.offer, 'Choose a customer', "[('partner_id', '!=', False)]"),
                cls._require(cls.won, 'Nothing is free', "[('expected_revenue', '>', 0)]"),
            ]
        )

    @classmethod
    def _require(cls, stage, message, domain):
        return {'stage_id': stage.id, 'message': message, 'domain': domain}

    def _new_opportunity(self, **values):
        lead = self._new_lead(type='opportunity', team_id=self.team.id, stage_id=self.new.id)
        lead.write(values)
        return lead.with_user(self.salesman)

    def test_opportunity_that_meets_all_enters(self):
        lead = self._new_opportunity(expected_revenue=5, partner_id=self.company.id)
        lead.stage_id = self.offer
        self.assertEqual(lead.stage_id, self.offer)

    def test_what_the_same_write_brings_counts(self):
        lead = self._new_opportunity(partner_id=self.company.id)
        lead.write({'stage_id': self.offer.id, 'expected_revenue': 5})
        self.assertEqual(lead.stage_id, self.offer)

    def test_refusal_names_opportunity_and_sentences_and_changes_nothing(self):
        lead = self._new_opportunity(name='Twelve forklifts')
        messages = lead.message_ids
        with self.assertRaises(UserError) as refused:
            lead.write({'stage_id': self.offer.id, 'name': 'Changed', 'priority': '3'})
        for text in ('Twelve forklifts', 'Enter the revenue', 'Choose a customer'):
            self.assertIn(text.replace('Twelve forklifts', 'Changed'), str(refused.exception))
        self.env.flush_all()
        self.assertEqual((lead.stage_id, lead.name), (self.new, 'Twelve forklifts'))
        self.assertEqual((lead.priority, lead.message_ids), ('0', messages))

    def test_mass_move_is_all_or_nothing(self):
        good = self._new_opportunity(expected_revenue=5, partner_id=self.company.id)
        bad = self._new_opportunity(name='No revenue', partner_id=self.company.id)
        with self.assertRaisesRegex(UserError, 'No revenue: Enter the revenue'):
            (good | bad).write({'stage_id': self.offer.id})
        self.assertEqual((good | bad).stage_id, self.new)

    def test_long_refusals_are_cut(self):
        leads = self.env['crm.lead'].concat(*(self._new_opportunity() for _i in range(6)))
        with self.assertRaises(UserError) as refused:
            leads.write({'stage_id': self.offer.id})
        self.assertEqual(str(refused.exception).count('\n- '), 10)
        self.assertIn('2 more', str(refused.exception))

    def test_won_button_asks_too_and_wins_all_or_none(self):
        good = self._new_opportunity(expected_revenue=5)
        lost = self._new_opportunity(name='Free sample')
        lost.action_set_lost()
        with self.assertRaisesRegex(UserError, 'Free sample: Nothing is free'):
            (good | lost).action_set_won()
        self.assertEqual(good.won_status, 'pending')
        self.assertEqual((lost.won_status, lost.active), ('lost', False))
        good.action_set_won()
        self.assertEqual((good.won_status, good.stage_id), ('won', self.won))

    def test_superuser_is_not_exempt_and_the_assignment_is(self):
        lead = self._new_opportunity().sudo()
        with self.assertRaises(UserError):
            lead.stage_id = self.offer
        lead.with_context(crm_skip_stage_requirements=True).stage_id = self.offer
        self.assertEqual(lead.stage_id, self.offer)

    def test_opportunity_is_not_created_past_the_requirements(self):
        values = {'name': 'Straight', 'type': 'opportunity', 'team_id': self.team.id}
        leads = self.env['crm.lead'].with_user(self.salesman)
        with self.assertRaisesRegex(UserError, 'Straight: Enter the revenue'):
            leads.create({**values, 'stage_id': self.offer.id})
        with self.assertRaisesRegex(UserError, 'Straight: Enter the revenue'):
            leads.with_context(default_stage_id=self.offer.id).create(values)
        self.assertFalse(leads.search([('name', '=', 'Straight')]))
        self.assertTrue(leads.create(values))

    def test_lead_is_free_until_it_becomes_an_opportunity(self):
        lead = self._new_lead(team_id=self.team.id)
        lead.stage_id = self.offer
        with self.assertRaises(UserError):
            lead.type = 'opportunity'
        self.assertEqual(lead.type, 'lead')

    def test_what_is_in_the_stage_may_stay_and_be_edited(self):
        lead = self._new_opportunity(expected_revenue=5, partner_id=self.company.id)
        lead.stage_id = self.offer
        lead.write({'stage_id': self.offer.id, 'expected_revenue': 0})
        self.assertEqual(lead.expected_revenue, 0)

    def test_requirement_that_is_off_asks_nothing(self):
        (self.revenue | self.customer).active = False
        lead = self._new_opportunity()
        lead.stage_id = self.offer
        self.assertEqual(lead.stage_id, self.offer)

    def test_sentence_is_in_the_language_of_the_user(self):
        self.env['res.lang']._activate_lang('es_ES')
        self.revenue.with_context(lang='es_ES').message = 'Falta el importe'
        lead = self._new_opportunity(partner_id=self.company.id)
        with self.assertRaisesRegex(UserError, 'Falta el importe'):
            lead.with_context(lang='es_ES').stage_id = self.offer

    def test_unusable_conditions_are_refused(self):
        for domain in (
            "[('no_such_field', '=', 1)]",
            "[('expected_revenue', '>', 'much')]",
            "[('user_id', '=', uid)]",
            "[('name'",
            'expected_revenue',
        ):
            with self.subTest(domain=domain), self.assertRaisesRegex(ValidationError, 'revenue"'):
                self.revenue.domain = domain
        self.revenue.domain = "[('create_date', '<', 'today +1d')]"

    def test_condition_asks_for_no_more_than_its_author_may_read(self):
        readable = "[('user_id.login', '!=', False)]"
        for secret in (
            "[('user_id.group_ids.rule_groups.name', '!=', False)]",
            "[('user_id', 'any', [('group_ids.rule_groups.name', '!=', False)])]",
        ):
            with self.subTest(secret=secret), self.assertRaisesRegex(ValidationError, 'revenue"'):
                self.revenue.with_user(self.manager).domain = secret
        self.revenue.with_user(self.manager).domain = readable
        self.assertEqual(self.revenue.author_id, self.manager)
        self.customer.domain = "[('user_id.group_ids.rule_groups.name', '=', 'x')]"
        self.assertTrue(self.customer.author_id._is_superuser(), 'who may, asks')

    def test_nobody_moves_a_condition_to_a_stage_in_the_name_of_somebody_else(self):
        self.customer.domain = "[('user_id.group_ids.rule_groups.name', '=', 'x')]"
        with self.assertRaises(ValidationError):
            self.customer.with_user(self.manager).stage_id = self.won
        with self.assertRaises(ValidationError):
            self.offer.with_user(self.manager).copy()
        self.revenue.with_user(self.manager).author_id = self.env.ref('base.user_root')
        self.assertEqual(self.revenue.author_id, self.manager)

    def test_no_default_of_the_context_makes_somebody_else_the_author(self):
        hinted = self.env['crm.stage.requirement'].with_context(
            default_author_id=self.env.ref('base.user_root').id,
            default_domain="[('user_id.group_ids.rule_groups.name', '!=', False)]",
            default_stage_id=self.won.id,
        )
        with self.assertRaises(ValidationError):
            hinted.with_user(self.manager).create({'message': 'Who knows?'})
        own = hinted.with_context(default_domain='[]').with_user(self.manager)
        self.assertEqual(own.create({'message': 'Nothing'}).author_id, self.manager)

    def test_condition_whose_author_lost_his_rights_is_told_and_not_asked(self):
        self.revenue.with_user(self.manager).domain = "[('activity_ids.summary', '=', False)]"
        lead = self._new_opportunity(partner_id=self.company.id)
        self.manager.group_ids = self.env.ref('base.group_portal')
        with self.assertRaisesRegex(UserError, 'Enter the revenue.*Manager'):
            lead.stage_id = self.offer

    def test_leads_that_the_author_does_not_see_count(self):
        other = self.env['res.company'].create({'name': 'Lisboa'})
        self.revenue.with_user(self.manager).message = 'Enter it'
        self.revenue.with_user(self.manager).domain = "[('expected_revenue', '>', 0)]"
        lead = self._new_opportunity(expected_revenue=5, partner_id=self.company.id).sudo()
        lead.write({'user_id': False, 'team_id': False, 'company_id': other.id})
        self.assertFalse(lead.with_user(self.manager).has_access('read'))
        lead.stage_id = self.offer
        self.assertEqual(lead.stage_id, self.offer)

    def test_manager_edits_the_checklist_in_the_stage(self):
        with Form(self.new.with_user(self.manager)) as form, form.crm_requirement_ids.new() as line:
            line.message = 'Who asked?'
            line.domain = "[('contact_name', '!=', False)]"
        self.assertEqual(self.new.crm_requirement_ids.message, 'Who asked?')
        with self.assertRaises(AccessError):
            self.revenue.with_user(self.salesman).message = 'Never mind'
        self.assertEqual(self.revenue.with_user(self.salesman).message, 'Enter the revenue')

    def test_moves_take_the_same_queries_for_one_and_for_a_hundred(self):
        leads = self.env['crm.lead'].create(
            [
                {
                    'name': 'Many',
                    'type': 'opportunity',
                    'team_id': self.team.id,
                    'stage_id': self.new.id,
                    'expected_revenue': 5,
                    'partner_id': self.company.id,
                }
                for _i in range(101)
            ]
        )
        leads.write({'type': 'opportunity'})
        few = self._count_queries(leads[0]._check_stage_requirements)
        self.assertLessEqual(self._count_queries(leads[1:]._check_stage_requirements), few)
        leads.with_context(crm_skip_stage_requirements=True).stage_id = self.offer
        few = self._count_queries(leads[0]._check_stage_requirements)
        self.assertLessEqual(self._count_queries(leads[1:]._check_stage_requirements), few)
