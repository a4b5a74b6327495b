from lxml import html

from odoo.tests import HttpCase, freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestPortalContractInvoice(BillingCase, HttpCase):
    """The invoices that a customer finds on the page of a contract."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lucia = cls.create_user('lucia', 'base.group_portal')
        cls.rival = cls.create_user('rival', 'base.group_portal')
        cls.lucia.partner_id.parent_id = cls.partner_a
        cls.contract = cls.create_contract(invoice_grouping='period')
        cls.posted, cls.draft = cls.contract._bill('2026-02-01').sorted('id')
        cls.posted.action_post()
        cls.unrelated = cls.create_contract(name='Another one')._bill('2026-01-01')
        cls.unrelated.action_post()

    def _get_listed(self, user):
        """Return the numbers of the invoices on the contract's page, or None without a page."""
        self.authenticate(user.login, user.login)
        page = self.url_open(f'/my/crm-contracts/{self.contract.id}', allow_redirects=False)
        if page.status_code != 200:
            return None
        links = html.fromstring(page.text).xpath(
            "//table[contains(@class, 'o_crm_contract_invoices')]//td[1]/a"
        )
        return [link.text_content().strip() for link in links]

    def test_the_way_back_names_the_contract_and_no_invoice_of_its_list(self):
        self.assertEqual(self._get_listed(self.lucia), [self.posted.name])
        page = self.url_open(f'/my/crm-contracts/{self.contract.id}')
        crumbs = html.fromstring(page.text).find_class('breadcrumb-item')
        names = [crumb.text_content().strip() for crumb in crumbs]
        self.assertEqual([name for name in names if name], ['Contracts', self.contract.code])

    def test_customer_finds_the_posted_invoices_of_the_contract(self):
        self.assertEqual(self._get_listed(self.lucia), [self.posted.name])
        self.draft.action_post()
        self.assertEqual(set(self._get_listed(self.lucia)), {self.posted.name, self.draft.name})

    def test_credit_note_of_the_contract_is_listed_too(self):
        refund = self.credit(self.posted)
        self.assertEqual(set(self._get_listed(self.lucia)), {self.posted.name, refund.name})

    def test_another_customer_sees_neither_page_nor_invoices(self):
        self.assertIsNone(self._get_listed(self.rival))
        self.assertFalse(self.contract.with_user(self.rival)._get_portal_invoices())
        own = self.contract.with_user(self.lucia)._get_portal_invoices()
        self.assertEqual(own, self.posted)

    def test_invoice_to_somebody_else_is_not_shown_to_the_customer(self):
        self.draft.partner_id = self.partner_b
        self.draft.action_post()
        self.assertEqual(self._get_listed(self.lucia), [self.posted.name])

    def test_payer_of_another_company_sees_the_invoice_and_not_the_contract(self):
        payer = self.create_user('payer', 'base.group_portal')
        self.contract.invoice_partner_id = payer.partner_id
        invoice = self.contract._bill('2026-03-01')
        invoice.action_post()
        self.assertEqual(invoice.partner_id, payer.partner_id)
        self.assertIsNone(self._get_listed(payer))
        self.assertFalse(self.contract.with_user(payer).search([('id', '=', self.contract.id)]))
        self.assertTrue(invoice.with_user(payer).has_access('read'))
        self.assertEqual(self._get_listed(self.lucia), [self.posted.name])
