from datetime import date

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...core.prices import FormerPrice, Price, get_price_on, get_yearly_quantity
from ..agreement.crm_contract_noted_mixin import NOTED_ELSEWHERE


class CrmContractLine(models.Model):
    """The price of a contract line through time: its own, and the former ones with their end."""

    _inherit = 'crm.contract.line'

    former_price_ids = fields.One2many(
        'crm.contract.line.price', 'line_id', string='Former Prices', readonly=True
    )

    def _get_price_on(self, day):
        """Return the unit price of a period that starts on a day."""
        self.ensure_one()
        former = [
            FormerPrice(price.date_to, price.price_unit) for price in self.sudo().former_price_ids
        ]
        return get_price_on(day, self.price_unit, former)

    def _get_minimum_on(self, day):
        """Return the least amount of a whole period by usage that starts on a day."""
        self.ensure_one()
        former = [
            FormerPrice(price.date_to, price.minimum_amount)
            for price in self.sudo().former_price_ids
        ]
        return get_price_on(day, self.minimum_amount, former)

    def _get_monthly_amount(self, day):
        """Return the amount of a recurring line for one month, at the price of a day."""
        return self._get_period_amount(day) / self._get_months()

    def _get_period_amount(self, day):
        """Return what a whole period that starts on a day is charged at; by usage at least."""
        if self.is_metered:
            return self._get_minimum_on(day)
        return self._get_amount(self.quantity, self._get_scale(day).get_price(self.quantity))

    def _get_current_price(self):
        """Return the unit price of today: a revised one is none before its day has come."""
        return self._get_price_on(fields.Date.context_today(self))

    def _change_prices(self, prices, days):
        """Give lines another price from a day on; what starts before keeps the price it had.

        :param prices: {line: new unit price}
        :param days: {contract: first day of the new prices}
        :raises UserError: if a price was changed from a later day already
        """
        self._keep_former_prices(days)
        for line, price in prices.items():
            line.with_context(crm_contract_noted=NOTED_ELSEWHERE).price_unit = price

    def _change_minimums(self, minimums, days):
        """Give lines by usage another minimum from a day on, as ``_change_prices`` does.

        :param minimums: {line: new minimum of a whole period}
        :param days: {contract: first day of the new minimums}
        """
        self._keep_former_prices(days)
        for line, minimum in minimums.items():
            line.with_context(crm_contract_noted=NOTED_ELSEWHERE).minimum_amount = minimum

    def _keep_former_prices(self, days):
        """Keep what lines cost before a day, for the periods that start before it."""
        former = []
        for line in self:
            reason = line._get_price_order_hold(days[line.contract_id])
            if reason:
                raise UserError(reason)
            last_day = fields.Date.subtract(days[line.contract_id], days=1)
            known = line.sudo().former_price_ids.filtered(
                lambda price, last_day=last_day: price.date_to == last_day
            )
            if last_day >= line.date_start and not known:
                former.append(line._prepare_former_price(last_day))
        self.env['crm.contract.line.price'].sudo().create(former)

    def _prepare_former_price(self, last_day):
        return {
            'line_id': self.id,
            'date_to': last_day,
            'price_unit': self.price_unit,
            'minimum_amount': self.minimum_amount,
        }

    def _restore_prices(self, prices, days):
        """Give lines the prices back that they had before those that hold from a day on.

        :param prices: {line: former unit price}
        :param days: {contract: first day of the prices that are taken back}
        """
        for line, price in prices.items():
            line.with_context(crm_contract_noted=NOTED_ELSEWHERE).price_unit = price
        self._forget_former_prices(days)

    def _restore_minimums(self, minimums, days):
        """Give lines the minimums back that they had before a day, as ``_restore_prices`` does."""
        for line, minimum in minimums.items():
            line.with_context(crm_contract_noted=NOTED_ELSEWHERE).minimum_amount = minimum
        self._forget_former_prices(days)

    def _forget_former_prices(self, days):
        self.sudo().former_price_ids.filtered(
            lambda former: fields.Date.add(former.date_to, days=1) == days[former.contract_id]
        ).unlink()

    def _get_price_order_hold(self, day):
        """Return why the price cannot change from a day on, because it changed later, or None."""
        last_day = max(self.sudo().former_price_ids.mapped('date_to'), default=date.min)
        if last_day < day:
            return None
        return self.env._(
            'The price of "%(line)s" was changed from %(day)s on already. Choose that day or a '
            'later one.',
            line=self.name,
            day=format_date(self.env, fields.Date.add(last_day, days=1)),
        )

    def _prepare_price(self):
        """Return the price of the line for a revision."""
        self.ensure_one()
        return Price(
            'line',
            self.name.partition('\n')[0],
            self.price_unit,
            line_id=self.id,
            # Nobody knows how much will be used.
            yearly_quantity=0.0
            if self.is_metered
            else get_yearly_quantity(self.quantity, self.discount, self._get_months()),
        )

    def _prepare_minimum(self):
        """Return the minimum of the line for a revision: by usage, as much is sure."""
        self.ensure_one()
        return Price(
            'minimum',
            self.env._('%(line)s: minimum', line=self.name.partition('\n')[0]),
            self.minimum_amount,
            line_id=self.id,
            yearly_quantity=get_yearly_quantity(1.0, 0.0, self._get_months()),
        )
