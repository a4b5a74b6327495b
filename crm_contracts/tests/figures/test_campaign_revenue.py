from freezegun import freeze_time

from odoo.tests import tagged

from ..billing_common import BillingCase


@freeze_time('2026-03-15 09:00:00')
@tagged('post_install', '-at_install')
class TestCampaignRevenue(BillingCase):
    """What a campaign brought is what was invoiced to whom it brought, beside what was won."""

    def test_invoices_of_contracts_come_of_the_campaign_of_their_opportunity(self):
        campaign = self.env['utm.campaign'].create({'title': 'Fair'})
        medium = self.env.ref('utm.utm_medium_phone')
        lead = self.env['crm.lead'].create(
            {
                'name': 'Web shop',
                'type': 'opportunity',
                'partner_id': self.partner_a.id,
                'campaign_id': campaign.id,
                'medium_id': medium.id,
                'user_id': self.salesman.id,
            }
        )
        contract = self.create_contract(opportunity_id=lead.id)
        other = self.create_contract()
        invoices = contract._bill()
        self.assertEqual(invoices.campaign_id, campaign)
        self.assertEqual(invoices.medium_id, medium)
        self.assertFalse(other._bill().campaign_id)
        card = campaign.with_user(self.salesman)
        self.assertEqual(card.crm_invoiced_revenue, 0.0)
        invoices.action_post()
        self.env.invalidate_all()
        charged = sum(invoices.mapped('amount_untaxed'))
        self.assertEqual((charged, card.crm_invoiced_revenue), (300.0, 300.0))
        self.credit(invoices[0])
        self.env.invalidate_all()
        self.assertEqual(card.crm_invoiced_revenue, charged - invoices[0].amount_untaxed)

    def test_campaign_in_another_currency_counts_in_its_own(self):
        euro = self.setup_other_currency('EUR', rates=[('2026-01-01', 0.5)])
        campaign = self.env['utm.campaign'].create({'title': 'Fair', 'crm_currency_id': euro.id})
        invoice = self.env['account.move'].create(
            {
                'move_type': 'out_invoice',
                'partner_id': self.partner_a.id,
                'invoice_date': '2026-03-10',
                'campaign_id': campaign.id,
                'invoice_line_ids': [(0, 0, {'product_id': self.support.id, 'price_unit': 80})],
            }
        )
        invoice.action_post()
        self.assertEqual(campaign.crm_invoiced_revenue, 40.0)
