from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..common import ContractCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractOpportunity(ContractCase):
    """An opportunity that is won asks once for its contract, which is made without retyping."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.activity = cls.env.ref('crm_contracts.mail_activity_type_contract')
        cls.quarterly = cls.env['crm.recurring.plan'].create(
            {'name': 'Quarterly', 'number_of_months': 3}
        )

    def _create_leads(self, count=1, **values):
        return (
            self.env['crm.lead']
            .with_user(self.salesman)
            .create(
                [
                    {
                        'name': f'Web shop {number}',
                        'type': 'opportunity',
                        'partner_id': self.customer.id,
                        'user_id': self.salesman.id,
                        **values,
                    }
                    for number in range(count)
                ]
            )
        )

    def _get_asked(self, leads):
        return leads.activity_ids.filtered(lambda one: one.activity_type_id == self.activity)

    def _open(self, action):
        domain = action.get('domain') or [('id', '=', action['res_id'])]
        return self.env['crm.contract'].search(domain)

    def test_expected_revenue_becomes_lines_and_nothing_is_typed_again(self):
        lead = self._create_leads(
            expected_revenue=5000.0, recurring_revenue=300.0, recurring_plan=self.quarterly.id
        )
        contract = self._open(lead.action_create_crm_contract())
        self.assertRecordValues(
            contract,
            [
                {
                    'name': 'Web shop 0',
                    'partner_id': self.customer.id,
                    'manager_id': self.salesman.id,
                    'team_id': lead.team_id.id,
                    'opportunity_id': lead.id,
                    'state': 'draft',
                }
            ],
        )
        self.assertRecordValues(
            contract.line_ids.sorted('id'),
            [
                {'kind': 'recurring', 'price_unit': 300.0, 'interval_count': 3, 'amount': 300.0},
                {'kind': 'milestone', 'price_unit': 5000.0, 'interval_count': 1, 'amount': 5000.0},
            ],
        )
        contract.with_user(self.salesman).action_confirm()
        self.assertEqual((contract.state, lead.crm_contract_count), ('open', 1))

    def test_second_click_opens_the_contract_that_there_is(self):
        lead = self._create_leads()
        contract = self._open(lead.action_create_crm_contract())
        self.assertEqual(self._open(lead.action_create_crm_contract()), contract)
        contract.action_cancel()
        self.assertNotEqual(self._open(lead.action_create_crm_contract()), contract)

    def test_customer_is_made_of_the_contact(self):
        lead = self._create_leads(partner_id=False, contact_name='Marta', partner_name='Viñas')
        contract = self._open(lead.action_create_crm_contract())
        self.assertEqual(contract.partner_id.name, 'Marta')
        self.assertEqual(contract.commercial_partner_id.name, 'Viñas')

    def test_won_opportunities_ask_once_and_who_has_a_contract_is_not_asked(self):
        leads = self._create_leads(3)
        leads[0].action_create_crm_contract()
        leads.action_set_won()
        asked = self._get_asked(leads)
        self.assertEqual(asked.mapped('res_id'), leads[1:].ids)
        self.assertEqual(asked.user_id, self.salesman)
        leads[1:].action_create_crm_contract()
        self.assertFalse(self._get_asked(leads))
        leads.stage_id = self.env['crm.stage'].search([('is_won', '=', False)], limit=1)
        leads.action_set_won()
        self.assertFalse(self._get_asked(leads), 'asked once')

    def test_what_is_not_won_any_more_is_not_asked_for(self):
        lead = self._create_leads()
        lead.action_set_won()
        self.assertEqual(len(self._get_asked(lead)), 1)
        lead.stage_id = self.env['crm.stage'].search([('is_won', '=', False)], limit=1)
        self.assertFalse(self._get_asked(lead))

    def test_team_may_say_that_nobody_is_asked(self):
        team = self.env['crm.team'].create({'name': 'Shop', 'crm_asks_for_contract': False})
        lead = self._create_leads(team_id=team.id)
        lead.action_set_won()
        self.assertFalse(self._get_asked(lead))
        self.assertTrue(lead.action_create_crm_contract()['res_id'])

    def test_leads_and_lost_opportunities_become_no_contract(self):
        lead = self._create_leads(type='lead')
        with self.assertRaisesRegex(UserError, 'only an opportunity'):
            lead.action_create_crm_contract()
        lost = self._create_leads()
        lost.action_set_lost()
        with self.assertRaisesRegex(UserError, 'was lost'):
            lost.action_create_crm_contract()

    def test_colleague_makes_no_contract_of_what_is_not_theirs(self):
        lead = self._create_leads()
        with self.assertRaises(AccessError):
            lead.with_user(self.colleague).action_create_crm_contract()
        self.assertFalse(lead.crm_contract_count)

    def test_nobody_points_a_contract_at_an_opportunity_that_they_do_not_see(self):
        lead = self._create_leads()
        contract = self.create_contract(manager_id=self.colleague.id).with_user(self.colleague)
        with self.assertRaises(AccessError):
            contract.opportunity_id = lead.id

    def test_merged_opportunities_keep_their_contracts(self):
        kept, merged = self._create_leads(2)
        contract = self._open(merged.action_create_crm_contract())
        survivor = (kept | merged).merge_opportunity()
        self.assertEqual(contract.opportunity_id, survivor)

    def test_winning_many_takes_constantly_many_queries_for_the_contracts(self):
        few, many = self._create_leads(2), self._create_leads(12)
        counts = []
        for leads in (few, few, many):  # the first reads what is read once only
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            leads._filter_asking_for_crm_contracts()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_template_of_a_contract_is_kept_to_lines_of_its_own(self):
        template = self.env['crm.contract.template'].create(
            {'name': 'Care', 'line_ids': [Command.create({'name': 'Care', 'price_unit': 9.0})]}
        )
        lead = self._create_leads(expected_revenue=100.0)
        contract = self._open(lead.action_create_crm_contract())
        contract.with_user(self.salesman).template_id = template
        self.assertEqual(contract.line_ids.mapped('price_unit'), [100.0, 9.0])
