from datetime import date

from odoo import api, fields, models

from ...core.rates import Rate, get_latest, get_rate


class CrmContractRate(models.Model):
    """What an hour or a day of somebody's time costs the customer of a contract."""

    _name = 'crm.contract.rate'
    _description = 'Contract Rate'
    _inherit = [
        'crm.program.mixin',
        'crm.linked.mixin',
        'crm.contract.rate.mixin',
        'crm.contract.taxed.mixin',
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
        return [*super()._get_noted_fields(), 'employee_id', 'job_id', 'date_from', 'tax_ids']

    @api.depends('contract_id.time_product_id')
    def _compute_tax_ids(self):
        super()._compute_tax_ids()

    def _get_service(self):
        return self.product_id or self.contract_id.time_product_id

    @api.model_create_multi
    def create(self, vals_list):
        rates = super().create(vals_list)
        rates.contract_id._on_touch()
        return rates

    def write(self, vals):
        result = super().write(vals)
        self.contract_id._on_touch()
        return result

    def _get_most_specific(self, employee, day=None):
        """Return the rate of an employee on a day, by default today.

        By name, else by job, else the one for everybody; of those the one with the latest start.
        """
        day = day or fields.Date.context_today(self)
        rate = get_rate(self._get_rates(), employee.id, employee.job_id.id, day)
        # read along with the rates of all the other contracts
        return self.browse(rate and rate.id).with_prefetch(self._prefetch_ids)

    def _get_latest(self):
        """Return of each contract, employee and job the rate with the latest start."""
        return self.browse(
            rate.id
            for own in self.grouped('contract_id').values()
            for rate in get_latest(own._get_rates())
        )

    def _get_rates(self):
        """Return for whose time the rates are, and from when on, as ``Rate``."""
        return [
            Rate(rate.id, rate.employee_id.id, rate.job_id.id, rate.date_from or date.min)
            for rate in self
        ]
