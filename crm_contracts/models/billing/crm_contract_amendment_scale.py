from odoo import models
from odoo.tools import format_date

from ...core.days import move_day


class CrmContractAmendmentLine(models.Model):
    """Changes of lines that a quantity and a price alone do not price: by tiers, and by usage.

    Of a line with tiers the quantity is amended, and comes to what the tiers say. Of one by usage
    the price is, for whole periods and on the line itself: what is reported for it stays there.
    """

    _inherit = 'crm.contract.amendment.line'

    # === WHAT IT COSTS === #

    def _get_amount_at(self, quantity, price):
        """By tiers, and by usage at least: nobody knows how much will be used."""
        line = self.line_id or self
        if line.is_metered:
            return line.minimum_amount
        if self.line_id.tier_ids:
            price = line._get_scale(self._get_first_day(), price).get_price(quantity)
        return super()._get_amount_at(quantity, price)

    def _prepare_bridge(self, span):
        """What costs more comes beside the line as the difference that the tiers make."""
        values = super()._prepare_bridge(span)
        if not self.line_id.tier_ids or not self._is_dearer():
            return values
        scale = self.line_id._get_scale(self._get_first_day())
        difference = scale.get_amount(self.quantity) - scale.get_amount(self.quantity_before)
        alone = {'tier_ids': [], 'former_price_ids': []}
        return {**values, 'quantity': 1.0, 'price_unit': difference, **alone}

    # === PRICE OF USAGE === #

    def _is_price_of_usage(self):
        """Say whether the change gives what is reported as used another price."""
        return self.action == 'change' and self.line_id.is_metered

    def _is_in_place(self):
        return self._is_price_of_usage() or super()._is_in_place()

    def _apply(self):
        """Periods of usage before the day keep their price, whatever is reported of them still."""
        for change in self.filtered(lambda one: one._is_price_of_usage()):
            line = change.line_id
            line._change_prices(
                {line: change.price_unit}, {line.contract_id: change._get_first_day()}
            )
        return super()._apply()

    def _prepare_line_change(self):
        return {} if self._is_price_of_usage() else super()._prepare_line_change()

    # === WHAT IS REFUSED === #

    def _get_hold(self):
        hold = super()._get_hold()
        if hold or self.action != 'change':
            return hold
        if self.line_id.tier_ids and self._changes_price():
            return self.env._(
                '"%(line)s" has price tiers, which its price alone would not move: revise its '
                'price, or end the line and add another one.',
                line=self.line_id.name,
            )
        if self.line_id.is_metered:
            return self._get_usage_hold()
        return self._get_tier_hold() if self.line_id.tier_ids else ''

    def _get_tier_hold(self):
        """Return why a quantity with tiers cannot change: their prices change after the day."""
        day = self._get_first_day()
        later = [
            *(tier.date_from for tier in self.line_id.tier_ids if tier.date_from),
            *(move_day(former.date_to, days=1) for former in self.line_id.sudo().former_price_ids),
        ]
        last = max(later, default=day)
        if last <= day:
            return ''
        return self.env._(
            'The tiers of "%(line)s" change on %(day)s: choose that day or a later one.',
            line=self.line_id.name,
            day=format_date(self.env, last),
        )

    def _get_usage_hold(self):
        """Return why a line by usage cannot change: a period has one price, and keeps it."""
        line, day = self.line_id._origin, self._get_first_day()
        if self._changes_quantity():
            return self.env._(
                '"%(line)s" is charged by what is reported as used: no quantity of it is agreed. '
                'Change its price.',
                line=line.name,
            )
        period = line._get_period_on(day)
        if period.start != day:
            return self.env._(
                'A period of "%(line)s" has one price: choose a day on which one begins, like '
                '%(day)s.',
                line=line.name,
                day=format_date(self.env, period.end),
            )
        if line._get_charged_until() > day:
            return self.env._(
                'What was used of "%(line)s" from %(day)s on is billed already: choose a later '
                'day.',
                line=line.name,
                day=format_date(self.env, day),
            )
        return ''
