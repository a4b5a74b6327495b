from odoo import models
from odoo.tools import format_date

from ...core.prices import Price
from ...core.rates import get_predecessor
from ..agreement.crm_contract_noted_mixin import NOTED_ELSEWHERE


class CrmContractRate(models.Model):
    """The price of a rate through time: each change is a rate of its own, beside the former."""

    _inherit = 'crm.contract.rate'

    def _change_prices(self, prices, days):
        """Give rates another price from a day on: as rates of their own, beside the former ones.

        :param prices: {rate: new unit price}
        :param days: {contract: first day of the new prices}
        :return: {rate: rate that has the new price}
        """
        changed = self.browse()
        for rate in self:
            if rate.date_from and rate.date_from >= days[rate.contract_id]:
                changed += rate
                rate.with_context(crm_contract_noted=NOTED_ELSEWHERE).price_unit = prices[rate]
        kept = self - changed
        silent = self.with_context(crm_contract_noted=NOTED_ELSEWHERE)
        created = silent.create(
            [
                {**vals, 'date_from': days[rate.contract_id], 'price_unit': prices[rate]}
                for rate, vals in zip(kept, kept.copy_data(), strict=True)
            ]
        ).with_env(self.env)
        return dict(zip(changed + kept, changed + created, strict=True))

    def _restore_prices(self, prices, days):
        """Give rates the prices back that held before a day; one made for that day goes.

        :param prices: {rate: former unit price}
        :param days: {contract: first day of the prices that are taken back}
        """
        made = self.filtered(
            lambda rate: (
                rate.date_from == days[rate.contract_id]
                and rate._get_predecessor().price_unit == prices[rate]
            )
        )
        for rate in self - made:
            rate.with_context(crm_contract_noted=NOTED_ELSEWHERE).price_unit = prices[rate]
        made.with_context(crm_contract_noted=NOTED_ELSEWHERE).unlink()

    def _get_predecessor(self):
        """Return the rate whose place this one took on its first day, if there was one."""
        self.ensure_one()
        found = get_predecessor(self.contract_id.rate_ids._get_rates(), self._get_rates()[0])
        return self.browse(found and found.id)

    def _get_price_order_hold(self, day):
        """Return why the price cannot change from a day on, because it changed later, or None."""
        if not self.date_from or self.date_from <= day:
            return None
        return self.env._(
            'The price of "%(rate)s" was changed from %(day)s on already. Choose that day or a '
            'later one.',
            rate=self.display_name,
            day=format_date(self.env, self.date_from),
        )

    def _prepare_price(self):
        """Return the price of the rate for a revision; nobody knows for how many hours a year."""
        self.ensure_one()
        return Price('rate', self.display_name, self.price_unit, rate_id=self.id)
