from odoo import models


class CrmContractLine(models.Model):
    """How a line says in words for what its price is."""

    _inherit = 'crm.contract.line'

    def _get_interval_label(self):
        """Return the period of the price, like "every 3 months"; once for a milestone."""
        self.ensure_one()
        if self.kind == 'milestone':
            return self.env._('once')
        count = self.interval_count
        if count == 1:
            return {
                'day': self.env._('per day'),
                'week': self.env._('per week'),
                'month': self.env._('per month'),
                'year': self.env._('per year'),
            }[self.interval_unit]
        return {
            'day': self.env._('every %s days', count),
            'week': self.env._('every %s weeks', count),
            'month': self.env._('every %s months', count),
            'year': self.env._('every %s years', count),
        }[self.interval_unit]
