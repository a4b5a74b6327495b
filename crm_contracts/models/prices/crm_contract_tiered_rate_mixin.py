from odoo import fields, models

TIER_MODES = [('graduated', 'Each tier at its own price'), ('volume', 'All at the price reached')]
MODE_HELP = (
    'Each tier at its own price: 10 at 1.00 and the 5 after them at 0.80.\n'
    'All at the price reached: 15 at 0.80.'
)


class CrmContractTieredRateMixin(models.AbstractModel):
    """Prices for more hours of a month, of a rate in a contract or in a template."""

    _name = 'crm.contract.tiered.rate.mixin'
    _description = 'Rate with Price Tiers'

    tier_mode = fields.Selection(
        TIER_MODES, string='Tiers', required=True, default='graduated', help=MODE_HELP
    )

    def action_open_tiers(self):
        """Open the rate with its price tiers."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('Price Tiers'),
            'res_model': self._name,
            'res_id': self.id,
            'view_mode': 'form',
            'target': 'new',
        }
