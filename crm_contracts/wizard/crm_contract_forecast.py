from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain

from ..core.days import move_day
from ..core.forecast import get_age, get_month
from ..models.billing.crm_contract_billing import ROW_KINDS

# How far the screens look ahead, this month included.
HORIZON_MONTHS = 24
AGE_LABELS = [
    ('days_30', 'Up to 30 Days'),
    ('days_60', '31 to 60 Days'),
    ('days_90', '61 to 90 Days'),
    ('older', 'More than 90 Days'),
]
ENTRY_KINDS = [*ROW_KINDS, ('order', 'Order')]
COMING_KEYS = ('contract_id', 'month', 'kind', 'is_renewal', 'is_estimate')
DUE_KEYS = ('contract_id', 'date_due', 'kind', 'age', 'held', 'is_again')


class CrmContractForecast(models.TransientModel):
    """The invoices to come of some contracts, as somebody looked at them at a moment."""

    _name = 'crm.contract.forecast'
    _description = 'Forecast of Invoices'

    line_ids = fields.One2many('crm.contract.forecast.line', 'forecast_id', readonly=True)

    # === ACTIONS === #

    @api.model
    def _open(self, contracts):
        """Return the action that shows the invoices to come of contracts."""
        last_day = move_day(get_month(self._get_today()), months=HORIZON_MONTHS, days=-1)
        entries = contracts._forecast_billing(last_day, renew=True, estimate=True)
        return self._show(contracts, entries, COMING_KEYS, 'crm_contract_forecast_line_action')

    @api.model
    def action_view_due(self):
        """Open what is due of all contracts of the user, by age, and why some is held back."""
        waiting = Domain('is_to_bill', '=', True) | Domain('billing_error', '!=', False)
        contracts = self.env['crm.contract'].search(waiting)
        today = self._get_today()
        entries = [
            {
                **entry,
                'month': get_month(entry['date_due']),
                'age': get_age(entry['date_due'], today),
            }
            for entry in contracts._mark_open_again(contracts._preview_billing(today))
        ]
        return self._show(contracts, entries, DUE_KEYS, 'crm_contract_forecast_line_action_due')

    @api.model
    def _get_today(self):
        return fields.Date.context_today(self)

    # === LINES === #

    @api.model
    def _show(self, contracts, entries, keys, action):
        # sudo: nobody types what the program foresees
        forecast_sudo = self.sudo().create({})
        forecast_sudo.line_ids.create(forecast_sudo._prepare_lines(contracts, entries, keys))
        action = self.env['ir.actions.act_window']._for_xml_id(f'crm_contracts.{action}')
        return {**action, 'domain': [('forecast_id', '=', forecast_sudo.id)]}

    def _prepare_lines(self, contracts, entries, keys):
        """Return the values of a line for what entries have in common by some of their keys."""
        self.ensure_one()
        totals = Counter()
        for entry in entries:
            totals[tuple(entry[key] for key in keys)] += entry['amount']
        common = {contract.id: self._prepare_of(contract) for contract in contracts.sudo()}
        return [
            {
                **common[key[0]],
                **dict(zip(keys, key, strict=True)),
                **self._prepare_amounts(contracts.browse(key[0]), amount),
            }
            for key, amount in totals.items()
        ]

    def _prepare_amounts(self, contract, amount):
        currency, company = contract.currency_id, contract.company_id
        return {
            'amount': currency.round(amount),
            'company_amount': currency._convert(
                amount, company.currency_id, company, self._get_today()
            ),
        }

    def _prepare_of(self, contract):
        """Return what the lines of a contract have in common."""
        return {
            'forecast_id': self.id,
            'partner_id': contract.partner_id.id,
            'manager_id': contract.manager_id.id,
            'team_id': contract.team_id.id,
            'template_id': contract.template_id.id,
            'company_id': contract.company_id.id,
            'currency_id': contract.currency_id.id,
            'company_currency_id': contract.company_id.currency_id.id,
        }


class CrmContractForecastLine(models.TransientModel):
    """What a contract is going to be invoiced for in a month."""

    _name = 'crm.contract.forecast.line'
    _description = 'Forecast of Invoices, Month'
    _order = 'month, contract_id, id'
    _rec_name = 'contract_id'

    forecast_id = fields.Many2one(
        'crm.contract.forecast', required=True, readonly=True, ondelete='cascade', index=True
    )
    contract_id = fields.Many2one('crm.contract', required=True, readonly=True, ondelete='cascade')
    partner_id = fields.Many2one('res.partner', string='Customer', readonly=True)
    manager_id = fields.Many2one('res.users', string='Account Manager', readonly=True)
    team_id = fields.Many2one('crm.team', string='Sales Team', readonly=True)
    template_id = fields.Many2one('crm.contract.template', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    month = fields.Date(readonly=True, help='First day of the month in which it is invoiced.')
    date_due = fields.Date(string='Due', readonly=True)
    age = fields.Selection(AGE_LABELS, readonly=True, help='How long it has been due.')
    held = fields.Text(string='Held Back', readonly=True, help='Why it is not invoiced.')
    is_again = fields.Boolean(
        string='Open Again',
        readonly=True,
        help='It was invoiced before, and that invoice was credited or cancelled.',
    )
    kind = fields.Selection(ENTRY_KINDS, required=True, readonly=True)
    is_renewal = fields.Boolean(
        string='After a Renewal',
        readonly=True,
        help='For days after the agreed end of a contract that renews itself.',
    )
    is_estimate = fields.Boolean(
        string='Estimated',
        readonly=True,
        help='Hours and costs as they were on average in the last months.',
    )
    amount = fields.Monetary(
        string='In Contract Currency',
        readonly=True,
        help="In the contract's currency, without taxes.",
    )
    currency_id = fields.Many2one('res.currency', readonly=True)
    company_amount = fields.Monetary(
        string='Amount',
        readonly=True,
        currency_field='company_currency_id',
        help="At today's rate, without taxes.",
    )
    company_currency_id = fields.Many2one('res.currency', readonly=True)

    def action_bill(self):
        """Open the preview of what the contracts of the lines are to be billed for."""
        return self.contract_id.action_bill()

    def action_open_contract(self):
        """Open the contract of a line."""
        return self.contract_id._get_records_action()
