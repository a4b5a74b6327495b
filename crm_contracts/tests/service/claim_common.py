from odoo import Command

from ..billing_common import BillingCase

AGENT = 'crm_claims.crm_claims_group_agent'


class ClaimCase(BillingCase):
    """An agent who knows no accounts, one who makes invoices too, and a posted invoice.

    ========= ====== ========= ======== ============
    item       units    price  discount   subtotal
    ========= ====== ========= ======== ============
    chair          3     33.33     10 %        89.99
    table          2    100.00                200.00
    ========= ====== ========= ======== ============
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref('crm_claims.crm_claims_group_manager')
        cls.agent = cls.create_user('claim_agent', AGENT)
        cls.biller = cls.create_user('claim_biller', f'{AGENT},account.group_account_invoice')
        cls.customer = cls.env['res.partner'].create({'name': 'Bodegas Altozano'})
        cls.contact = cls.env['res.partner'].create(
            {'name': 'Lucía Altozano', 'parent_id': cls.customer.id}
        )
        cls.team = cls.env['service.team'].create(
            {
                'name': 'Claims',
                'company_id': cls.env.company.id,
                'member_ids': [Command.set((cls.agent | cls.biller).ids)],
            }
        )
        cls.chair, cls.table = cls.env['product.product'].create(
            [{'name': name, 'type': 'consu', 'taxes_id': False} for name in ('Chair', 'Table')]
        )
        cls.tax = cls.env['account.tax'].create(
            {'name': 'VAT', 'amount': 21.0, 'type_tax_use': 'sale'}
        )
        cls.invoice = cls.create_invoice(cls.customer)

    @classmethod
    def create_invoice(cls, partner, move_type='out_invoice', post=True, **values):
        move = cls.env['account.move'].create(
            {
                'move_type': move_type,
                'partner_id': partner.id,
                'invoice_date': '2026-02-03',
                'invoice_line_ids': [
                    Command.create(
                        {
                            'product_id': product.id,
                            'quantity': quantity,
                            'price_unit': price,
                            'discount': discount,
                            'tax_ids': [Command.set(cls.tax.ids)] if 'out' in move_type else False,
                        }
                    )
                    for product, quantity, price, discount in (
                        (cls.chair, 3, 33.33, 10),
                        (cls.table, 2, 100.0, 0),
                    )
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def create_claim(cls, partner=None, **values):
        return cls.env['service.claim'].create(
            {
                'name': 'Arrived broken',
                'partner_id': (partner or cls.contact).id,
                'team_id': cls.team.id,
                'user_id': cls.agent.id,
                **values,
            }
        )

    @classmethod
    def get_line(cls, move, product):
        return move.invoice_line_ids.filtered(lambda line: line.product_id == product)

    def open_picker(self, origin, user, **values):
        picker = (
            self.env['service.claim.pick']
            .with_user(user)
            .with_context(active_model=origin._name, active_id=origin.id)
        )
        return picker.create(values)

    def choose(self, picker, **quantities):
        """Tick the items named, each with its quantity, and return the claim."""
        for line in picker.line_ids:
            quantity = quantities.get(line.name.lower())
            if quantity:
                line.write({'is_chosen': True, 'quantity': quantity})
        action = picker.action_add()
        return picker.claim_id or self.env['service.claim'].browse(action['res_id'])

    def claim_items(self, move, partner=None, **quantities):
        """Return a claim about items of a document."""
        claim = self.create_claim(partner or move.partner_id)
        keys = {
            f'account.move.line,{self.get_line(move, product).id}': quantities[name]
            for name, product in (('chair', self.chair), ('table', self.table))
            if name in quantities
        }
        claim._add_items(keys)
        return claim
