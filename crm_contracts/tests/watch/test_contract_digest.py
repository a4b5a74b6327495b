from odoo.tests import freeze_time, new_test_user, tagged

from ..common import ContractCase


@tagged('post_install', '-at_install')
class TestContractDigest(ContractCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['crm.contract'].search([('state', 'in', ('open', 'to_renew'))]).action_close()
        cls.salesman.email = 'salesman@example.com'
        cls.colleague.email = 'colleague@example.com'
        cls.env.company.crm_contract_digest_days = 30

    def send(self):
        """Run the weekly mail and return what it made, by address."""
        before = self.env['mail.mail'].search([])
        with self.enter_registry_test_mode():
            self.env.ref('crm_contracts.ir_cron_renewal_digest').method_direct_trigger()
        return self.env['mail.mail'].search([]) - before

    def get_positions(self, mail, *texts):
        positions = [mail.body_html.find(text) for text in texts]
        self.assertNotIn(-1, positions, mail.body_html)
        return positions

    @freeze_time('2026-12-07 08:00:00')
    def test_one_mail_with_three_groups(self):
        old = self.create_running(name='Old', state='draft')
        old._transition_to('to_renew')
        soon = self.create_running(name='Coming', notice_days=10)
        self.create_running(name='Far away', date_end='2027-12-31')
        self.create_contract(name='Only a draft')
        self.assertEqual(len(self.send()), 1)
        with freeze_time('2026-12-14 08:00:00'):
            new = self.create_running(name='Fresh')
            new._transition_to('to_renew')
            [mail] = self.send()
        self.assertEqual(mail.email_to, self.salesman.email_formatted)
        positions = self.get_positions(
            mail, 'Still to renew', 'Old', 'New: to renew', 'Fresh', 'In the next 30', 'Coming'
        )
        self.assertEqual(positions, sorted(positions))
        for absent in ('Far away', 'Only a draft'):
            self.assertNotIn(absent, mail.body_html)
        self.assertEqual(soon.state, 'open', 'telling changes no contract')

    @freeze_time('2026-12-07 08:00:00')
    def test_each_manager_gets_the_own_contracts_in_the_own_language(self):
        self.env['res.lang']._activate_lang('es_ES')
        self.colleague.lang = 'es_ES'
        self.create_running(name='Mine')._transition_to('to_renew')
        self.create_running(name='Hers', manager_id=self.colleague.id)._transition_to('to_renew')
        mails = self.send().grouped('email_to')
        mine = mails[self.salesman.email_formatted]
        hers = mails[self.colleague.email_formatted]
        self.assertIn('Mine', mine.body_html)
        self.assertNotIn('Hers', mine.body_html)
        self.assertIn('Hers', hers.body_html)
        self.assertIn('Contrato', hers.body_html)
        self.assertNotIn('Contract<', hers.body_html)

    @freeze_time('2026-12-07 08:00:00')
    def test_used_up_units_are_told_while_the_term_is_long(self):
        contract = self.create_running(
            name='Used up', date_end='2028-12-31', prepaid_quantity=5, alert_thresholds=''
        )
        full = self.create_running(name='Half full', date_end='2028-12-31', prepaid_quantity=20)
        project = self.env['project.project'].create({'name': 'Work', 'allow_timesheets': True})
        employee = self.env['hr.employee'].create({'name': 'Ana'})
        for own in (contract, full):
            account = own.analytic_account_id
            project[account.root_plan_id._column_name()] = account
            self.env['account.analytic.line'].create(
                {
                    'name': 'Work',
                    'project_id': project.id,
                    'employee_id': employee.id,
                    'unit_amount': 5,
                    'date': '2026-12-01',
                    account.root_plan_id._column_name(): account.id,
                }
            )
        [mail] = self.send()
        self.get_positions(mail, 'without prepaid units left', 'Used up')
        self.assertNotIn('Half full', mail.body_html)

    @freeze_time('2026-12-07 08:00:00')
    def test_who_has_no_address_leaves_it_to_the_leader(self):
        leader = new_test_user(
            self.env,
            login='digest_leader',
            email='leader@example.com',
            groups='sales_team.group_sale_salesman_all_leads',
        )
        team = self.env['crm.team'].create({'name': 'Led', 'user_id': leader.id})
        self.salesman.email = False
        self.create_running(team_id=team.id)._transition_to('to_renew')
        self.create_running(team_id=team.id, manager_id=False)._transition_to('to_renew')
        self.assertEqual(self.send().mapped('email_to'), [leader.email_formatted])

    @freeze_time('2026-12-07 08:00:00')
    def test_nothing_to_tell_sends_nothing(self):
        self.create_running(date_end='2027-12-31')
        self.create_running(date_end=False)
        self.assertFalse(self.send())

    @freeze_time('2026-12-07 08:00:00')
    def test_second_run_of_the_day_sends_nothing_and_next_week_it_comes_again(self):
        self.create_running()._transition_to('to_renew')
        self.assertEqual(len(self.send()), 1)
        self.assertFalse(self.send())
        with freeze_time('2026-12-14 08:00:00'):
            self.assertEqual(len(self.send()), 1)

    @freeze_time('2026-12-07 08:00:00')
    def test_renewed_contract_is_told_as_new_when_its_next_term_ends(self):
        contract = self.create_running(term_months=1)
        contract._transition_to('to_renew')
        self.send()
        contract._renew()
        self.assertFalse(contract.term_ids[:1].is_digest_due)
        with freeze_time('2027-01-11 08:00:00'):
            contract._transition_to('to_renew')
            [mail] = self.send()
        self.get_positions(mail, 'New: to renew')
        self.assertNotIn('Still to renew', mail.body_html)

    @freeze_time('2026-12-07 08:00:00')
    def test_many_contracts_cost_what_few_do(self):
        def count(number):
            contracts = self.env['crm.contract'].create(
                [self.prepare_contract(name=f'Contract {index}') for index in range(number)]
            )
            contracts.action_confirm()
            contracts._transition_to('to_renew')
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env['crm.contract.digest']._send(self.salesman, contracts)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(60), count(3) + 5)
