from datetime import date

from odoo import api, fields, models
from odoo.tools import format_date

from .crm_contract_noted_mixin import NOTED_ELSEWHERE


class CrmContractRate(models.Model):
    """What an hour or a day of somebody's time costs the customer of a contract."""

    _name = 'crm.contract.rate'
    _description = 'Contract Rate'
    _inherit = [
        'crm.program.mixin',
        'crm.linked.mixin',
        'crm.contract.rate.mixin',
        'crm.contract.noted.mixin',
    ]
    _order = 'contract_id, employee_id, job_id, date_from desc, id'
    _check_company_auto = True
    _parent_link = 'contract_id'

    contract_id = fields.Many2one(
        'crm.contract', required=True, index=True, ondelete='cascade', check_company=True
    )
    company_id = fields.Many2one(related='contract_id.company_id', store=True)
    currency_id = fields.Many2one(related='contract_id.currency_id')
    date_from = fields.Date(
        string='From',
        help='First day whose work has this price; before it the rate with an earlier day is '
        'valid.',
    )

    @api.model
    def _get_noted_fields(self):
        return [*super()._get_noted_fields(), 'employee_id', 'job_id', 'date_from']

    @api.model_create_multi
    def create(self, vals_list):
        rates = super().create(vals_list)
        rates.contract_id._unpark_billing()
        return rates

    def write(self, vals):
        result = super().write(vals)
        self.contract_id._unpark_billing()
        return result

    def _get_most_specific(self, employee, day=None):
        """Return the rate of an employee on a day, by default today.

        By name, else by job, else the one for everybody; of those the one with the latest start.
        """
        day = day or fields.Date.context_today(self)
        fitting = self.filtered(
            lambda rate: (
                rate._get_start() <= day
                and rate.employee_id in (employee, rate.employee_id.browse())
                and rate.job_id in (employee.job_id, rate.job_id.browse())
            )
        )
        return fitting._get_latest().sorted(
            lambda rate: (not rate.employee_id, not rate.job_id, rate.id)
        )[:1]

    def _get_start(self):
        return self.date_from or date.min

    def _get_latest(self):
        """Return of each contract, employee and job the rate with the latest start."""
        groups = self.grouped(lambda rate: (rate.contract_id, rate.employee_id, rate.job_id))
        return self.browse().concat(
            *(
                min(rates, key=lambda rate: (date.max - rate._get_start(), rate.id))
                for rates in groups.values()
            )
        )

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
        return self.contract_id.rate_ids.filtered(
            lambda rate: (
                (rate.employee_id, rate.job_id) == (self.employee_id, self.job_id)
                and rate._get_start() < self._get_start()
            )
        )._get_latest()

    def _get_price_order_hold(self, day):
        """Return why the price cannot change from a day on, because it changed later, or None."""
        if self._get_start() <= day:
            return None
        return self.env._(
            'The price of "%(rate)s" was changed from %(day)s on already. Choose that day or a '
            'later one.',
            rate=self.display_name,
            day=format_date(self.env, self.date_from),
        )

    def _prepare_price(self):
        """Return the price of the rate as values for a revision."""
        self.ensure_one()
        return {
            'kind': 'rate',
            'line_id': False,
            'rate_id': self.id,
            'name': self.display_name,
            'price_old': self.price_unit,
            # Nobody knows how many hours are going to be worked.
            'yearly_quantity': 0.0,
        }
