from odoo import fields, models


class CrmContract(models.Model):
    """The orders that became a contract, and which of their lines it bills instead of them."""

    _inherit = 'crm.contract'

    sale_order_ids = fields.One2many(
        'sale.order',
        'crm_contract_id',
        string='Sold By',
        readonly=True,
        help='Orders that became the contract. It bills what it took over of them, they do not.',
    )

    def action_view_sale_orders(self):
        """Open the orders that became the contract."""
        self.ensure_one()
        orders = self.sale_order_ids
        action = self.env['ir.actions.act_window']._for_xml_id('sale.action_orders')
        if len(orders) == 1:
            return {**action, 'views': [(False, 'form')], 'res_id': orders.id}
        return {**action, 'domain': [('id', 'in', orders.ids)], 'context': {}}

    def _is_empty(self):
        # sudo: what it was sold by may be the order of a colleague
        return super()._is_empty() and not self.sudo().sale_order_ids

    def _on_enter_state(self, state):
        super()._on_enter_state(state)
        if state == 'cancelled':
            self._give_order_lines_back()

    def unlink(self):
        # Before: the database lets go of the lines without their orders hearing of it.
        self._give_order_lines_back()
        return super().unlink()

    def _give_order_lines_back(self):
        """Let the orders invoice again what the contracts took over, where nothing was billed."""
        # sudo: whoever calls a contract off need not see the order of a colleague
        untouched = self.sudo().filtered(lambda contract: not contract.billing_ids._is_charged())
        lines = self.env['sale.order.line'].sudo()
        lines = lines.search([('crm_contract_id', 'in', untouched.ids)])
        untouched._message_log_batch(
            {
                contract.id: self.env._(
                    'Left to be invoiced by the order again: %s',
                    [line.order_id.name + ': ' + line.name.split('\n')[0] for line in own],
                )
                for contract, own in lines.grouped('crm_contract_id').items()
            }
        )
        lines.crm_contract_id = False


class CrmContractLine(models.Model):
    _name = 'crm.contract.line'
    _inherit = ['crm.contract.sold.mixin', 'crm.contract.line']


class CrmContractRate(models.Model):
    _name = 'crm.contract.rate'
    _inherit = ['crm.contract.sold.mixin', 'crm.contract.rate']
