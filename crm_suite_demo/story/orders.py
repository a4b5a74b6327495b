"""Offers of machines, and what is sold and invoiced of them."""

from odoo.fields import Command

SHARE = 0.3  # of the opportunities get an offer here, the others one on paper


def quote(story, inquiry):
    if story.random.random() > SHARE:
        return
    lead = inquiry.lead
    order = story.of(story.users[inquiry.seller], 'sale.order').create(
        {
            'partner_id': lead.partner_id.id,
            'opportunity_id': lead.id,
            'company_id': story.company.id,
            'user_id': lead.user_id.id,
            'team_id': story.team.id,
            'campaign_id': lead.campaign_id.id,
            'medium_id': lead.medium_id.id,
            'order_line': [
                Command.create(
                    {
                        'product_id': story.products[inquiry.product].id,
                        'name': inquiry.subject,
                        'price_unit': inquiry.revenue,
                        'tax_ids': [Command.set(story.taxes.ids)],
                    }
                )
            ],
        }
    )
    order.action_quotation_sent()


def sell(story, inquiry):
    order = inquiry.lead.order_ids[:1]
    if not order:
        return
    order.action_confirm()
    invoice = order._create_invoices()
    invoice.invoice_date = story.env.cr.now().date()
    invoice.action_post()


def withdraw(story, inquiry):
    inquiry.lead.order_ids.filtered(lambda order: order.state in ('draft', 'sent'))._action_cancel()
