from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

AGENT = 'crm_claims.crm_claims_group_agent'
AGENT_ALL = 'crm_claims.crm_claims_group_agent_all'
MANAGER = 'crm_claims.crm_claims_group_manager'
SALESMAN = 'sales_team.group_sale_salesman'
CASE_MODELS = ('service.claim', 'service.ticket')


class ServiceCommon(BaseCommon):
    """Roles, teams and a customer.

    ========= =========== ================ =========
    user      group       repairs team     desk team
    ========= =========== ================ =========
    agent     agent       member
    colleague agent                        member
    leader    agent       leader
    manager   manager
    salesman  salesman
    employee  (internal)
    ========= =========== ================ =========
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = new_test_user(cls.env, 'service_agent', AGENT)
        cls.colleague = new_test_user(cls.env, 'service_colleague', AGENT)
        cls.leader = new_test_user(cls.env, 'service_leader', AGENT)
        cls.manager = new_test_user(cls.env, 'service_manager', MANAGER)
        cls.salesman = new_test_user(cls.env, 'service_salesman', SALESMAN)
        cls.employee = new_test_user(cls.env, 'service_employee', 'base.group_user')
        cls.repairs, cls.desk = cls.env['service.team'].create(
            [
                {
                    'name': 'Repairs',
                    'member_ids': [Command.set(cls.agent.ids)],
                    'leader_id': cls.leader.id,
                },
                {'name': 'Front Desk', 'member_ids': [Command.set(cls.colleague.ids)]},
            ]
        )
        cls.customer = cls.env['res.partner'].create(
            {
                'name': 'Bodegas Altozano',
                'is_company': True,
                'email': 'info@altozano.example.com',
                'phone': '+34 941 555 010',
            }
        )
        cls.contact = cls.env['res.partner'].create(
            {
                'name': 'Lucía Altozano',
                'parent_id': cls.customer.id,
                'email': 'lucia@altozano.example.com',
            }
        )
        cls.stages = {
            kind: cls.env.ref(f'crm_claims.service_stage_{kind}')
            for kind in ('new', 'open', 'waiting', 'solved', 'rejected')
        }

    @classmethod
    def create_case(cls, model_name='service.ticket', **values):
        return cls.env[model_name].create(
            {
                'name': 'The press leaks oil',
                'partner_id': cls.customer.id,
                'team_id': cls.repairs.id,
                **values,
            }
        )

    @classmethod
    def create_foreign_company(cls):
        company = cls.env['res.company'].create({'name': 'Altozano Portugal'})
        team = cls.env['service.team'].create({'name': 'Lisboa', 'company_id': company.id})
        return company, team
