from odoo import fields, models


class CrmContract(models.Model):
    """The monthly revenue of what is closed late, or reopened, moves on the day of its end."""

    _inherit = 'crm.contract'

    def _close_after(self, day, reason=None):
        known = self._get_known_movements()
        result = super()._close_after(day, reason)
        if day and day < fields.Date.context_today(self):
            self._date_new_movements(known, dict.fromkeys(self, day))
        return result

    def _reopen(self):
        """What a mistake took from the monthly revenue comes back on the same day."""
        known, days = self._get_known_movements(), {one: one.date_closed for one in self}
        result = super()._reopen()
        self._date_new_movements(known, days)
        return result

    def _get_known_movements(self):
        """Return the movements of the monthly revenue up to now."""
        # What changed before is logged apart, on its own day.
        self._log_mrr()
        return self.sudo().mrr_movement_ids

    def _date_new_movements(self, known, days):
        """Date the movements that came since by other days.

        :param days: {contract: day}
        """
        self.invalidate_recordset(['mrr_movement_ids'])
        for contract, day in days.items():
            new = contract.sudo().mrr_movement_ids - known
            if day:
                new.date = day
