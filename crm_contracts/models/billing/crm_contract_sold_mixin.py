from odoo import api, fields, models


class CrmContractSoldMixin(models.AbstractModel):
    """A line or rate of a contract that stands for a line of an order, as long as it is there."""

    _name = 'crm.contract.sold.mixin'
    _description = 'Sold by an Order'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin']

    sale_line_id = fields.Many2one(
        'sale.order.line',
        string='Order Line',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        help='Line of the order that sold it; the order does not invoice it.',
    )

    @api.model
    def _get_initial_fields(self):
        """An order that becomes a contract says which of its lines that is."""
        return super()._get_initial_fields() | {'sale_line_id'}

    @api.model
    def _get_guarded_links(self):
        return super()._get_guarded_links() | {'sale_line_id'}

    def unlink(self):
        """What is taken off a contract is the order's to invoice again."""
        sold = self._get_sold_lines()
        result = super().unlink()
        sold.crm_contract_id = False
        return result

    def _get_sold_lines(self):
        """Return the order lines that the contracts took over as these, for the program."""
        taken = self.sudo().filtered(
            lambda record: record.sale_line_id.crm_contract_id == record.contract_id
        )
        return taken.sale_line_id
