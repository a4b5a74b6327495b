from odoo.tests import TransactionCase, new_test_user


class ContractCase(TransactionCase):
    """Two salespeople, one who sees all, one administrator, and a customer with a contact."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(
            cls.env, login='contract_salesman', groups='sales_team.group_sale_salesman'
        )
        cls.colleague = new_test_user(
            cls.env, login='contract_colleague', groups='sales_team.group_sale_salesman'
        )
        cls.overseer = new_test_user(
            cls.env, login='contract_overseer', groups='sales_team.group_sale_salesman_all_leads'
        )
        cls.administrator = new_test_user(
            cls.env, login='contract_admin', groups='sales_team.group_sale_manager'
        )
        cls.customer = cls.env['res.partner'].create(
            {'name': 'Bodegas Arlanza', 'is_company': True}
        )
        cls.contact = cls.env['res.partner'].create(
            {'name': 'Lucía Arlanza', 'parent_id': cls.customer.id}
        )
        cls.leaderless_team = cls.env['crm.team'].create({'name': 'Nobody leads', 'user_id': False})
        cls.plan = cls.env.company.crm_contract_plan_id

    @classmethod
    def prepare_contract(cls, **values):
        return {
            'name': 'Support of the web shop',
            'partner_id': cls.customer.id,
            'manager_id': cls.salesman.id,
            'date_start': '2026-01-01',
            'date_end': '2026-12-31',
            'term_months': 12,
            'notice_days': 30,
            'renewal_type': 'manual',
            'fixed_amount': 1200.0,
            **values,
        }

    @classmethod
    def create_contract(cls, **values):
        return cls.env['crm.contract'].create(cls.prepare_contract(**values))

    @classmethod
    def create_running(cls, **values):
        contract = cls.create_contract(**values)
        contract.action_confirm()
        return contract

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref('crm_contracts.ir_cron_contract_renewals').method_direct_trigger()

    def renewal_activities(self, contract):
        return contract.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref('crm_contracts.mail_activity_type_renewal')
            )
        )

    def term_dates(self, contract):
        return [
            (str(term.date_start), term.date_end and str(term.date_end))
            for term in contract.term_ids.sorted('date_start')
        ]
