from odoo import api, fields, models


class CrmContract(models.Model):
    """How hours are billed: by the rates of the contract, else by the customer's pricelist."""

    _inherit = 'crm.contract'

    time_product_id = fields.Many2one(
        compute='_compute_time_product_id',
        store=True,
        readonly=False,
        precompute=True,
        help="Hours that no rate fits are billed as this service, at the price of the customer's "
        'pricelist. Empty: they are held back until there is a rate.',
    )

    @api.depends('company_id')
    def _compute_time_product_id(self):
        for contract in self:
            contract.time_product_id = (
                contract.time_product_id or contract.company_id.crm_contract_time_product_id
            )

    def _plan_hours(self, hours):
        """Return the entries for {contract: hours}; override to settle some of them otherwise."""
        entries = self.env['crm.contract.biller']._plan_hours(self, hours)
        return [entry.as_dict() for entry in entries]

    def _get_pricing(self, pricelist_prices):
        """Return the function that says what an hour costs the customer; override to ask less.

        :param pricelist_prices: {contract: TimePrice of hours that no rate fits}
        :return: function of an analytic item that returns its TimePrice, or None
        """
        self.ensure_one()
        return self.env['crm.contract.biller']._get_pricing(self, pricelist_prices)
