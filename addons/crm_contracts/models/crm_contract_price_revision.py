from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.tools import format_date, formatLang

# Prices of a contract that belong to a term.
TERM_FIELDS = {'amount': 'fixed_amount', 'overage': 'overage_price'}


class CrmContractPriceRevision(models.Model):
    """How the prices of a contract were revised: from when, by whom, by what and to which prices.

    Written once by who revises the prices, and changed by nobody.
    """

    _name = 'crm.contract.price.revision'
    _description = 'Price Revision'
    _order = 'date desc, id desc'

    contract_id = fields.Many2one(
        'crm.contract', required=True, index=True, ondelete='cascade', readonly=True
    )
    company_id = fields.Many2one(related='contract_id.company_id', store=True, precompute=True)
    currency_id = fields.Many2one(related='contract_id.currency_id')
    date = fields.Date(string='From', required=True, help='First day of the new prices.')
    user_id = fields.Many2one(
        'res.users', string='Revised By', default=lambda self: self.env.user, required=True
    )
    revision_type = fields.Selection(
        [('percentage', 'Percentage'), ('index', 'Index')], string='Kind', required=True
    )
    index_id = fields.Many2one('crm.contract.index', ondelete='set null')
    month = fields.Date(help='Month of the index value.')
    value = fields.Float(string='Index Value', min_display_digits=1)
    reference_month = fields.Date(help='Month with which it was compared.')
    reference_value = fields.Float(min_display_digits=1)
    percentage_raw = fields.Float(
        string='Before Limits (%)', help='Percent that the rule asked for, before cap and floor.'
    )
    percentage = fields.Float(string='Revised By (%)', help='Percent after cap and floor.')
    price_ids = fields.One2many('crm.contract.price.revision.line', 'revision_id', string='Prices')
    annual_difference = fields.Monetary(
        string='Per Year',
        compute='_compute_annual_difference',
        help='What the recurring lines and the agreed amount bring more in a year.',
    )
    charged_count = fields.Integer(
        string='Periods Invoiced Before',
        help='Periods from this day on that were invoiced at the old price already: the '
        'difference is to be invoiced or credited by hand.',
    )
    is_in_mrr = fields.Boolean(
        string='In the Monthly Revenue', help='The log of the monthly revenue holds it.'
    )

    # Two users at once see no revision of the day: one of them is refused.
    _day_unique = models.Constraint(
        'UNIQUE (contract_id, date)', 'The prices of a contract are revised once for a day.'
    )

    @api.depends('contract_id', 'date')
    def _compute_display_name(self):
        for revision in self:
            revision.display_name = self.env._(
                '%(contract)s from %(day)s on',
                contract=revision.contract_id.display_name,
                day=format_date(self.env, revision.date) or '…',
            )

    @api.depends('price_ids.annual_difference')
    def _compute_annual_difference(self):
        for revision in self:
            revision.annual_difference = sum(revision.price_ids.mapped('annual_difference'))

    # === APPLY === #

    @api.model
    def _prepare_from_plan(self, revision):
        """Return the values of the record of a planned revision."""
        return {
            **{name: value for name, value in revision.items() if name in self._fields},
            'price_ids': [Command.create(price) for price in revision['price_ids']],
        }

    def _change_prices(self):
        """Give lines, rates and terms the new prices from the day of their revision on."""
        days = {revision.contract_id: revision.date for revision in self}
        changed = self.price_ids.filtered(lambda price: price.price_new != price.price_old)
        lines = changed.filtered('line_id')
        lines.line_id._change_prices({price.line_id: price.price_new for price in lines}, days)
        rates = changed.filtered('rate_id')
        successors = rates.rate_id._change_prices(
            {price.rate_id: price.price_new for price in rates}, days
        )
        for price in rates:
            price.rate_id = successors[price.rate_id]
        self._change_term_prices()

    def _change_term_prices(self):
        """Give the term that begins with a revision its prices; one to come gets them then."""
        for revision in self:
            contract = revision.contract_id
            current = max(contract.term_ids.mapped('date_start'), default=None)
            values = {
                TERM_FIELDS[price.kind]: price.price_new
                for price in revision.price_ids
                if price.kind in TERM_FIELDS
            }
            if values and current == revision.date:
                contract.write(values)

    def _get_note(self):
        """Return what the chatter of the contract says about the revision."""
        self.ensure_one()
        title = self.env._(
            'Prices revised from %(day)s on by %(percent).2f %%',
            day=format_date(self.env, self.date),
            percent=self.percentage,
        )
        prices = Markup().join(
            Markup('<li>%s: %s → %s</li>')
            % (
                price.name,
                formatLang(self.env, price.price_old, dp='Product Price'),
                formatLang(self.env, price.price_new, dp='Product Price'),
            )
            for price in self.price_ids
        )
        charged = self.charged_count and self.env._(
            '%(count)s periods from this day on were invoiced at the old price already.',
            count=self.charged_count,
        )
        return Markup('%s<ul>%s</ul>%s') % (title, prices, charged or '')
