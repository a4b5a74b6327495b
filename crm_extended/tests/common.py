from datetime import datetime

from odoo.tests import TransactionCase, new_test_user

# A Wednesday; the salesperson lives in Madrid, one hour ahead of UTC.
NOW = datetime(2026, 3, 11, 9, 0)


class CrmExtendedCase(TransactionCase):
    """Roles and customers.

    ============  ===================  ==========================
    user          role                 team
    ============  ===================  ==========================
    salesman      own documents        North (member)
    colleague     own documents        --
    coordinator   all documents        --
    manager       administrator        North (leader)
    outsider      internal, no sales   --
    portal        portal               --
    ============  ===================  ==========================

    Customer ``company`` has the contacts ``contact`` and ``archived_contact``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = cls._new_user('salesman', 'sales_team.group_sale_salesman')
        cls.colleague = cls._new_user('colleague', 'sales_team.group_sale_salesman')
        cls.coordinator = cls._new_user('coordinator', 'sales_team.group_sale_salesman_all_leads')
        cls.manager = cls._new_user('manager', 'sales_team.group_sale_manager')
        cls.outsider = cls._new_user('outsider', 'base.group_user')
        cls.portal = cls._new_user('portal', 'base.group_portal')
        cls.team = cls.env['crm.team'].create(
            {
                'name': 'North',
                'user_id': cls.manager.id,
                'member_ids': [(6, 0, cls.salesman.ids)],
                'company_id': False,
            }
        )
        cls.company, cls.contact, cls.archived_contact, cls.other_customer = cls._new_partners()

    @classmethod
    def _new_user(cls, name, groups):
        return new_test_user(
            cls.env,
            login=f'crm_extended_{name}',
            groups=groups,
            name=name.capitalize(),
            tz='Europe/Madrid',
            lang='en_US',
            email=f'{name}@crm-extended.example.com',
        )

    @classmethod
    def _new_partners(cls):
        partners = cls.env['res.partner']
        company = partners.create(
            {
                'name': 'Talleres Ebro',
                'is_company': True,
                'phone': '+34 976 111 111',
            }
        )
        contact = partners.create(
            {
                'name': 'Lucía Sanz',
                'parent_id': company.id,
                'phone': '+34 600 111 111',
            }
        )
        archived = partners.create(
            {
                'name': 'Pedro Gil',
                'parent_id': company.id,
                'active': False,
            }
        )
        other = partners.create({'name': 'Nordlicht GmbH', 'phone': '+49 30 111111'})
        return company, contact, archived, other

    def _new_call(self, user=None, **values):
        calls = self.env['crm.call'].with_user(user or self.salesman)
        return calls.create({'name': 'Ask about the offer', **values})

    def _new_lead(self, **values):
        return self.env['crm.lead'].create(
            {
                'name': 'Forklifts',
                'type': 'lead',
                'user_id': self.salesman.id,
                **values,
            }
        )

    def _count_queries(self, function):
        """Return how many queries the function takes, all of its writing included."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
