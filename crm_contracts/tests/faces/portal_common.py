from odoo.tests import HttpCase, new_test_user

from ..common import ContractCase

PORTAL = 'base.group_portal'


class ContractPortalCase(ContractCase, HttpCase):
    """Two companies of customers in the portal, each with a running contract.

    ======= ======== =========================
    user    group    belongs to
    ======= ======== =========================
    lucia   portal   the customer
    rival   portal   another company
    agent   agent    (internal, not in sales)
    ======= ======== =========================
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lucia = new_test_user(cls.env, 'contract_lucia', PORTAL, partner_id=cls.contact.id)
        cls.rival = new_test_user(cls.env, 'contract_rival', PORTAL)
        cls.agent = new_test_user(cls.env, 'contract_agent', 'crm_claims.crm_claims_group_agent')
        cls.contract = cls.create_running(
            line_ids=[(0, 0, {'name': 'Support of all shops', 'price_unit': 123.45})],
            terms='<p>We answer within a day.</p>',
        )
        cls.foreign = cls.create_running(
            name='Secret of the rival',
            partner_id=cls.rival.partner_id.id,
            line_ids=[(0, 0, {'name': 'Secret service', 'price_unit': 678.9})],
        )
        cls.draft = cls.create_contract(name='Only a draft')

    def enter(self, user):
        self.authenticate(user and user.login, user and user.login)

    def get(self, url, **kwargs):
        return self.url_open(url, allow_redirects=False, **kwargs)

    def page(self, contract, suffix=''):
        return self.get(f'/my/crm-contracts/{contract.id}{suffix}')
