from odoo.tests import Form, tagged

from ..common import CASE_MODELS, ServiceCommon


@tagged('post_install', '-at_install')
class TestServiceViews(ServiceCommon):
    def open_action(self, user, action):
        """Load the views of an action and read what its first view would show."""
        model = self.env[action.res_model].with_user(user)
        modes = action.view_mode.split(',')
        views = model.get_views([(False, mode) for mode in [*modes, 'search']])['views']
        self.assertEqual(set(views), {*modes, 'search'})
        return model

    def test_every_menu_opens_for_the_role_that_sees_it(self):
        root = self.env.ref('crm_claims.crm_claims_menu_root')
        for user, expected in ((self.agent, 19), (self.manager, 29)):
            menus = self.env['ir.ui.menu'].with_user(user).load_menus(False)
            ours = [
                menu
                for menu in menus.values()
                if menu.get('app_id') == root.id and menu['id'] != root.id and menu['action_id']
            ]
            self.assertEqual(len(ours), expected)
            for menu in ours:
                action = self.env[menu['action_model']].browse(menu['action_id'])
                if action._name == 'ir.actions.act_window':
                    self.open_action(user, action)
        menus = self.env['ir.ui.menu'].with_user(self.salesman).load_menus(False)
        self.assertNotIn(root.id, menus)

    def test_salesperson_opens_the_history_without_buttons_to_change_it(self):
        for model_name in CASE_MODELS:
            action = self.env.ref(f'crm_claims.{model_name.replace(".", "_")}_action')
            model = self.open_action(self.salesman, action)
            arch = model.get_view(view_type='form')['arch']
            self.assertNotIn('action_solve', arch)
            agent_arch = model.with_user(self.agent).get_view(view_type='form')['arch']
            self.assertIn('action_solve', agent_arch)

    def test_quick_create_needs_a_subject_only(self):
        for model_name in CASE_MODELS:
            view = f'crm_claims.{model_name.replace(".", "_")}_view_form_quick_create'
            with Form(self.env[model_name].with_user(self.agent), view=view) as form:
                form.name = 'Cork crumbles'
            self.assertRecordValues(
                form.record,
                [
                    {
                        'team_id': self.repairs.id,
                        'stage_kind': 'new',
                        'user_id': False,
                    }
                ],
            )

    def test_form_fills_contact_data_and_number(self):
        with Form(self.env['service.claim'].with_user(self.agent)) as form:
            form.name = 'Cork crumbles'
            self.assertEqual(form.team_id, self.repairs)
            self.assertFalse(form.number)
            form.partner_id = self.contact
            self.assertEqual(form.email_from, 'lucia@altozano.example.com')
            form.amount_claimed = 120
        self.assertTrue(form.record.number)
        self.assertEqual(form.record.currency_id, self.env.company.currency_id)

    def test_claim_analysis_offers_stages_of_claims(self):
        self.create_case('service.claim', amount_claimed=40).action_solve()
        groups = (
            self.env['service.claim']
            .with_user(self.agent)
            .formatted_read_group(
                [('team_id', '=', self.repairs.id)],
                ['stage_id'],
                ['__count', 'amount_claimed:sum', 'days_to_close:avg'],
            )
        )
        solved = [group for group in groups if group['stage_id'][0] == self.stages['solved'].id]
        self.assertEqual(solved[0]['amount_claimed:sum'], 40)
